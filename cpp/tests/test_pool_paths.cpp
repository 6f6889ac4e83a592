// Pools of 64 channels: numbers of spikes in bytes where membranes are that, floats elsewhere.

#include <doctest/doctest.h>

#include "compare.hpp"
#include "compiled.hpp"
#include "network_builder.hpp"

namespace {

struct PoolCase {
    NetworkBuilder::Pair kernel;
    float threshold;
    float initial;
    pysnn::ResetMode reset;
    bool counts_spikes;  // whether numbers of spikes may stand for the membranes
};

pysnn::SpikingNetwork pool_of(std::int64_t channels, const PoolCase& each) {
    const NeuronKind kind{"pool", each.reset, 0.0, false, false};
    NetworkBuilder builder(1, {channels, 6, 6}, pysnn::Precision::Float32);
    builder.add("pool", kind, {NetworkBuilder::pool("input", each.kernel, each.kernel)});
    pysnn::SpikingNetworkDescription description = builder.build().description();
    description.populations[0].threshold = {each.threshold};
    description.populations[0].initial_potential = {each.initial};
    return pysnn::SpikingNetwork(description);
}

}  // namespace

TEST_CASE("pools equal the reference, whether numbers of spikes may stand for membranes or not") {
    const PoolCase cases[] = {
        {{2, 2}, 1.0F, 0.0F, pysnn::ResetMode::Zero, true},
        {{2, 2}, 0.3F, 0.0F, pysnn::ResetMode::Zero, true},   // fires at 0.5
        {{2, 2}, 0.2F, 0.0F, pysnn::ResetMode::Zero, true},   // at once
        {{2, 2}, 1.7F, 0.5F, pysnn::ResetMode::Zero, true},   // begins with two spikes
        {{2, 2}, 1.0F, 0.1F, pysnn::ResetMode::Zero, true},   // begins with a part of one
        {{2, 2}, 1.0F, -0.5F, pysnn::ResetMode::Zero, true},  // begins below 0
        {{2, 2},
         1.0F,
         -64.0F,
         pysnn::ResetMode::Zero,
         true},  // too far for a byte, which would be 0
        {{2, 2}, 1.0F, 64.25F, pysnn::ResetMode::Zero, true},   // likewise, 1
        {{2, 2}, 1.0F, 31.5F, pysnn::ResetMode::Zero, true},    // no room for four spikes more
        {{2, 2}, 31.0F, 0.0F, pysnn::ResetMode::Zero, true},    // the most that fits a byte
        {{2, 2}, 31.25F, 0.0F, pysnn::ResetMode::Zero, false},  // one spike more
        {{2, 2}, 1.0F, 0.0F, pysnn::ResetMode::Subtract, false},
        {{3, 3}, 1.0F, 0.0F, pysnn::ResetMode::Zero, true},
        {{3, 3}, 9.0F, 0.0F, pysnn::ResetMode::Zero, false},  // float32 rounds so many ninths
        {{3, 2}, 0.9F, 0.0F, pysnn::ResetMode::Zero, true},
        {{1, 1}, 2.0F, 0.0F, pysnn::ResetMode::Zero, true},
    };
    for (const std::int64_t channels : {64, 100, 128}) {
        for (const PoolCase& each : cases) {
            INFO(channels, " channels, threshold ", each.threshold, ", initial potential ",
                 each.initial);
            const pysnn::SpikingNetwork network = pool_of(channels, each);
            const auto& pool = weights_of<pysnn::detail::PoolWeights>(network, 0);
            CHECK(pool.limit.empty() != each.counts_spikes);
            check_equals_reference(network, given_input(network, 2, 140, 0.4));
            check_equals_reference(network, drawn_input(network, 2, 20, 0.9));
        }
    }
}

TEST_CASE("depthwise convolutions of any kernel, stride and dilation equal the reference") {
    struct Geometry {
        NetworkBuilder::Pair kernel;
        NetworkBuilder::Pair stride;
        pysnn::Padding padding;
        NetworkBuilder::Pair dilation;
    };
    const std::vector<Geometry> geometries{
        {{3, 3}, {1, 1}, {1, 1}, {1, 1}},
        {{3, 3}, {2, 2}, {1, 1}, {1, 1}},
        {{5, 1}, {1, 2}, {2, 0, 0, 1}, {1, 1}},
        {{2, 3}, {1, 1}, {2, 2}, {2, 2}},
    };
    unsigned seed = 0;
    for (const Geometry& geometry : geometries) {
        for (const std::int64_t channels : {2, 16, 33, 64, 70}) {
            for (const NeuronKind& kind : {kNeuronKinds[seed % 4], kOtherKinds[0]}) {
                ++seed;
                INFO(channels, " channels, ", kind.name);
                NetworkBuilder builder(seed, {3, 6, 7}, kPrecisions[seed % 2]);
                builder.add("source", kind, {builder.conv("input", channels, {1, 1})});
                builder.add("out", kNeuronKinds[seed % 4],
                            {builder.conv("source", channels, geometry.kernel, geometry.stride,
                                          geometry.padding, geometry.dilation, channels)});
                const pysnn::SpikingNetwork network = builder.build();
                REQUIRE(weights_of<pysnn::detail::PoolWeights>(network, 1).is_by_tap);
                check_equals_reference(network, drawn_input(network, 2, 9, 0.8));
            }
        }
    }
}
