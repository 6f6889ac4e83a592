#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>
#include <vector>

#include "base/aligned_buffer.hpp"
#include "engine/cpu/layout.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

/// Weights in the type that a population's precision asks for; one of the two is filled.
struct WeightBuffer {
    AlignedBuffer<float> floats;
    AlignedBuffer<std::int16_t> shorts;

    TileRows rows(std::int64_t first, std::int64_t num_rows) const {
        return {shorts.data() != nullptr ? static_cast<const void*>(shorts.data() + first)
                                         : static_cast<const void*>(floats.data() + first),
                num_rows};
    }
};

/// Where a weight of a tile of `width` columns and `num_rows` rows stands; see TileRows.
inline std::int64_t place_in_tile(std::int64_t row, std::int64_t column, std::int64_t num_rows,
                                  std::int64_t width, std::int64_t pass_columns) {
    const std::int64_t pass = column / pass_columns * pass_columns;
    const std::int64_t pass_width = width - pass < pass_columns ? width - pass : pass_columns;
    return pass * num_rows + row * pass_width + column - pass;
}

/// Some source words whose weights a cache holds; the sums over all blocks make the current.
struct LinearBlock {
    std::int64_t first_word = 0;
    std::int64_t num_words = 0;
    std::int64_t first_row = 0;  // of the tile's weight rows

    std::int64_t num_rows() const { return num_words * kMaskBits; }
};

/// Weights of a Linear: for each tile of target neurons, one row of its width per source bit.
///
/// A block's rows are followed by their negatives where the source is the input (a silence of an
/// input that is counted as firing takes its weight back), then by a row of zeros.
struct LinearPlan {
    WeightBuffer weight;
    std::vector<LinearBlock> blocks;
    std::int64_t num_rows = 0;  // of a tile, over all blocks
    std::int64_t out_features = 0;
    bool has_negatives = false;

    std::int64_t zero_row(const LinearBlock& block) const {
        return block.num_rows() * (has_negatives ? 2 : 1);
    }
    /// Where the rows of a block for the tile at this lane begin.
    std::int64_t first(std::int64_t lane, std::int64_t width, const LinearBlock& block) const {
        return lane * num_rows + block.first_row * width;
    }
    TileRows rows(std::int64_t lane, std::int64_t width, const LinearBlock& block) const {
        return weight.rows(first(lane, width, block), zero_row(block) + 1);
    }
};

/// Part of a kernel: some of its rows and columns, and some words of the source's channels.
struct ConvBlock {
    std::int64_t first_word = 0;  // of a source pixel; 0 where pixels are not whole words
    std::int64_t num_words = 0;   // words of one window row
    std::int64_t ids_per_row = 0;
    std::int64_t first_kernel_row = 0;
    std::int64_t num_kernel_rows = 0;
    std::int64_t first_kernel_column = 0;
    std::int64_t num_kernel_columns = 0;
    std::int64_t first_row = 0;  // of the tile's weight rows

    std::int64_t num_rows() const { return num_kernel_rows * ids_per_row; }
};

/// Sums of all subsets of a kernel row's weights, for few source channels.
///
/// A table serves `columns` neighbouring output positions at once: lookup (kernel row, part) adds
/// the row that `bits_per_part` bits of the source's row name.
struct SubsetTables {
    AlignedBuffer<float> sums;   // (channel tile, kernel row, part, pattern, column, lane)
    std::int64_t columns = 0;    // 0: no tables
    std::int64_t num_parts = 0;  // of a window row
    std::int64_t bits_per_part = 0;
    std::int64_t row_width = 0;  // columns * lanes of the tile
};

/// Weights of a Conv2d: for each tile of target channels, one row per bit of the receptive field.
struct ConvPlan {
    Window window;
    WeightBuffer weight;
    std::vector<ConvBlock> blocks;
    std::int64_t num_rows = 0;  // of a tile, over all blocks
    std::int64_t out_channels = 0;
    SubsetTables tables;

