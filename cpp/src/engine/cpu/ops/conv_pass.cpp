#include "engine/cpu/ops/conv_pass.hpp"

#include <algorithm>

namespace pysnn::detail {
namespace {

constexpr std::int64_t kNearBytes = 384 * 1024;  // weights that may stay in the second cache
constexpr std::int64_t kTilesAtOnce = 8;         // whose sums wait between blocks

}  // namespace

void ConvPass::run(const Pass& pass, const Pass* pool, const std::vector<SampleSlot*>& slots,
                   const std::function<bool()>& must_stop) {
    pass_ = &pass;
    pool_ = pool;
    const int from = pass.projection.source;
    source_ = from == 0 ? &pass.job.plan->input
                        : &pass.job.plan->populations[static_cast<std::size_t>(from - 1)].layout;
    mask_columns_ = 1;
    if (pool != nullptr) {
        mask_columns_ += pool->projection.pool.window.kernel_width;
        // Whichever way the next sample takes, it allocates nothing.
        pool_pass_.reserve(pool->projection.pool.window);
        pixels_.reserve(static_cast<std::size_t>(pool->projection.pool.window.num_positions()));
        pool_masks_.reserve(kMaxChunk);
    }
    masks_.reserve(slots.size() *
                   static_cast<std::size_t>(mask_columns_ * pass.plan.layout.height * kMaxChunk));
    const ConvPlan& conv = pass.projection.conv;
    const bool is_near =
        conv.blocks.size() == 1 &&
        conv.num_rows * pass.plan.layout.lanes * (pass.uses_int16() ? 2 : 4) <= kNearBytes;
    gathered_.clear();
    for (SampleSlot* slot : slots) {
        if (prefers_tables(*slot)) {
            run_tables(*slot, must_stop);
            continue;
        }
        gathered_.push_back(slot);
        if (is_near) {
            // One sample after the other, as their lists and masks are near then, too.
            run_gather(gathered_, must_stop);
            gathered_.clear();
        }
    }
    if (!gathered_.empty()) {
        run_gather(gathered_, must_stop);
    }
}

bool ConvPass::prefers_tables(const SampleSlot& slot) const {
    const ConvPlan& conv = pass_->projection.conv;
    if (conv.tables.columns == 0) {
        return false;
    }
    const double pixels = static_cast<double>(source_->num_positions() * slot.chunk_size);
    const double events = static_cast<double>(slot.spikes_of(pass_->projection.source)) / pixels *
                          static_cast<double>(conv.window.kernel_height * conv.window.kernel_width);
    // A list that ends at a surprising place costs about as much as kSurprise lookups.
    constexpr double kSurprise = 6.0;
    return static_cast<double>(conv.window.kernel_height * conv.tables.num_parts) <
           events + kSurprise;
}

std::int64_t ConvPass::first_source_row(const ConvBlock& block, std::int64_t y) const {
    const Window& window = pass_->projection.conv.window;
    return y * window.stride_y - window.padding_y + block.first_kernel_row;
}

std::uint64_t* ConvPass::column_masks(std::size_t index, std::int64_t mask_column, std::int64_t y) {
    const std::int64_t column =
        static_cast<std::int64_t>(index) * mask_columns_ + mask_column % mask_columns_;
    return masks_.data() + (column * pass_->plan.layout.height + y) * kMaxChunk;
}

void ConvPass::run_gather(const std::vector<SampleSlot*>& slots,
                          const std::function<bool()>& must_stop) {
    const ConvPlan& conv = pass_->projection.conv;
    const Layout& layout = pass_->plan.layout;
    if (lists_.size() < slots.size()) {
        lists_.resize(slots.size());
    }
    for (std::vector<EventLists>& lists : lists_) {
        if (lists.size() < conv.blocks.size()) {
            lists.resize(conv.blocks.size());
        }
    }
    std::int64_t band_rows = layout.height;
    for (const ConvBlock& block : conv.blocks) {
        const std::int64_t source_rows =
            std::max(kMaxEventRows / block.ids_per_row, std::int64_t{1});
        band_rows = std::min(
            band_rows, std::max((source_rows - block.num_kernel_rows) / conv.window.stride_y + 1,
                                std::int64_t{1}));
    }
    for (std::int64_t x = 0; x < layout.width; ++x) {
        for (std::int64_t y = 0; y < layout.height; y += band_rows) {
            run_band(slots, x, {y, std::min(y + band_rows, layout.height)});
        }
        for (std::size_t i = 0; i < slots.size(); ++i) {
            finish_columns(*slots[i], i, x, 1, 1);
        }
        if (must_stop()) {
            return;
        }
    }
}

void ConvPass::run_band(const std::vector<SampleSlot*>& slots, std::int64_t x, Band band) {
    const ConvPlan& conv = pass_->projection.conv;
    tiles_.clear();
    for (std::size_t i = 0; i < slots.size(); ++i) {
        for (std::size_t b = 0; b < conv.blocks.size(); ++b) {
            make_lists(*slots[i], x, conv.blocks[b], band, lists_[i][b]);
        }
        for (std::int64_t y = band.first; y < band.end; ++y) {
            tiles_.push_back({i, y});
        }
    }
    const std::size_t num_blocks = conv.blocks.size();
    const std::int64_t tile_size = kMaxChunk * pass_->plan.tile_width;
    const std::size_t at_once =
        num_blocks == 1 ? tiles_.size() : static_cast<std::size_t>(kTilesAtOnce);
    if (num_blocks > 1) {
        carry_.reserve(static_cast<std::size_t>(kTilesAtOnce * tile_size));
    }
    for (std::int64_t channel = 0; channel < pass_->plan.layout.lanes;
         channel += pass_->plan.tile_width) {
        for (std::size_t first = 0; first < tiles_.size(); first += at_once) {
            const std::size_t end = std::min(first + at_once, tiles_.size());
            for (std::size_t b = 0; b < num_blocks; ++b) {
                for (std::size_t t = first; t < end; ++t) {
                    float* carry =
                        num_blocks == 1
                            ? nullptr
                            : carry_.data() + static_cast<std::int64_t>(t - first) * tile_size;
                    run_block(*slots[tiles_[t].slot], tiles_[t].slot, x, tiles_[t].y, channel, b,
                              band, carry);
                }
            }
        }
    }
}

void ConvPass::make_lists(const SampleSlot& slot, std::int64_t x, const ConvBlock& block,
                          const Band& band, EventLists& lists) {
    const Window& window = pass_->projection.conv.window;
    const std::uint64_t* words = slot.words_of(pass_->projection.source);
    const std::int64_t first_row = std::max(first_source_row(block, band.first), std::int64_t{0});
    const std::int64_t end_row =
        std::min(first_source_row(block, band.end - 1) + block.num_kernel_rows, source_->height);
    const std::int64_t num_rows = std::max(end_row - first_row, std::int64_t{0});
    const std::int64_t first_column =
        x * window.stride_x - window.padding_x + block.first_kernel_column;
    words_.clear();
    if (!source_->has_whole_words()) {
        windows_.reserve(static_cast<std::size_t>(num_rows * block.num_words * kMaxChunk));
    }
    for (std::int64_t row = first_row; row < end_row; ++row) {
        const std::uint64_t* row_words = words + row * source_->words_per_row * kMaxChunk;
        const auto word_at = [&](std::int64_t word) {
            return word < 0 || word >= source_->words_per_row ? silent_words()
                                                              : row_words + word * kMaxChunk;
        };
        if (source_->has_whole_words()) {
            const std::int64_t pixel_words = source_->bit_channels / kMaskBits;
            const std::int64_t block_words = block.num_words / block.num_kernel_columns;
            for (std::int64_t j = 0; j < block.num_kernel_columns; ++j) {
                const std::int64_t column = first_column + j;
                const bool inside = column >= 0 && column < source_->width;
                for (std::int64_t k = 0; k < block_words; ++k) {
                    words_.push_back(inside ? word_at(column * pixel_words + block.first_word + k)
                                            : silent_words());
                }
            }
            continue;
        }
        for (std::int64_t part = 0; part < block.num_words; ++part) {
            // Rounds down, also where padding makes it negative.
            const std::int64_t bit = first_column * source_->bit_channels + part * kMaskBits;
            const std::int64_t word = bit >> 6;
            const std::int64_t bits = std::min(block.ids_per_row - part * kMaskBits, kMaskBits);
            std::uint64_t* out =
                windows_.data() + static_cast<std::int64_t>(words_.size()) * kMaxChunk;
            kernels().window_words(word_at(word), word_at(word + 1), static_cast<int>(bit & 63),
                                   ~std::uint64_t{0} >> (kMaskBits - bits), slot.chunk_size, out);
            words_.push_back(out);
        }
    }
    ListArguments arguments;
    arguments.words = words_.data();
    arguments.num_rows = num_rows;
    arguments.words_per_row = block.num_words;
    arguments.ids_per_row = block.ids_per_row;
    arguments.num_steps = slot.chunk_size;
    lists.prepare(arguments, slot.spikes_of(pass_->projection.source));
    kernels().words.list_rows(arguments);
}

void ConvPass::run_block(SampleSlot& slot, std::size_t index, std::int64_t x, std::int64_t y,
                         std::int64_t channel, std::size_t block_index, const Band& band,
                         float* carry) {
    const ConvPlan& conv = pass_->projection.conv;
    const ConvBlock& block = conv.blocks[block_index];
    const Layout& layout = pass_->plan.layout;
    const EventLists& lists = lists_[index][block_index];
    const std::int64_t lane = (y * layout.width + x) * layout.lanes + channel;
    const std::int64_t width = pass_->plan.width_of_tile(channel);
    const bool int16 = pass_->uses_int16();
    GatherArguments arguments;
    arguments.tile = pass_->tile(slot, lane, width);
    TileView& tile = arguments.tile;
    tile.base = pass_->start(slot, lane, int16);
    tile.masks =
        layout.has_whole_words() ? pass_->words(slot, y, x, channel) : column_masks(index, x, y);
    if (carry != nullptr) {
        if (pass_->is_first && pass_->is_last) {
            tile.carry_stride = width;
        } else {
            carry = slot.carry.data() + lane;
        }
        tile.carry_in = block_index == 0 ? tile.carry_in : carry;
        tile.carry_out = block_index + 1 == conv.blocks.size() ? tile.carry_out : carry;
    }
    // Rows of the lists count from the first source row of the band.
    const std::int64_t list_row = std::max(first_source_row(block, band.first), std::int64_t{0});
    const std::int64_t top = first_source_row(block, y);
    const std::int64_t first_row = std::max(top, std::int64_t{0});
    const std::int64_t end_row = std::min(top + block.num_kernel_rows, source_->height);
    const std::int64_t num_rows = std::max(end_row - first_row, std::int64_t{0});
    const std::int64_t first_list = num_rows > 0 ? first_row - list_row : 0;
    lists.select(first_list, num_rows, arguments);
    steps_.use_all(slot.chunk_size);
    if (pass_->may_rest() && carry == nullptr) {
        std::uint64_t occupied[kStepWords] = {};
        lists.add_occupied(first_list, num_rows, occupied);
        steps_.use(occupied);
        std::fill_n(tile.masks, layout.has_whole_words() ? 0 : slot.chunk_size, std::uint64_t{0});
    }
    if (steps_.size() == 0) {
        return;
    }
    tile.steps = steps_.steps();
    tile.num_steps = steps_.size();
    // Event 0 is the first bit of the lists' first row, which stands (list_row - top) kernel rows
    // into the weights, or before them.
    arguments.rows = conv.rows(channel, width, block);
    arguments.first_row = (list_row - top) * block.ids_per_row;
    arguments.zero_row = block.num_rows();
    arguments.grid = pass_->plan.grid.data() + lane;
    arguments.limit = pass_->limit(lane);
    slot.num_spikes[pass_->population] +=
        int16 ? kernels().gather_int16(arguments) : kernels().gather(arguments);
}

void ConvPass::finish_columns(SampleSlot& slot, std::size_t index, std::int64_t x,
                              std::int64_t columns, std::int64_t columns_per_mask) {
    const Layout& layout = pass_->plan.layout;
    if (!pass_->is_last || layout.has_whole_words()) {
        return;
    }
    const auto pixel = [&](std::int64_t y, std::int64_t column) {
        return PixelBits{column_masks(index, column / columns_per_mask, y),
                         static_cast<int>(column % columns_per_mask * layout.lanes)};
    };
    if (pool_ == nullptr) {
        for (std::int64_t column = x; column < x + columns; ++column) {
            for (std::int64_t y = 0; y < layout.height; ++y) {
                const PixelBits bits = pixel(y, column);
                pass_->merge(slot, y, column, bits.words, bits.shift);
            }
        }
        return;
    }
    const Window& window = pool_->projection.pool.window;
    std::vector<PixelBits>& pixels = pixels_;
    for (std::int64_t column = x; column < x + columns; ++column) {
        if ((column + 1) % window.kernel_width != 0) {
            continue;
        }
        const std::int64_t pool_x = column / window.kernel_width;
        for (std::int64_t pool_y = 0; pool_y < pool_->plan.layout.height; ++pool_y) {
            pixels.clear();
            for (std::int64_t i = 0; i < window.kernel_height; ++i) {
                for (std::int64_t j = 0; j < window.kernel_width; ++j) {
                    pixels.push_back(
                        pixel(pool_y * window.stride_y + i, pool_x * window.kernel_width + j));
                }
            }
            pool_pass_.run_tile(*pool_, slot, pool_y, pool_x, 0, pixels);
        }
    }
}

}  // namespace pysnn::detail
