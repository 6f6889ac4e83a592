// Event lists of source columns, and the tiles that gather from them.

#include "engine/cpu/ops/convolution/gathered_convolution.hpp"

#include <algorithm>

#include "engine/cpu/tuning.hpp"

namespace pysnn::detail {

void GatheredConvolution::run(const ConvolutionOp& op, const OpContext& context,
                              PixelColumns& columns) {
    op_ = &op;
    conv_ = &std::get<ConvWeights>(op.share.projection->weights);
    source_ = op.share.projection->source_layout;
    columns_ = &columns;
    sums_.begin(op);
    const Layout& layout = op.share.packed->layout;
    const Array<SampleSlot*>& slots = context.slots;
    if (lists_.size() < slots.size()) {
        lists_.resize(slots.size());
    }
    for (Array<EventLists>& lists : lists_) {
        if (lists.size() < conv_->blocks.size()) {
            lists.resize(conv_->blocks.size());
        }
    }
    for (std::int64_t x = 0; x < layout.width; ++x) {
        for (std::int64_t y = 0; y < layout.height; y += op.band_rows) {
            run_band(slots, x, {y, std::min(y + op.band_rows, layout.height)});
        }
        for (std::int64_t i = 0; i < slots.size(); ++i) {
            columns.finish(*slots[i], i, x, 1, 1);
        }
        if (context.must_stop()) {
            return;
        }
    }
}

std::int64_t GatheredConvolution::first_source_row(const ConvBlock& block, std::int64_t y) const {
    return y * conv_->window.stride_y - conv_->window.padding.top + block.first_kernel_row;
}

void GatheredConvolution::run_band(const Array<SampleSlot*>& slots, std::int64_t x, Band band) {
    const PackedPopulation& packed = *op_->share.packed;
    const std::int64_t num_blocks = conv_->blocks.size();
    places_.clear();
    for (std::int64_t i = 0; i < slots.size(); ++i) {
        for (std::int64_t b = 0; b < num_blocks; ++b) {
            make_lists(*slots[i], x, conv_->blocks[b], band, lists_[i][b]);
        }
        for (std::int64_t y = band.first; y < band.end; ++y) {
            places_.push_back({i, y, x});
        }
    }
    const std::int64_t tile_size = kMaxChunk * packed.tile_width;
    const std::int64_t at_once = num_blocks == 1 ? places_.size() : tuning::kTilesAtOnce;
    if (num_blocks > 1) {
        carry_.reserve(tuning::kTilesAtOnce * tile_size);
    }
    for (std::int64_t channel = 0; channel < packed.layout.lanes; channel += packed.tile_width) {
        for (std::int64_t first = 0; first < places_.size(); first += at_once) {
            const std::int64_t end = std::min(first + at_once, places_.size());
            for (std::int64_t b = 0; b < num_blocks; ++b) {
                for (std::int64_t t = first; t < end; ++t) {
                    float* carry =
                        num_blocks == 1 ? nullptr : carry_.data() + (t - first) * tile_size;
                    run_tile(*slots[places_[t].slot], places_[t], channel, b, band, carry);
                }
            }
        }
    }
}

// Sources whose pixels are whole words: the lists read these where they stand.
void GatheredConvolution::add_words(const ConvBlock& block, const RowWords& row,
                                    std::int64_t first_column) {
    const std::int64_t pixel_words = source_->bit_channels / kMaskBits;
    const std::int64_t block_words = block.num_words() / block.num_kernel_columns;
    for (std::int64_t j = 0; j < block.num_kernel_columns; ++j) {
        const std::int64_t column = first_column + j;
        const bool inside = column >= 0 && column < source_->width;
        for (std::int64_t k = 0; k < block_words; ++k) {
            words_.push_back(inside ? row[column * pixel_words + block.first_word + k]
                                    : silent_words());
        }
    }
}

// Other sources: the bits under the windows, shifted to the front of words of their own.
void GatheredConvolution::add_windows(const ConvBlock& block, const RowWords& row,
                                      std::int64_t first_column, std::int64_t num_steps) {
    for (std::int64_t part = 0; part < block.num_words(); ++part) {
        // Rounds down, also where padding makes it negative.
        const std::int64_t bit = first_column * source_->bit_channels + part * kMaskBits;
        const std::int64_t word = bit >> 6;
        const std::int64_t bits = std::min(block.ids_per_row - part * kMaskBits, kMaskBits);
        std::uint64_t* out = windows_.data() + words_.size() * kMaxChunk;
        kernels().window_words(row[word], row[word + 1], static_cast<int>(bit & 63),
                               ~std::uint64_t{0} >> (kMaskBits - bits), num_steps, out);
        words_.push_back(out);
    }
}

void GatheredConvolution::make_lists(const SampleSlot& slot, std::int64_t x, const ConvBlock& block,
                                     const Band& band, EventLists& lists) {
    const Window& window = conv_->window;
    const std::int64_t source = op_->share.projection->source;
    const std::uint64_t* words = slot.words_of(source);
    const std::int64_t first_row = std::max(first_source_row(block, band.first), std::int64_t{0});
    const std::int64_t end_row =
        std::min(first_source_row(block, band.end - 1) + block.num_kernel_rows, source_->height);
    const std::int64_t num_rows = std::max(end_row - first_row, std::int64_t{0});
    const std::int64_t first_column =
        x * window.stride_x - window.padding.left + block.first_kernel_column;
    words_.clear();
    if (!source_->has_whole_words()) {
        windows_.reserve(num_rows * block.num_words() * kMaxChunk);
    }
    for (std::int64_t row = first_row; row < end_row; ++row) {
        const RowWords row_words(*source_, words, row);
        if (source_->has_whole_words()) {
            add_words(block, row_words, first_column);
        } else {
            add_windows(block, row_words, first_column, slot.chunk_size);
        }
    }
    ListArguments arguments;
    arguments.words = words_.data();
    arguments.num_rows = num_rows;
    arguments.words_per_row = block.num_words();
    arguments.ids_per_row = block.ids_per_row;
    arguments.word_ids = block.word_ids.data();
    arguments.num_steps = slot.chunk_size;
    lists.prepare(arguments, slot.spikes_of(source));
    kernels().words.list_rows(arguments);
}

void GatheredConvolution::run_tile(SampleSlot& slot, const Place& place, std::int64_t channel,
                                   std::int64_t block_index, const Band& band, float* carry) {
    const Share& share = op_->share;
    const ConvBlock& block = conv_->blocks[block_index];
    const Layout& layout = share.packed->layout;
    const EventLists& lists = lists_[place.slot][block_index];
    const std::int64_t lane = (place.y * layout.width + place.x) * layout.lanes + channel;
    const std::int64_t width = share.packed->width_of_tile(channel);
    GatherArguments arguments;
    arguments.tile = tile_at(share, slot, lane, width);
    TileView& tile = arguments.tile;
    tile.base = base_at(share, slot, lane);
    const TileMasks masks = layout.has_words_by_sign()
                                ? words_at(share, slot, place.y, place.x, channel)
                                : columns_->masks(place.slot, place.x, place.y);
    tile.masks = masks.positive;
    tile.negative_masks = masks.negative;
    if (carry != nullptr) {
        if (share.is_first && share.is_last) {
            tile.carry_stride = width;
        } else {
            carry = slot.carry.data() + lane;
        }
        tile.carry_in = block_index == 0 ? tile.carry_in : carry;
        tile.carry_out = block_index + 1 == conv_->blocks.size() ? tile.carry_out : carry;
    }
    // Rows of the lists count from the first source row of the band.
    const std::int64_t list_row = std::max(first_source_row(block, band.first), std::int64_t{0});
    const std::int64_t top = first_source_row(block, place.y);
    const std::int64_t first_row = std::max(top, std::int64_t{0});
    const std::int64_t end_row = std::min(top + block.num_kernel_rows, source_->height);
    const std::int64_t num_rows = std::max(end_row - first_row, std::int64_t{0});
    const std::int64_t first_list = num_rows > 0 ? first_row - list_row : 0;
    lists.select(first_list, num_rows, arguments);
    steps_.use_all(slot.chunk_size);
    if (share.may_rest && carry == nullptr) {
        std::uint64_t occupied[kStepWords] = {};
        lists.add_occupied(first_list, num_rows, occupied);
        steps_.use(occupied);
        std::fill_n(tile.masks, layout.has_words_by_sign() ? 0 : slot.chunk_size, std::uint64_t{0});
    }
    if (steps_.size() == 0) {
        return;
    }
    tile.steps = steps_.steps();
    tile.num_steps = steps_.size();
    // Event 0 is the first bit of the lists' first row, which stands (list_row - top) kernel rows
    // into the weights, or before them.
    arguments.rows = conv_->rows(channel, width, block);
    arguments.first_row = (list_row - top) * block.ids_per_row;
    arguments.zero_row = block.num_rows();
    arguments.grid = share.packed->grid.data() + lane;
    arguments.limit = limit_at(share, lane);
    const bool has_shortcuts = !op_->shortcuts.empty() && block_index + 1 == conv_->blocks.size();
    if (has_shortcuts) {
        tile.carry_out = carry == nullptr ? sums_.data() : carry;
        tile.carry_stride = carry == nullptr ? PositionSums::kStride : tile.carry_stride;
    }
    slot.populations[share.population].num_spikes +=
        share.uses_int16 ? kernels().gather_int16(arguments) : kernels().gather(arguments);
    if (has_shortcuts) {
        sums_.finish(slot, {place.y, place.x, channel, false}, width, tile.carry_out,
                     tile.carry_stride, masks);
    }
}

}  // namespace pysnn::detail
