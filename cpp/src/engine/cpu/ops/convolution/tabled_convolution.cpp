// Patterns of source bits, and the tiles that look them up.

#include "engine/cpu/ops/convolution/tabled_convolution.hpp"

#include <algorithm>

namespace pysnn::detail {

void TabledConvolution::reserve(const ConvolutionOp& op) {
    op_ = &op;
    conv_ = &std::get<ConvWeights>(op.share.projection->weights);
    source_ = op.share.projection->source_layout;
    any_spikes_.reserve(source_->num_words());
    patterns_.reserve(num_pattern_rows() * conv_->tables.num_parts * kMaxChunk);
    occupied_.reserve(num_pattern_rows() * kStepWords);
}

// Source rows under a column of windows, padding included.
std::int64_t TabledConvolution::num_pattern_rows() const {
    const Window& window = conv_->window;
    return (op_->share.packed->layout.height - 1) * window.stride_y + window.kernel_height;
}

void TabledConvolution::run(const ConvolutionOp& op, SampleSlot& slot,
                            const std::function<bool()>& must_stop, PixelColumns& columns) {
    reserve(op);
    columns_ = &columns;
    const std::int64_t at_once = conv_->tables.columns;
    const Layout& layout = op.share.packed->layout;
    find_any_spikes(slot);
    for (std::int64_t x = 0; x < layout.width; x += at_once) {
        make_patterns(slot, x);
        for (std::int64_t y = 0; y < layout.height; y += kMaxTableRows) {
            run_rows(slot, x, y, std::min<std::int64_t>(kMaxTableRows, layout.height - y));
        }
        if (!columns.pools_in_tables()) {
            columns.finish(slot, 0, x, std::min(at_once, layout.width - x), at_once);
        }
        if (must_stop()) {
            return;
        }
    }
}

// Which bits of the source's words are set in some step: most of an image is often silent.
void TabledConvolution::find_any_spikes(const SampleSlot& slot) {
    const std::uint64_t* words = slot.words_of(op_->share.projection->source);
    any_spikes_.assign(source_->num_words(), 0);
    for (std::uint64_t& any : any_spikes_) {
        for (std::int64_t step = 0; step < slot.chunk_size; ++step) {
            any |= words[step];
        }
        words += kMaxChunk;
    }
}

std::uint64_t TabledConvolution::any_spike(std::int64_t row, std::int64_t word) const {
    return row < 0 || row >= source_->height || word < 0 || word >= source_->words_per_row
               ? 0
               : any_spikes_[row * source_->words_per_row + word];
}

// Patterns of all source rows under these columns, padding rows included.
void TabledConvolution::make_patterns(const SampleSlot& slot, std::int64_t x) {
    const std::int64_t num_rows = num_pattern_rows();
    occupied_.assign(num_rows * kStepWords, 0);
    for (std::int64_t row = 0; row < num_rows; ++row) {
        make_row_patterns(slot, x, row);
    }
}

// A row of patterns; rows count from the first padding row.
void TabledConvolution::make_row_patterns(const SampleSlot& slot, std::int64_t x,
                                          std::int64_t row) {
    const Window& window = conv_->window;
    const SubsetTables& tables = conv_->tables;
    const std::int64_t row_bits =
        (window.kernel_width + (tables.columns - 1) * window.stride_x) * source_->bit_channels;
    const std::int64_t source_row = row - window.padding.top;
    const bool inside = source_row >= 0 && source_row < source_->height;
    const RowWords words(*source_, inside ? slot.words_of(op_->share.projection->source) : nullptr,
                         source_row);
    for (std::int64_t part = 0; part < tables.num_parts; ++part) {
        const std::int64_t bit =
            (x * window.stride_x - window.padding.left) * source_->bit_channels +
            part * tables.bits_per_part;
        const std::int64_t bits =
            std::min(tables.bits_per_part, row_bits - part * tables.bits_per_part);
        const auto shift = static_cast<int>(bit & 63);
        const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
        std::uint8_t* patterns = patterns_.data() + (row * tables.num_parts + part) * kMaxChunk;
        // The window of what is ever set, as window_bytes() takes it of each step.
        const std::uint64_t low = any_spike(source_row, bit >> 6);
        const std::uint64_t high = any_spike(source_row, (bit >> 6) + 1);
        if (((low >> shift | high << 1 << (63 - shift)) & mask) == 0) {
            std::fill_n(patterns, slot.chunk_size, std::uint8_t{0});
            continue;
        }
        kernels().window_bytes(words[bit >> 6], words[(bit >> 6) + 1], shift, mask, slot.chunk_size,
                               patterns, occupied_.data() + row * kStepWords);
    }
}

// Bits of those rows of patterns that are not all zero; of more rows than there are bits, all.
std::uint32_t TabledConvolution::rows_with_spikes(std::int64_t first_row,
                                                  std::int64_t end_row) const {
    constexpr std::int64_t kBits = 32;
    if (end_row - first_row > kBits) {
        return ~std::uint32_t{0};
    }
    std::uint32_t rows = 0;
    for (std::int64_t row = first_row; row < end_row; ++row) {
        for (std::int64_t word = 0; word < kStepWords; ++word) {
            if (occupied_[row * kStepWords + word] != 0) {
                rows |= std::uint32_t{1} << (row - first_row);
            }
        }
    }
    return rows;
}

void TabledConvolution::use_steps(std::int64_t first_row, std::int64_t end_row,
                                  std::int64_t num_steps) {
    steps_.use_all(num_steps);
    if (!columns_->tables_may_rest()) {
        return;
    }
    std::uint64_t occupied[kStepWords] = {};
    for (std::int64_t row = first_row; row < end_row; ++row) {
        for (std::int64_t word = 0; word < kStepWords; ++word) {
            occupied[word] |= occupied_[row * kStepWords + word];
        }
    }
    steps_.use(occupied);
}

void TabledConvolution::run_rows(SampleSlot& slot, std::int64_t x, std::int64_t y,
                                 std::int64_t num_rows) {
    const Share& share = op_->share;
    const Window& window = conv_->window;
    const SubsetTables& tables = conv_->tables;
    const Layout& layout = share.packed->layout;
    const std::int64_t columns = std::min(tables.columns, layout.width - x);
    const std::int64_t first_row = y * window.stride_y;
    const std::int64_t end_row = (y + num_rows - 1) * window.stride_y + window.kernel_height;
    const bool pools = columns_->pools_in_tables();
    use_steps(first_row, end_row, slot.chunk_size);
    TableArguments arguments;
    arguments.num_rows = static_cast<int>(num_rows);
    arguments.neuron_stride = layout.width * layout.lanes;
    arguments.mask_row_stride =
        layout.has_words_by_sign() ? layout.words_per_row * kMaxChunk : columns_->row_stride();
    arguments.num_lookups = window.kernel_height * tables.num_parts;
    arguments.row_width = tables.row_width;
    arguments.table_size = tables.row_width << tables.bits_per_part;
    arguments.patterns = patterns_.data() + first_row * tables.num_parts * kMaxChunk;
    arguments.pattern_stride = kMaxChunk;
    arguments.pattern_row_stride = window.stride_y * tables.num_parts * kMaxChunk;
    arguments.source_rows = rows_with_spikes(first_row, end_row);
    for (std::int64_t channel = 0; channel < layout.lanes; channel += share.packed->tile_width) {
        const std::int64_t lane = (y * layout.width + x) * layout.lanes + channel;
        const std::int64_t width =
            tables.columns == 1 ? share.packed->width_of_tile(channel) : columns * layout.lanes;
        arguments.tile = tile_at(share, slot, lane, width);
        TileView& tile = arguments.tile;
        tile.base = float_base_at(share, slot, lane);
        tile.steps = steps_.steps();
        tile.num_steps = steps_.size();
        const TileMasks masks = layout.has_words_by_sign()
                                    ? words_at(share, slot, y, x, channel)
                                    : columns_->masks(0, x / tables.columns, y);
        tile.masks = masks.positive;
        tile.negative_masks = masks.negative;
        if (columns_->tables_may_rest() && !pools && !layout.has_words_by_sign()) {
            for (std::int64_t row = 0; row < num_rows; ++row) {
                std::fill_n(tile.masks + row * arguments.mask_row_stride, slot.chunk_size,
                            std::uint64_t{0});
            }
        }
        if (steps_.size() == 0) {
            continue;
        }
        arguments.tables = tables.sums.data() + channel / share.packed->tile_width *
                                                    arguments.num_lookups * arguments.table_size;
        if (pools) {
            columns_->run_pooled_table(slot, y, x, arguments);
        } else {
            slot.populations[share.population].num_spikes += kernels().table(arguments);
        }
    }
}

}  // namespace pysnn::detail
