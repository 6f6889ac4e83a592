// The kind ReLU, a node alone.
#include "nodes/elementwise/relu.hpp"

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "base/text.hpp"
#include "nodes/checks.hpp"

namespace pysnn::detail {
namespace {

// Float32 holds every level up to this one, and the halves between them.
constexpr std::int64_t kMaxLevels = std::int64_t{1} << 22;

// Both factors of a quantized ReLU must be numbers.
bool has_finite_steps(const ReLU& relu) {
    const auto levels = static_cast<double>(relu.levels);
    const auto per_step = static_cast<float>(levels / relu.max);
    const auto step = static_cast<float>(relu.max / levels);
    return std::isfinite(per_step) && step > 0.0F;
}

}  // namespace

Shape KindTraits<ReLU>::output_shape(const ReLU& relu, const Shape& input) {
    if (!std::isfinite(relu.max) || relu.max < 0.0F) {
        throw std::invalid_argument("ReLU max is " + to_text(relu.max) +
                                    ", expected a finite value above 0, or 0 for none");
    }
    check_at_least(relu.levels, 0, "ReLU levels");
    if (relu.levels > kMaxLevels) {
        throw std::invalid_argument("ReLU levels is " + std::to_string(relu.levels) +
                                    ", expected at most " + std::to_string(kMaxLevels));
    }
    if (relu.levels > 0 && relu.max == 0.0F) {
        throw std::invalid_argument("ReLU has " + std::to_string(relu.levels) +
                                    " levels and no max, but levels are parts of max");
    }
    if (relu.levels > 0 && !has_finite_steps(relu)) {
        throw std::invalid_argument("ReLU max is " + to_text(relu.max) + ", whose " +
                                    std::to_string(relu.levels) +
                                    " levels float32 can't tell apart");
    }
    num_elements(input);
    return input;
}

}  // namespace pysnn::detail
