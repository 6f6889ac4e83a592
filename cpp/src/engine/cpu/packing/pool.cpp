// Weights of average pools and identity synapses, and when their spikes may be counted instead.

#include "engine/cpu/packing/pool.hpp"

#include <algorithm>
#include <cmath>

#include "base/array.hpp"
#include "nodes/conv2d.hpp"
#include "nodes/identity_synapses.hpp"
#include "nodes/pool_synapses.hpp"

namespace pysnn::detail {
namespace {

// The odd part of a float's significand.
std::int64_t odd_part(float value) {
    int exponent = 0;
    auto significand = static_cast<std::int64_t>(std::ldexp(std::frexp(value, &exponent), 24));
    while (significand != 0 && significand % 2 == 0) {
        significand /= 2;
    }
    return significand;
}

// See PoolArguments::limit. A membrane that begins at 0 is a whole number of spikes' weights, and
// float32 adds them without rounding where so many times the weight is a float.
AlignedBuffer<std::int8_t> spike_limits(const PoolWeights& pool, const Layout& source,
                                        const PackedNeurons& target) {
    constexpr std::int64_t kMostSpikes = 127;
    constexpr std::int64_t kExact = 1 << 24;
    if (kernels().neuron_traits(target.rule).subtracts || !target.bias.empty() ||
        source.is_signed) {
        return {};
    }
    AlignedBuffer<std::int8_t> limits(target.layout.padded(), 0);
    for (std::int64_t lane = 0; lane < target.layout.padded(); ++lane) {
        const float weight = *pool.weight_at(lane, lane % target.layout.lanes);
        if (weight == 0.0F) {
            continue;  // no neuron, or one without synapses
        }
        if (weight < 0.0F) {
            return {};
        }
        const double threshold = target.threshold[lane];
        const double first = std::ceil(threshold / weight);
        if (first - 1 > kMostSpikes) {
            return {};
        }
        const auto limit = static_cast<std::int8_t>(first - 1);
        const std::int64_t most = limit + pool.window.num_positions();
        if (most > kMostSpikes || most * odd_part(weight) > kExact) {
            return {};
        }
        limits[lane] = limit;
    }
    return limits;
}

}  // namespace

PoolWeights pack_pool(const PoolSynapses& layer, const Layout& source,
                      const PackedNeurons& target) {
    const Layout& layout = target.layout;
    PoolWeights weights;
    weights.window = window_of(layer);
    weights.is_by_position = size_of(layer.weight) > layout.channels;
    if (weights.is_by_position) {
        weights.weight = AlignedBuffer<float>(layout.padded(), 0.0F);
        for (std::int64_t i = 0; i < layout.num_neurons(); ++i) {
            weights.weight[layout.lane(i)] = layer.weight.data()[i];
        }
    } else {
        weights.weight = AlignedBuffer<float>(layout.lanes, 0.0F);
        std::copy(layer.weight.begin(), layer.weight.end(), weights.weight.data());
    }
    weights.limit = spike_limits(weights, source, target);
    return weights;
}

PoolWeights pack_identity(const IdentitySynapses& layer, const Layout& source,
                          const PackedNeurons& target) {
    PoolWeights weights;
    weights.window = window_of(layer);
    weights.first_channel = layer.first_channel;
    weights.weight = AlignedBuffer<float>(target.layout.lanes, 0.0F);
    std::copy(layer.weight.begin(), layer.weight.end(),
              weights.weight.data() + layer.first_channel);
    weights.limit = spike_limits(weights, source, target);
    return weights;
}

PoolWeights pack_depthwise(const Conv2d& layer, const PackedNeurons& target) {
    PoolWeights weights;
    weights.window = window_of(layer);
    weights.is_by_tap = true;
    const std::int64_t taps = weights.window.num_positions();
    const std::int64_t lanes = target.layout.lanes;
    weights.weight = AlignedBuffer<float>(taps * lanes, 0.0F);
    for (std::int64_t channel = 0; channel < layer.out_channels; ++channel) {
        for (std::int64_t tap = 0; tap < taps; ++tap) {
            weights.weight[tap * lanes + channel] = layer.weight.data()[channel * taps + tap];
        }
    }
    return weights;
}

}  // namespace pysnn::detail
