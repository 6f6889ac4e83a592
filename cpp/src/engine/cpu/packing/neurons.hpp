// The neurons of a population as the kernels see them.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>

#include "base/aligned_buffer.hpp"
#include "base/layout.hpp"
#include "engine/cpu/kernels/kernels.hpp"

namespace pysnn::detail {

/// Per-neuron arrays, by lane.
struct PackedNeurons {
    /// Args:
    ///     is_signed: whether the neurons can send negative spikes.
    PackedNeurons(const Population& population, Precision precision, bool is_signed);

    Layout layout;
    Precision precision = Precision::Float32;
    std::int64_t tile_width = kMaskBits;  // channels of a tile
    AlignedBuffer<float> threshold;       // infinity where padded, so that nothing fires there
    AlignedBuffer<float> initial_potential;
    AlignedBuffer<float> lower;  // see NeuronView; of signed neurons only
    AlignedBuffer<float> leak;   // see NeuronView; of leaky neurons only
    AlignedBuffer<float> grid;
    AlignedBuffer<std::int32_t> limit;  // see GatherArguments::limit; empty where it is null
    AlignedBuffer<float> bias;          // summed over projections, for max_rate * dt = 1; or empty
    NeuronRule rule = NeuronRule::ResetToZero;
    bool is_max_pool = false;       // neurons that count, and have no membranes
    std::int64_t delay = 0;         // of a readout: steps before it begins to add
    bool rests_in_silence = false;  // a step without input and bias changes nothing

    /// Columns of the kernels' passes over the weights.
    std::int64_t pass_columns() const {
        return precision == Precision::Int16 ? kernels().pass_columns_int16
                                             : kernels().pass_columns;
    }
    bool is_readout() const { return rule == NeuronRule::Readout && !is_max_pool; }
    /// Neurons that must know what they have sent.
    bool counts_sent() const { return rule == NeuronRule::Signed || is_max_pool; }
    std::int64_t width_of_tile(std::int64_t channel) const {
        return layout.lanes - channel < tile_width ? layout.lanes - channel : tile_width;
    }
};

}  // namespace pysnn::detail
