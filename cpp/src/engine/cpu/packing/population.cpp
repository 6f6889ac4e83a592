// Packing by the kind of a projection.

#include "engine/cpu/packing/population.hpp"

#include <stdexcept>

#include "base/overloaded.hpp"

namespace pysnn::detail {

PackedProjection pack_projection(const Projection& projection, std::int64_t source,
                                 const Layout& source_layout, const PackedNeurons& target) {
    PackedProjection packed;
    packed.source = source;
    packed.source_layout = &source_layout;
    std::visit(Overloaded{
                   [&](const Linear& linear) {
                       packed.weights =
                           pack_linear(linear, source_layout, target, packed.reads_input());
                       packed.fan_out.uniform = linear.out_features;
                   },
                   [&](const Conv2d& conv) {
                       ConvWeights weights = pack_conv(conv, source_layout, target);
                       packed.fan_out =
                           fan_out(weights.window, conv.out_channels, source_layout, target.layout);
                       packed.weights = std::move(weights);
                   },
                   [&](const AvgPool2d& pool) {
                       PoolWeights weights = pack_pool(pool, target);
                       packed.fan_out = fan_out(weights.window, 1, source_layout, target.layout);
                       packed.weights = std::move(weights);
                   },
                   [](const Flatten&) { throw std::logic_error("a Flatten is no projection"); },
               },
               projection.layer);
    return packed;
}

}  // namespace pysnn::detail
