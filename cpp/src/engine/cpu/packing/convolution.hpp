// Packed weights of a Conv2d.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>

#include "base/array.hpp"
#include "base/layout.hpp"
#include "engine/cpu/packing/neurons.hpp"
#include "engine/cpu/packing/tables/pixel_tables.hpp"
#include "engine/cpu/packing/tables/subset_tables.hpp"
#include "engine/cpu/packing/weights.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

/// Part of a kernel: some of its rows and columns, and some words of the source's channels.
struct ConvBlock {
    std::int64_t first_word = 0;  // of a source pixel; 0 where pixels are not whole words
    std::int64_t ids_per_row = 0;
    Array<WordIds> word_ids;  // of one window row
    std::int64_t first_kernel_row = 0;
    std::int64_t num_kernel_rows = 0;
    std::int64_t first_kernel_column = 0;
    std::int64_t num_kernel_columns = 0;
    std::int64_t first_row = 0;  // of the tile's weight rows

    std::int64_t num_words() const { return word_ids.size(); }
    std::int64_t num_rows() const { return num_kernel_rows * ids_per_row; }
};

/// Weights of a Conv2d: for each tile of target channels, one row per bit of the receptive field.
struct ConvWeights {
    Window window;
    WeightBuffer weight;
    Array<ConvBlock> blocks;
    std::int64_t num_rows = 0;  // of a tile, over all blocks
    std::int64_t out_channels = 0;
    SubsetTables tables;
    PixelTables pixel_tables;

    /// Where the rows of a block for the tile at this channel begin; the last one is zero.
    std::int64_t first(std::int64_t channel, std::int64_t width, const ConvBlock& block) const {
        return channel * num_rows + block.first_row * width;
    }
    TileRows rows(std::int64_t channel, std::int64_t width, const ConvBlock& block) const {
        return weight.rows(first(channel, width, block), block.num_rows() + 1);
    }
};

/// Args:
///     layer: With one group and no dilation, see dense_form().
ConvWeights pack_conv(const Conv2d& layer, const Layout& source, const PackedNeurons& target);

}  // namespace pysnn::detail
