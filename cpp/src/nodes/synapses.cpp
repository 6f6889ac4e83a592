// What synapses make of the shape of their source.
#include <pysnn/synapses.hpp>
#include <type_traits>

#include "nodes/registry.hpp"

namespace pysnn {

Shape target_shape(const Synapses& synapses, const Shape& source_shape) {
    return std::visit(
        [&](const auto& kind) {
            using Kind = std::decay_t<decltype(kind)>;
            return detail::KindTraits<Kind>::output_shape(kind, source_shape);
        },
        synapses);
}

}  // namespace pysnn
