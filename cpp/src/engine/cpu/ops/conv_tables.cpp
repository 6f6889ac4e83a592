// Convolutions of few source channels, by tables of subset sums.

#include <algorithm>

#include "engine/cpu/ops/conv_pass.hpp"

namespace pysnn::detail {

void ConvPass::run_tables(SampleSlot& slot, const std::function<bool()>& must_stop) {
    const SubsetTables& tables = pass_->projection.conv.tables;
    const Layout& layout = pass_->plan.layout;
    find_any_spikes(slot);
    for (std::int64_t x = 0; x < layout.width; x += tables.columns) {
        make_patterns(slot, x);
        for (std::int64_t y = 0; y < layout.height; y += kMaxTableRows) {
            run_table_rows(slot, x, y, std::min<std::int64_t>(kMaxTableRows, layout.height - y));
        }
        if (!pools_in_tables()) {
            finish_columns(slot, 0, x, std::min(tables.columns, layout.width - x), tables.columns);
        }
        if (must_stop()) {
            return;
        }
    }
}

// Which bits of the source's words are set in some step: most of an image is often silent.
void ConvPass::find_any_spikes(const SampleSlot& slot) {
    const std::uint64_t* words = slot.words_of(pass_->projection.source);
    any_spikes_.assign(static_cast<std::size_t>(source_->num_words()), 0);
    for (std::uint64_t& any : any_spikes_) {
        for (std::int64_t step = 0; step < slot.chunk_size; ++step) {
            any |= words[step];
        }
        words += kMaxChunk;
    }
}

std::uint64_t ConvPass::any_spike(std::int64_t row, std::int64_t word) const {
    return word < 0 || word >= source_->words_per_row
               ? 0
               : any_spikes_[static_cast<std::size_t>(row * source_->words_per_row + word)];
}

// Patterns of all source rows under these columns, padding rows included.
void ConvPass::make_patterns(const SampleSlot& slot, std::int64_t x) {
    const Window& window = pass_->projection.conv.window;
    const SubsetTables& tables = pass_->projection.conv.tables;
    const std::int64_t num_rows =
        (pass_->plan.layout.height - 1) * window.stride_y + window.kernel_height;
    const std::uint64_t* words = slot.words_of(pass_->projection.source);
    patterns_.reserve(static_cast<std::size_t>(num_rows * tables.num_parts * kMaxChunk));
    occupied_.assign(static_cast<std::size_t>(num_rows * kStepWords), 0);
    const std::int64_t row_bits =
        (window.kernel_width + (tables.columns - 1) * window.stride_x) * source_->bit_channels;
    for (std::int64_t i = 0; i < num_rows; ++i) {
        const std::int64_t row = i - window.padding_y;
        const bool inside = row >= 0 && row < source_->height;
        const std::uint64_t* row_words = words + row * source_->words_per_row * kMaxChunk;
        const auto word_at = [&](std::int64_t word) {
            return !inside || word < 0 || word >= source_->words_per_row
                       ? silent_words()
                       : row_words + word * kMaxChunk;
        };
        for (std::int64_t part = 0; part < tables.num_parts; ++part) {
            const std::int64_t bit =
                (x * window.stride_x - window.padding_x) * source_->bit_channels +
                part * tables.bits_per_part;
            const std::int64_t bits =
                std::min(tables.bits_per_part, row_bits - part * tables.bits_per_part);
            const auto shift = static_cast<int>(bit & 63);
            const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
            std::uint8_t* patterns = patterns_.data() + (i * tables.num_parts + part) * kMaxChunk;
            // The window of what is ever set, as window_bytes() takes it of each step.
            const std::uint64_t low = inside ? any_spike(row, bit >> 6) : 0;
            const std::uint64_t high = inside ? any_spike(row, (bit >> 6) + 1) : 0;
            if (((low >> shift | high << 1 << (63 - shift)) & mask) == 0) {
                std::fill_n(patterns, slot.chunk_size, std::uint8_t{0});
                continue;
            }
            kernels().window_bytes(word_at(bit >> 6), word_at((bit >> 6) + 1), shift, mask,
                                   slot.chunk_size, patterns, occupied_.data() + i * kStepWords);
        }
    }
}

// Bits of those rows of patterns that are not all zero; of more rows than there are bits, all.
std::uint32_t ConvPass::rows_with_spikes(std::int64_t first_row, std::int64_t end_row) const {
    constexpr std::int64_t kBits = 32;
    if (end_row - first_row > kBits) {
        return ~std::uint32_t{0};
    }
    std::uint32_t rows = 0;
    for (std::int64_t row = first_row; row < end_row; ++row) {
        std::uint64_t any = 0;
        for (std::int64_t word = 0; word < kStepWords; ++word) {
            any |= occupied_[static_cast<std::size_t>(row * kStepWords + word)];
        }
        rows |= static_cast<std::uint32_t>(any != 0) << (row - first_row);
    }
    return rows;
}

void ConvPass::run_table_rows(SampleSlot& slot, std::int64_t x, std::int64_t y,
                              std::int64_t num_rows) {
    const Window& window = pass_->projection.conv.window;
    const SubsetTables& tables = pass_->projection.conv.tables;
    const Layout& layout = pass_->plan.layout;
    const std::int64_t columns = std::min(tables.columns, layout.width - x);
    const std::int64_t first_row = y * window.stride_y;
    const std::int64_t end_row = (y + num_rows - 1) * window.stride_y + window.kernel_height;
    const bool pools = pools_in_tables();
    const bool rests = pass_->may_rest() && (!pools || pool_->may_rest());
    steps_.use_all(slot.chunk_size);
    if (rests) {
        std::uint64_t occupied[kStepWords] = {};
        for (std::int64_t row = first_row; row < end_row; ++row) {
            for (std::int64_t word = 0; word < kStepWords; ++word) {
                occupied[word] |= occupied_[static_cast<std::size_t>(row * kStepWords + word)];
            }
        }
        steps_.use(occupied);
    }
    TableArguments arguments;
    arguments.num_rows = static_cast<int>(num_rows);
    arguments.neuron_stride = layout.width * layout.lanes;
    arguments.num_lookups = window.kernel_height * tables.num_parts;
    arguments.row_width = tables.row_width;
    arguments.table_size = tables.row_width << tables.bits_per_part;
    arguments.patterns = patterns_.data() + first_row * tables.num_parts * kMaxChunk;
    arguments.pattern_stride = kMaxChunk;
    arguments.pattern_row_stride = window.stride_y * tables.num_parts * kMaxChunk;
    arguments.source_rows = rows_with_spikes(first_row, end_row);
    for (std::int64_t channel = 0; channel < layout.lanes; channel += pass_->plan.tile_width) {
        const std::int64_t lane = (y * layout.width + x) * layout.lanes + channel;
        const std::int64_t width =
            tables.columns == 1 ? pass_->plan.width_of_tile(channel) : columns * layout.lanes;
        arguments.tile = pass_->tile(slot, lane, width);
        TileView& tile = arguments.tile;
        tile.base = pass_->start(slot, lane, false);
        tile.steps = steps_.steps();
        tile.num_steps = steps_.size();
        tile.masks = layout.has_whole_words() ? pass_->words(slot, y, x, channel)
                                              : column_masks(0, x / tables.columns, y);
        arguments.mask_row_stride =
            (layout.has_whole_words() ? layout.words_per_row : 1) * kMaxChunk;
        if (rests && !pools && !layout.has_whole_words()) {
            for (std::int64_t row = 0; row < num_rows; ++row) {
                std::fill_n(tile.masks + row * arguments.mask_row_stride, slot.chunk_size,
                            std::uint64_t{0});
            }
        }
        if (steps_.size() == 0) {
            continue;
        }
        arguments.tables = tables.sums.data() + channel / pass_->plan.tile_width *
                                                    arguments.num_lookups * arguments.table_size;
        if (pools) {
            run_pooled_table(slot, x, y, arguments);
        } else {
            slot.num_spikes[pass_->population] += kernels().table(arguments);
        }
    }
}

// Whether the pool behind takes the spikes of its windows while their tables run. Windows tile the
// image, so that all of it lies in tiles of two rows and two columns then.
bool ConvPass::pools_in_tables() const {
    if (pool_ == nullptr || !kernels().pools_tables || pass_->plan.layout.lanes != kLaneMultiple ||
        pass_->projection.conv.tables.columns != 2) {
        return false;
    }
    const Window& window = pool_->projection.pool.window;
    const Job& job = pass_->job;
    return window.kernel_height == 2 && window.kernel_width == 2 && window.stride_y == 2 &&
           pass_->plan.rule == pool_->plan.rule &&
           job.refractory_steps[pass_->population] == 0.0F &&
           job.refractory_steps[pool_->population] == 0.0F;
}

void ConvPass::run_pooled_table(SampleSlot& slot, std::int64_t x, std::int64_t y,
                                TableArguments& arguments) {
    const Layout& layout = pool_->plan.layout;
    const std::int64_t lane = (y / 2 * layout.width + x / 2) * layout.lanes;
    std::fill_n(pool_masks_.data(), slot.chunk_size, std::uint64_t{0});
    PooledTile pool;
    pool.tile = pool_->tile(slot, lane, layout.lanes);
    pool.tile.base = pool_->start(slot, lane, false);
    pool.tile.masks = pool_masks_.data();
    pool.weight = pool_->projection.pool.weight.data();
    arguments.pool = &pool;
    slot.num_spikes[pass_->population] += kernels().table(arguments);
    slot.num_spikes[pool_->population] += pool.num_spikes;
    pool_->merge(slot, y / 2, x / 2, pool_masks_.data(), 0);
}

}  // namespace pysnn::detail
