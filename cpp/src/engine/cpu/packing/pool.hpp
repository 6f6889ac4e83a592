// Packed weights of average pools, depthwise convolutions and identity synapses, and the windows of
// max pools.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>

#include "base/aligned_buffer.hpp"
#include "engine/cpu/packing/neurons.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

/// Windows that add a weight for every spike of a channel to the same channel. Identity synapses
/// are windows of one pixel, whose channels may be shifted.
struct PoolWeights {
    Window window;
    std::int64_t first_channel = 0;    // of the target, which the source's first one reaches
    bool is_by_position = false;       // whether the weights of a channel differ by position
    bool is_by_tap = false;            // or by tap: (tap, lane of a pixel)
    AlignedBuffer<float> weight;       // by lane of a pixel, or by lane where they do; 0 elsewhere
    AlignedBuffer<std::int8_t> limit;  // by lane, see PoolArguments::limit; empty where it is null

    /// Weights of a tile.
    ///
    /// Args:
    ///     lane: of its first neuron.
    ///     channel: the same.
    const float* weight_at(std::int64_t lane, std::int64_t channel) const {
        return weight.data() + (is_by_position ? lane : channel);
    }
};

/// A max pool has no weights.
struct MaxPoolWindows {
    Window window;
    bool overlap = false;  // whether some source pixel is in more than one
};

PoolWeights pack_pool(const PoolSynapses& layer, const Layout& source, const PackedNeurons& target);

/// Args:
///     layer: With a group for each channel, which goes onto one.
PoolWeights pack_depthwise(const Conv2d& layer, const PackedNeurons& target);

PoolWeights pack_identity(const IdentitySynapses& layer, const Layout& source,
                          const PackedNeurons& target);

}  // namespace pysnn::detail
