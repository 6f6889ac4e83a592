// Packed weights of a Linear.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>

#include "base/array.hpp"
#include "base/layout.hpp"
#include "engine/cpu/packing/neurons.hpp"
#include "engine/cpu/packing/weights.hpp"

namespace pysnn::detail {

/// Some source words whose weights a cache holds; the sums over all blocks make the current.
struct LinearBlock {
    std::int64_t first_word = 0;
    std::int64_t num_words = 0;
    Array<WordIds> word_ids;
    std::int64_t first_row = 0;  // of the tile's weight rows

    std::int64_t num_rows() const { return num_words * kMaskBits; }
};

/// Weights of a Linear: for each tile of target neurons, one row of its width per source bit.
///
/// A block's rows are followed by their negatives where the source is the input (a silence of an
/// input that is counted as firing takes its weight back), then by a row of zeros.
struct LinearWeights {
    WeightBuffer weight;
    Array<LinearBlock> blocks;
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

/// Blocks of source words for a Linear; the same for every Linear of a source.
Array<LinearBlock> linear_blocks(const Layout& source);

LinearWeights pack_linear(const Linear& layer, const Layout& source, const PackedNeurons& target,
                          bool has_negatives);

}  // namespace pysnn::detail
