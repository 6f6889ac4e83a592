// Windows of source pixels, and the pools over them.

#include "engine/cpu/ops/pool.hpp"

#include <algorithm>

namespace pysnn::detail {
namespace {

// A pixel's bits where they stand in one word, or a copy where they straddle two.
PixelBits pixel_at(const Layout& source, const std::uint64_t* words, std::int64_t y, std::int64_t x,
                   std::int64_t channel, std::int64_t num_steps, std::uint64_t* straddling) {
    const std::int64_t bit = x * source.bit_channels + channel;
    const std::uint64_t* low = words + (y * source.words_per_row + bit / kMaskBits) * kMaxChunk;
    const auto shift = static_cast<int>(bit % kMaskBits);
    const std::int64_t bits = std::min(source.bit_channels, kMaskBits);
    if (shift + bits <= kMaskBits) {
        return {low, shift};
    }
    kernels().window_words(low, low + kMaxChunk, shift, ~std::uint64_t{0}, num_steps, straddling);
    return {straddling, 0};
}

}  // namespace

void PoolRunner::reserve(const Window& window) {
    words_.reserve(window.num_positions());
    shifts_.reserve(window.num_positions());
    masks_.reserve(kMaxChunk);
}

void PoolRunner::run(const PoolOp& op, const OpContext& context) {
    for (SampleSlot* slot : context.slots) {
        run_sample(op.share, *slot);
        if (context.must_stop()) {
            return;
        }
    }
}

void PoolRunner::run_sample(const Share& share, SampleSlot& slot) {
    const Layout& source = *share.projection->source_layout;
    const Layout& layout = share.packed->layout;
    const Window& window = std::get<PoolWeights>(share.projection->weights).window;
    const std::uint64_t* words = slot.words_of(share.projection->source);
    reserve(window);
    straddling_.reserve(window.num_positions() * kMaxChunk);
    for (std::int64_t y = 0; y < layout.height; ++y) {
        for (std::int64_t x = 0; x < layout.width; ++x) {
            for (std::int64_t channel = 0; channel < layout.lanes; channel += kMaskBits) {
                windows_.clear();
                for (std::int64_t i = 0; i < window.kernel_height; ++i) {
                    for (std::int64_t j = 0; j < window.kernel_width; ++j) {
                        windows_.push_back(
                            pixel_at(source, words, y * window.stride_y + i,
                                     x * window.stride_x + j, channel, slot.chunk_size,
                                     straddling_.data() + windows_.size() * kMaxChunk));
                    }
                }
                run_tile(share, slot, y, x, channel, windows_);
            }
        }
    }
}

void PoolRunner::run_tile(const Share& share, SampleSlot& slot, std::int64_t y, std::int64_t x,
                          std::int64_t channel, const Array<PixelBits>& windows) {
    const Layout& layout = share.packed->layout;
    const auto& pool = std::get<PoolWeights>(share.projection->weights);
    words_.clear();
    shifts_.clear();
    for (const PixelBits& pixel : windows) {
        words_.push_back(pixel.words);
        shifts_.push_back(pixel.shift);
    }
    const std::int64_t lane = (y * layout.width + x) * layout.lanes + channel;
    PoolArguments arguments;
    arguments.tile = tile_at(share, slot, lane, std::min(layout.lanes - channel, kMaskBits));
    arguments.tile.base = base_at(share, slot, lane);
    steps_.use_all(slot.chunk_size);
    if (share.may_rest) {
        std::uint64_t occupied[kStepWords] = {};
        const std::int64_t bits = std::min(layout.channels - channel, kMaskBits);
        kernels().occupied_steps(words_.data(), shifts_.data(), words_.size(),
                                 ~std::uint64_t{0} >> (kMaskBits - bits), slot.chunk_size,
                                 occupied);
        steps_.use(occupied);
        std::fill_n(masks_.data(), layout.is_aligned() ? 0 : slot.chunk_size, std::uint64_t{0});
        if (steps_.size() == 0) {
            return;
        }
    }
    arguments.tile.steps = steps_.steps();
    arguments.tile.num_steps = steps_.size();
    arguments.tile.masks =
        layout.is_aligned() ? words_at(share, slot, y, x, channel) : masks_.data();
    arguments.weight = pool.weight.data() + channel;
    arguments.windows = words_.data();
    arguments.shifts = shifts_.data();
    arguments.num_windows = static_cast<int>(windows.size());
    if (!pool.limit.empty() && !share.has_constant_current) {
        arguments.limit = pool.limit.data() + lane;
    }
    slot.populations[share.population].num_spikes += kernels().pool(arguments);
    if (share.is_last && !layout.is_aligned()) {
        merge_pixel(share, slot, y, x, masks_.data(), 0);
    }
}

}  // namespace pysnn::detail
