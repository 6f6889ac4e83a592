// Packing by the kind of a projection.

#include "engine/cpu/packing/population.hpp"

#include "base/overloaded.hpp"
#include "nodes/avg_pool2d.hpp"
#include "nodes/conv2d.hpp"

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
                       const Window window = window_of(conv);
                       const bool is_dense = conv.groups == 1 && window.is_dense();
                       packed.weights =
                           pack_conv(is_dense ? conv : dense_form(conv), source_layout, target);
                       packed.fan_out = fan_out(window, conv.out_channels / conv.groups,
                                                source_layout, target.layout);
                   },
                   [&](const PoolSynapses& pool) {
                       packed.weights = pack_pool(pool, target);
                       packed.fan_out = fan_out(window_of(pool), 1, source_layout, target.layout);
                   },
               },
               projection.synapses);
    return packed;
}

}  // namespace pysnn::detail
