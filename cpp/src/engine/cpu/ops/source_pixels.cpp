// Bits of pixels where they stand, or copies where they straddle two words.

#include "engine/cpu/ops/source_pixels.hpp"

#include <algorithm>

#include "engine/cpu/ops/tiles.hpp"

namespace pysnn::detail {

void SourcePixels::reserve(const Layout& source, const Window& window) {
    const std::int64_t most = window.num_positions() * (source.is_signed ? 2 : 1);
    pixels_.reserve(most);
    straddling_.reserve(most * kMaxChunk);
}

void SourcePixels::begin(const Layout& source, const std::uint64_t* words, const Window& window,
                         std::int64_t num_steps) {
    source_ = &source;
    words_ = words;
    window_ = window;
    num_steps_ = num_steps;
    reserve(source, window);
}

void SourcePixels::add(const WindowPlace& place) {
    const WindowAxis y = window_.y();
    const WindowAxis x = window_.x();
    const Span rows = y.taps_inside(place.y, source_->height);
    const Span columns = x.taps_inside(place.x, source_->width);
    const std::int64_t first_bit = place.channel + (place.is_negative ? source_->sign_bits : 0);
    const std::int64_t num_bits = std::min(source_->channels - place.channel, kMaskBits);
    for (std::int64_t i = rows.begin; i < rows.end; ++i) {
        for (std::int64_t j = columns.begin; j < columns.end; ++j) {
            const std::int64_t bit = x.source_of(place.x, j) * source_->bit_channels + first_bit;
            pixels_.push_back(pixel(y.source_of(place.y, i), bit, num_bits));
            pixels_.back().tap = static_cast<std::int32_t>(i * window_.kernel_width + j);
        }
    }
}

PixelBits SourcePixels::pixel(std::int64_t y, std::int64_t bit, std::int64_t num_bits) {
    const RowWords row(*source_, words_, y);
    // Rounds down, also where a shifted channel makes it negative.
    const std::int64_t word = bit >> 6;
    const auto shift = static_cast<int>(bit & 63);
    if (shift + num_bits <= kMaskBits) {
        return {row[word], shift};
    }
    std::uint64_t* straddling = straddling_.data() + pixels_.size() * kMaxChunk;
    kernels().window_words(row[word], row[word + 1], shift, ~std::uint64_t{0}, num_steps_,
                           straddling);
    return {straddling, 0};
}

}  // namespace pysnn::detail