    /// Where the rows of a block for the tile at this channel begin; the last one is zero.
    std::int64_t first(std::int64_t channel, std::int64_t width, const ConvBlock& block) const {
        return channel * num_rows + block.first_row * width;
    }
    TileRows rows(std::int64_t channel, std::int64_t width, const ConvBlock& block) const {
        return weight.rows(first(channel, width, block), block.num_rows() + 1);
    }
};

struct PoolPlan {
    Window window;
    AlignedBuffer<float> weight;       // (lanes), one per channel
    AlignedBuffer<std::int8_t> limit;  // by lane, see PoolArguments::limit; empty where it is null
};

enum class ProjectionKind { Linear, Conv, Pool };

/// Bits of the source that reach the same number of target positions add up to their fan-out.
struct FanOut {
    std::int64_t per_position = 1;      // synapses of one spike onto one target position
    std::vector<std::int64_t> rows;     // target positions along y, by source row
    std::int64_t uniform = 0;           // fan-out of every spike, where all have the same
    std::int64_t num_planes = 0;        // binary digits of the target positions along x
    std::vector<std::uint64_t> planes;  // (num_planes, words_per_row) of the source
};

struct ProjectionPlan {
    int source = 0;  // 0: the input, k + 1: population k
    ProjectionKind kind = ProjectionKind::Linear;
    FanOut fan_out;
    LinearPlan linear;
    ConvPlan conv;
    PoolPlan pool;
};

/// One population as the kernels see it: per-neuron arrays by lane.
struct PopulationPlan {
    PopulationPlan(const Population& population, Precision precision);

    Layout layout;
    Precision precision = Precision::Float32;
    std::int64_t tile_width = kMaskBits;  // channels of a tile
    AlignedBuffer<float> threshold;       // infinity where padded, so that nothing fires there
    AlignedBuffer<float> initial_potential;
    AlignedBuffer<float> grid;
    AlignedBuffer<std::int32_t> limit;  // see GatherArguments::limit; empty where it is null
    std::vector<float> bias;  // by lane, summed over projections, for max_rate * dt = 1; or empty
    NeuronRule rule = NeuronRule::ResetToZero;
    double refractory_period = 0.0;
    bool rests_in_silence = false;            // a step without input and bias changes nothing
    std::vector<ProjectionPlan> projections;  // those from the input first
    std::size_t num_input_projections = 0;

    /// Columns of the kernels' passes over the weights.
    std::int64_t pass_columns() const {
        return precision == Precision::Int16 ? kernels().pass_columns_int16
                                             : kernels().pass_columns;
    }
    std::int64_t width_of_tile(std::int64_t channel) const {
        return layout.lanes - channel < tile_width ? layout.lanes - channel : tile_width;
    }
};

struct Plan {
    explicit Plan(const SpikingNetworkDescription& description);

    Layout input;
    std::vector<LinearBlock> input_blocks;
    std::vector<PopulationPlan> populations;
    std::vector<std::int64_t> num_neurons;
    bool lists_input = false;             // a Linear reads the input
    bool spreads_input = false;           // something else does
    std::vector<std::int64_t> pooled_by;  // by population: the pool that alone reads it, or -1
};

/// Blocks of source words for a Linear; the same for every Linear of a source.
std::vector<LinearBlock> linear_blocks(const Layout& source);

LinearPlan pack_linear(const Linear& layer, const Layout& source, const PopulationPlan& target,
                       bool has_negatives);
/// Args:
///     layer: With one group and no dilation, see dense_form().
ConvPlan pack_conv(const Conv2d& layer, const Layout& source, const PopulationPlan& target);
PoolPlan pack_pool(const PoolSynapses& layer, const PopulationPlan& target);
SubsetTables pack_tables(const Conv2d& layer, const Layout& source, const PopulationPlan& target);
FanOut fan_out(const Window& window, std::int64_t per_position, const Layout& source,
               const Layout& target);

}  // namespace pysnn::detail
