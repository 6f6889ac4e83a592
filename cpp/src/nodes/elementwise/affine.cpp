// The kind Affine, a node alone.
#include "nodes/elementwise/affine.hpp"

#include <string>
#include <vector>

#include "nodes/checks.hpp"

namespace pysnn::detail {
namespace {

void check_per_channel(const std::vector<double>& values, std::int64_t channels,
                       const std::string& name) {
    if (values.size() != 1) {
        check_size(values.size(), channels, name);
    }
    check_finite(values, name);
}

}  // namespace

Shape KindTraits<Affine>::output_shape(const Affine& affine, const Shape& input) {
    check_per_channel(affine.scale, input.front(), "Affine scale");
    check_per_channel(affine.shift, input.front(), "Affine shift");
    num_elements(input);
    return input;
}

}  // namespace pysnn::detail
