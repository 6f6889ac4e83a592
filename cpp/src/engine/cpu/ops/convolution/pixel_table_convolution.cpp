// Patterns of source rows, and the positions that look them up.

#include "engine/cpu/ops/convolution/pixel_table_convolution.hpp"

#include <algorithm>
#include <iterator>

namespace pysnn::detail {
namespace {

constexpr std::int64_t kNoRow = -1;

}  // namespace

void PixelTableConvolution::run(const ConvolutionOp& op, SampleSlot& slot,
                                const std::function<bool()>& must_stop) {
    begin(op, slot);
    const Layout& layout = op.share.packed->layout;
    const std::int64_t at_once = PositionMasks::positions_at_once(layout);
    for (std::int64_t y = 0; y < layout.height; ++y) {
        find_rows(slot, y);
        for (std::int64_t x = 0; x < layout.width; x += at_once) {
            run_positions(slot, y, x, std::min(at_once, layout.width - x));
        }
        if (must_stop()) {
            return;
        }
    }
}

void PixelTableConvolution::begin(const ConvolutionOp& op, const SampleSlot& slot) {
    op_ = &op;
    conv_ = &std::get<ConvWeights>(op.share.projection->weights);
    source_ = op.share.projection->source_layout;
    sums_.begin(op);
    masks_.begin(op.share);
    const Window& window = conv_->window;
    const std::int64_t num_columns =
        (op.share.packed->layout.width - 1) * window.stride_x + window.kernel_width;
    pattern_stride_ = *std::find_if(std::begin(kPatternStrides), std::end(kPatternStrides),
                                    [&](std::int64_t size) { return size >= slot.chunk_size; });
    pixel_size_ = kPixelParts * (source_->is_signed ? 2 : 1) * pattern_stride_;
    row_size_ = num_columns * pixel_size_;
    // The last place is silent, and so are columns beyond the image.
    const std::int64_t size = (window.kernel_height + 1) * row_size_;
    patterns_.reserve(size);
    std::fill_n(patterns_.data(), size, std::uint8_t{0});
    made_.assign(window.kernel_height, kNoRow);
    of_rows_.resize(window.kernel_height);
    of_windows_.resize(window.kernel_height);
}

void PixelTableConvolution::find_rows(const SampleSlot& slot, std::int64_t y) {
    const Window& window = conv_->window;
    for (std::int64_t i = 0; i < window.kernel_height; ++i) {
        const std::int64_t row = y * window.stride_y - window.padding.top + i;
        const bool inside = row >= 0 && row < source_->height;
        const std::int64_t place = inside ? row % window.kernel_height : window.kernel_height;
        std::uint8_t* patterns = patterns_.data() + place * row_size_;
        if (inside && made_[place] != row) {
            make_row(slot, row, patterns);
            made_[place] = row;
        }
        of_rows_[i] = patterns;
    }
}

void PixelTableConvolution::make_row(const SampleSlot& slot, std::int64_t row,
                                     std::uint8_t* patterns) {
    const RowWords words(*source_, slot.words_of(op_->share.projection->source), row);
    const std::int64_t first = conv_->window.padding.left;
    const std::int64_t end = std::min(row_size_ / pixel_size_ - first, source_->width);
    std::uint8_t* out = patterns + first * pixel_size_;
    if (has_whole_bytes()) {
        // The bytes of a row's words are its patterns, one after the other.
        constexpr std::int64_t kWordBytes = kMaskBits / kPatternBits;
        const std::int64_t num_bytes = end * source_->bit_channels / kPatternBits;
        for (std::int64_t word = 0; word * kWordBytes < num_bytes; ++word) {
            kernels().split_words(words[word], std::min(num_bytes - word * kWordBytes, kWordBytes),
                                  slot.chunk_size, pattern_stride_,
                                  out + word * kWordBytes * pattern_stride_);
        }
        return;
    }
    const std::uint64_t mask = ~std::uint64_t{0} >> (kMaskBits - source_->channels);
    window_.reserve(kMaxChunk);
    for (std::int64_t column = 0; column < end; ++column) {
        for (int sign = 0; sign < (source_->is_signed ? 2 : 1); ++sign) {
            const std::int64_t bit = column * source_->bit_channels + sign * source_->sign_bits;
            kernels().window_words(words[bit / kMaskBits], words[bit / kMaskBits + 1],
                                   static_cast<int>(bit % kMaskBits), mask, slot.chunk_size,
                                   window_.data());
            kernels().split_words(window_.data(), kPixelParts, slot.chunk_size, pattern_stride_,
                                  out);
            out += kPixelParts * pattern_stride_;
        }
    }
}

bool PixelTableConvolution::has_whole_bytes() const {
    return source_->sign_bits == source_->channels && source_->channels % kPatternBits == 0;
}

void PixelTableConvolution::run_positions(SampleSlot& slot, std::int64_t y, std::int64_t x,
                                          std::int64_t count) {
    const Window& window = conv_->window;
    const PackedPopulation& packed = *op_->share.packed;
    for (std::int64_t i = 0; i < window.kernel_height; ++i) {
        of_windows_[i] = of_rows_[i] + x * window.stride_x * pixel_size_;
    }
    for (std::int64_t channel = 0; channel < packed.layout.lanes; channel += packed.tile_width) {
        run_tile(slot, {y, x, channel, false}, count);
    }
}

void PixelTableConvolution::run_tile(SampleSlot& slot, const WindowPlace& place,
                                     std::int64_t count) {
    const Share& share = op_->share;
    const Window& window = conv_->window;
    const Layout& layout = share.packed->layout;
    const std::int64_t lane = (place.y * layout.width + place.x) * layout.lanes + place.channel;
    PixelTableArguments arguments;
    arguments.num_steps = slot.chunk_size;
    arguments.is_signed = source_->is_signed;
    arguments.patterns = of_windows_.data();
    arguments.pattern_stride = pattern_stride_;
    arguments.pixels_between = window.stride_x;
    arguments.num_positions = static_cast<int>(count);
    arguments.position_stride = layout.lanes;
    arguments.carry_stride = layout.padded();
    arguments.sum_stride = share.is_last ? PositionSums::kStride : layout.padded();
    for (std::int64_t first = 0; first < share.packed->width_of_tile(place.channel);
         first += kTableLanes) {
        arguments.tables = conv_->pixel_tables.at(place.channel + first);
        arguments.grid = share.uses_int16 ? share.packed->grid.data() + lane + first : nullptr;
        arguments.base = float_base_at(share, slot, lane + first);
        arguments.carry_in = share.is_first ? nullptr : slot.carry.data() + lane + first;
        arguments.sums = share.is_last ? sums_.data() + first : slot.carry.data() + lane + first;
        kernels().pixel_sums(arguments);
    }
    if (!share.is_last) {
        return;
    }
    const std::int64_t width =
        count == 1 ? share.packed->width_of_tile(place.channel) : count * layout.lanes;
    sums_.finish(slot, place, width, sums_.data(), PositionSums::kStride,
                 masks_.at(share, slot, place));
    masks_.merge(share, slot, place, count);
}

}  // namespace pysnn::detail
