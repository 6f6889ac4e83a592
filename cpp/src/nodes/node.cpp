// Shapes, and what a node makes of them.
#include <limits>
#include <pysnn/node.hpp>
#include <stdexcept>
#include <string>
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

namespace {

void check_num_inputs(const char* kind, std::size_t found, bool takes_several) {
    if (takes_several ? found < 2 : found != 1) {
        throw std::invalid_argument(std::string(kind) + " has " + std::to_string(found) +
                                    (found == 1 ? " input" : " inputs") + ", expected " +
                                    (takes_several ? "at least 2" : "1"));
    }
}

}  // namespace

Shape output_shape(const Node& node, const Shape& input_shape) {
    return output_shape(node, std::vector<Shape>{input_shape});
}

Shape output_shape(const Node& node, const std::vector<Shape>& input_shapes) {
    return std::visit(
        [&](const auto& kind) {
            using Traits = detail::KindTraits<std::decay_t<decltype(kind)>>;
            check_num_inputs(Traits::kType, input_shapes.size(), Traits::kTakesSeveral);
            if constexpr (Traits::kTakesSeveral) {
                return Traits::output_shape(kind, input_shapes);
            } else {
                return Traits::output_shape(kind, input_shapes.front());
            }
        },
        node);
}

}  // namespace pysnn
