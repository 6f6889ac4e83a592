// Packing by the kind of a projection.

#include "engine/cpu/packing/population.hpp"

#include <algorithm>
#include <vector>

#include "base/overloaded.hpp"
#include "nodes/conv2d.hpp"
#include "nodes/identity_synapses.hpp"
#include "nodes/max_pool_synapses.hpp"
#include "nodes/pool_synapses.hpp"

namespace pysnn::detail {
namespace {

bool have_overlap(const Window& window, const Layout& source, const Layout& target) {
    const auto repeats = [](const std::vector<std::int64_t>& reach) {
        return std::any_of(reach.begin(), reach.end(),
                           [](std::int64_t windows) { return windows > 1; });
    };
    return repeats(window.y().reach(source.height, target.height)) ||
           repeats(window.x().reach(source.width, target.width));
}

bool is_depthwise(const Conv2d& conv) {
    return conv.groups > 1 && conv.groups == conv.in_channels && conv.groups == conv.out_channels;
}

}  // namespace

std::int64_t PackedProjection::num_weight_bytes() const {
    return std::visit(Overloaded{
                          [](const LinearWeights& linear) { return linear.weight.num_bytes(); },
                          [](const ConvWeights& conv) { return conv.weight.num_bytes(); },
                          [](const PoolWeights&) { return std::int64_t{0}; },
                          [](const MaxPoolWindows&) { return std::int64_t{0}; },
                      },
                      weights);
}

PackedProjection pack_projection(const Projection& projection, std::int64_t source,
                                 const Layout& source_layout, const PackedNeurons& target) {
    PackedProjection packed;
    packed.source = source;
    packed.source_layout = &source_layout;
    std::visit(
        Overloaded{
            [&](const Linear& linear) {
                packed.weights = pack_linear(linear, source_layout, target, packed.reads_input());
                packed.fan_out.per_position = linear.out_features;
            },
            [&](const Conv2d& conv) {
                const Window window = window_of(conv);
                const bool is_dense = conv.groups == 1 && window.is_dense();
                if (is_depthwise(conv)) {
                    packed.weights = pack_depthwise(conv, target);
                } else {
                    packed.weights =
                        pack_conv(is_dense ? conv : dense_form(conv), source_layout, target);
                }
                packed.fan_out =
                    fan_out(window, conv.out_channels / conv.groups, source_layout, target.layout);
            },
            [&](const PoolSynapses& pool) {
                packed.weights = pack_pool(pool, source_layout, target);
                packed.fan_out = fan_out(window_of(pool), 1, source_layout, target.layout);
            },
            [&](const IdentitySynapses& identity) {
                packed.weights = pack_identity(identity, source_layout, target);
                packed.fan_out = fan_out(window_of(identity), 1, source_layout, target.layout);
            },
            [&](const MaxPoolSynapses& pool) {
                packed.fan_out = fan_out(window_of(pool), 1, source_layout, target.layout);
                packed.weights = MaxPoolWindows{
                    window_of(pool), have_overlap(window_of(pool), source_layout, target.layout)};
            },
        },
        projection.synapses);
    return packed;
}

}  // namespace pysnn::detail
