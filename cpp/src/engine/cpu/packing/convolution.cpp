// Weights of a Conv2d put into tiles.

#include "engine/cpu/packing/convolution.hpp"

#include <algorithm>

#include "engine/cpu/tuning.hpp"
#include "nodes/conv2d.hpp"

namespace pysnn::detail {
namespace {

// Bits of a pixel's word that stand for channels; the others, behind them, only fill it up.
std::int64_t ids_of_word(const Layout& source, std::int64_t word) {
    std::int64_t count = 0;
    for (std::int64_t bit = 0; bit < kMaskBits; ++bit) {
        count += source.sign_of(word * kMaskBits + bit) != 0 ? 1 : 0;
    }
    return count;
}

// Kernel entries in the order of a window row's bits: (kernel row, kernel column, channel).
template <typename Weight>
void fill(const Conv2d& layer, const Layout& source, const PackedNeurons& target,
          const ConvWeights& weights, AlignedBuffer<Weight>& packed) {
    packed = AlignedBuffer<Weight>(weights.num_rows * target.layout.lanes, Weight{0});
    for (const ConvBlock& block : weights.blocks) {
        const std::int64_t first_bit = block.first_word * kMaskBits;
        const std::int64_t pixel_ids = block.ids_per_row / block.num_kernel_columns;
        for (std::int64_t out = 0; out < layer.out_channels; ++out) {
            const std::int64_t tile = out / target.tile_width * target.tile_width;
            const std::int64_t width = target.width_of_tile(tile);
            const float grid = target.grid[target.layout.lane(out * target.layout.num_positions())];
            Weight* rows = packed.data() + weights.first(tile, width, block);
            for (std::int64_t i = 0; i < block.num_kernel_rows; ++i) {
                for (std::int64_t j = 0; j < block.num_kernel_columns; ++j) {
                    std::int64_t row = i * block.ids_per_row + j * pixel_ids;
                    const std::int64_t end_row = row + pixel_ids;
                    for (std::int64_t bit = first_bit; row < end_row; ++bit) {
                        const int sign = source.sign_of(bit);
                        if (sign == 0) {
                            continue;
                        }
                        const std::int64_t channel = source.channel_of(bit);
                        const std::int64_t entry =
                            ((out * layer.in_channels + channel) * layer.kernel_size[0] +
                             block.first_kernel_row + i) *
                                layer.kernel_size[1] +
                            block.first_kernel_column + j;
                        const float weight = with_sign(sign, layer.weight.data()[entry]);
                        rows[place_in_tile(row, out - tile, block.num_rows() + 1, width,
                                           target.pass_columns())] =
                            static_cast<Weight>(sizeof(Weight) == sizeof(float) ? weight
                                                                                : weight / grid);
                        ++row;
                    }
                }
            }
        }
    }
}

// Appends blocks of all rows of a kernel for some of its columns and of the channels' words.
void add_row_blocks(const Window& window, ConvBlock block, std::int64_t max_rows,
                    Array<ConvBlock>& blocks) {
    const std::int64_t rows_per_block =
        std::clamp<std::int64_t>(max_rows / block.ids_per_row, 1, window.kernel_height);
    for (std::int64_t row = 0; row < window.kernel_height; row += rows_per_block) {
        block.first_kernel_row = row;
        block.num_kernel_rows = std::min(rows_per_block, window.kernel_height - row);
        blocks.push_back(block);
    }
}

// Appends blocks of a whole kernel for some of a pixel's words, or for pixels that are not whole
// words: bits that follow one another.
void add_blocks(const Window& window, ConvBlock block, std::int64_t pixel_ids,
                const Array<WordIds>& pixel_words, std::int64_t max_rows,
                Array<ConvBlock>& blocks) {
    // Columns only where one row of the kernel has more ids than there are.
    const std::int64_t columns_per_block = std::min(window.kernel_width, kMaxEventRows / pixel_ids);
    for (std::int64_t column = 0; column < window.kernel_width; column += columns_per_block) {
        block.first_kernel_column = column;
        block.num_kernel_columns = std::min(columns_per_block, window.kernel_width - column);
        block.ids_per_row = block.num_kernel_columns * pixel_ids;
        block.word_ids = pixel_words.empty() ? words_of_ids(block.ids_per_row) : Array<WordIds>();
        for (std::int64_t j = 0; j < block.num_kernel_columns; ++j) {
            for (const WordIds& ids : pixel_words) {
                block.word_ids.push_back(
                    {static_cast<std::uint16_t>(j * pixel_ids + ids.first), ids.count});
            }
        }
        add_row_blocks(window, block, max_rows, blocks);
    }
}

Array<ConvBlock> conv_blocks(const Window& window, const Layout& source) {
    Array<ConvBlock> blocks;
    const std::int64_t max_rows = tuning::max_rows(tuning::kMaxBlockRows, source.is_signed);
    if (!source.has_whole_words()) {
        add_blocks(window, {}, source.bit_channels, {}, max_rows, blocks);
        return blocks;
    }
    // Words of channels first, as they divide the lists too; then rows of the kernel.
    const std::int64_t most = max_rows / (window.kernel_height * window.kernel_width);
    const std::int64_t pixel_words = source.bit_channels / kMaskBits;
    for (std::int64_t word = 0; word < pixel_words;) {
        ConvBlock block;
        block.first_word = word;
        std::int64_t ids = 0;
        Array<WordIds> words;
        do {
            const std::int64_t count = ids_of_word(source, word++);
            words.push_back({static_cast<std::uint16_t>(ids), static_cast<std::uint16_t>(count)});
            ids += count;
        } while (word < pixel_words && ids + ids_of_word(source, word) <= most);
        add_blocks(window, block, ids, words, max_rows, blocks);
    }
    return blocks;
}

}  // namespace

ConvWeights pack_conv(const Conv2d& layer, const Layout& source, const PackedNeurons& target) {
    ConvWeights weights;
    weights.window = window_of(layer);
    weights.out_channels = layer.out_channels;
    weights.blocks = conv_blocks(weights.window, source);
    for (ConvBlock& block : weights.blocks) {
        block.first_row = weights.num_rows;
        weights.num_rows += block.num_rows() + 1;
    }
    if (target.precision == Precision::Int16) {
        fill(layer, source, target, weights, weights.weight.shorts);
    } else {
        fill(layer, source, target, weights, weights.weight.floats);
    }
    weights.tables = pack_tables(layer, source, target);
    weights.pixel_tables = pack_pixel_tables(layer, target);
    return weights;
}

}  // namespace pysnn::detail
