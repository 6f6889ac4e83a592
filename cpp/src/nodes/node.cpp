// Shapes, and what a node makes of them.
#include <limits>
#include <pysnn/node.hpp>
#include <stdexcept>
#include <type_traits>

#include "base/text.hpp"
#include "nodes/registry.hpp"

namespace pysnn {

std::int64_t num_elements(const Shape& shape) {
    constexpr std::int64_t kMaxElements = std::numeric_limits<std::int32_t>::max();
    std::int64_t product = 1;
    for (const std::int64_t size : shape) {
        if (size < 1) {
            throw std::invalid_argument("shape is " + detail::to_text(shape) +
                                        ", expected sizes of at least 1");
        }
        if (size > kMaxElements / product) {
            throw std::invalid_argument("shape " + detail::to_text(shape) +
                                        " has more than 2^31 - 1 elements");
        }
        product *= size;
    }
    return product;
}

Shape output_shape(const Node& node, const Shape& input_shape) {
    return std::visit(
        [&](const auto& kind) {
            using Kind = std::decay_t<decltype(kind)>;
            return detail::KindTraits<Kind>::output_shape(kind, input_shape);
        },
        node);
}

}  // namespace pysnn
