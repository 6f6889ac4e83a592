#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>
#include <vector>

#include "aligned_buffer.hpp"

namespace pysnn::detail {

/// Neurons that one spike mask covers; rows of per-neuron arrays are padded to a multiple of it.
inline constexpr std::int64_t kMaskBits = 64;

inline std::int64_t num_mask_words(std::int64_t num_neurons) {
    return (num_neurons + kMaskBits - 1) / kMaskBits;
}

/// Order in which kernels keep the neurons of a population or of the input.
///
/// Images are kept channel-last: the synapses of one spike onto neighbouring pixels then lie side
/// by side, whatever the number of channels. Vectors keep their order.
struct NeuronOrder {
    explicit NeuronOrder(const Shape& shape);

    std::int64_t num_neurons = 0;
    std::int64_t channels = 1;  // 1 for vectors
    std::int64_t height = 1;    // number of neurons for vectors
    std::int64_t width = 1;
    bool is_identity = true;  // internal and external order agree

    /// Row-major index over (C, H, W) of an internal index.
    std::int64_t external(std::int64_t internal) const {
        return is_identity ? internal
                           : (internal % channels) * (height * width) + internal / channels;
    }
    /// Internal index of a row-major index over (C, H, W).
    std::int64_t internal(std::int64_t external) const {
        return is_identity ? external
                           : (external % (height * width)) * channels + external / (height * width);
    }
};

/// Weights of a Linear in tiles of kMaskBits columns (target neurons), one row per source neuron.
///
/// Tile k begins at k * kMaskBits * num_rows. The last tile is only as wide as it must be, in steps
/// of 16.
struct LinearTiles {
    AlignedBuffer<float> weight;
    std::int64_t num_rows = 0;
    std::int64_t num_columns = 0;

    std::int64_t width(std::int64_t tile) const {
        const std::int64_t left = num_columns - tile * kMaskBits;
        return left >= kMaskBits ? kMaskBits : (left + 15) / 16 * 16;
    }
    const float* tile(std::int64_t tile) const {
        return weight.data() + tile * kMaskBits * num_rows;
    }
};

/// Target positions along one axis that a source position reaches.
struct Reach {
    std::int32_t first = 0;  // first target position
    std::int32_t count = 0;  // how many, each next to the one before
    std::int32_t slot = 0;   // where the first one's kernel entry stands in the packed order
};

/// Weights of a Conv2d, laid out so that one spike adds one contiguous run per target row.
///
/// Along both axes kernel entries are sorted by the target position that they lead to: ascending
/// target means descending kernel entry, in steps of the stride. Order: (source channel, row slot,
/// column slot, channel).
struct ConvRuns {
    AlignedBuffer<float> weight;
    std::int64_t source_channels = 0;
    std::int64_t target_channels = 0;
    std::int64_t target_width = 0;
    std::int64_t kernel_height = 0;
    std::int64_t kernel_width = 0;
    std::int64_t source_width = 0;
    std::vector<Reach> rows;     // by source row
    std::vector<Reach> columns;  // by source column
};

/// Weights of an AvgPool2d, one per channel.
struct PoolRuns {
    AlignedBuffer<float> weight;  // (channels)
    std::int64_t channels = 0;
    std::int64_t target_width = 0;
    std::int64_t source_width = 0;
    std::vector<Reach> rows;
    std::vector<Reach> columns;
};

enum class ProjectionKind { Linear, Conv, Pool };

struct ProjectionPlan {
    int source = 0;  // 0: the input, k + 1: population k
    ProjectionKind kind = ProjectionKind::Linear;
    LinearTiles linear;
    ConvRuns conv;
    PoolRuns pool;
};

/// One population as the kernels see it: per-neuron arrays in internal order, padded to num_words *
/// kMaskBits.
struct PopulationPlan {
    explicit PopulationPlan(const Shape& shape) : order(shape) {}

    NeuronOrder order;
    std::int64_t num_neurons = 0;
    std::int64_t num_words = 0;
    AlignedBuffer<float> threshold;  // infinity where padded, so that nothing fires there
    AlignedBuffer<float> initial_potential;
    std::vector<float>
        bias;  // summed over projections, for max_rate * dt = 1; empty without biases
    std::vector<float> grid;  // as bias
    ResetMode reset = ResetMode::Zero;
    double refractory_period = 0.0;
    bool all_linear = true;  // fed by Linear projections only
    std::vector<ProjectionPlan> projections;

    std::int64_t padded() const { return num_words * kMaskBits; }
};

struct Plan {
    explicit Plan(const SpikingNetworkDescription& description);

    NeuronOrder input_order;
    std::vector<PopulationPlan> populations;
    std::vector<std::int64_t> num_neurons;
    std::int64_t largest_padded = 0;  // over the populations and the input
};

}  // namespace pysnn::detail
