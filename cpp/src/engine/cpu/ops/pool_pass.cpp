#include "engine/cpu/ops/pool_pass.hpp"

#include <algorithm>

namespace pysnn::detail {

PixelBits PoolPass::pixel(const Layout& source, const std::uint64_t* words, std::int64_t y,
                          std::int64_t x, std::int64_t channel, std::int64_t num_steps,
                          std::uint64_t* straddling) {
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

void PoolPass::reserve(const Window& window) {
    const auto num_positions = static_cast<std::size_t>(window.num_positions());
    words_.reserve(num_positions);
    shifts_.reserve(num_positions);
    masks_.reserve(kMaxChunk);
}

void PoolPass::run(const Pass& pass, SampleSlot& slot) {
    const int from = pass.projection.source;
    const Layout& source =
        from == 0 ? pass.job.plan->input
                  : pass.job.plan->populations[static_cast<std::size_t>(from - 1)].layout;
    const Window& window = pass.projection.pool.window;
    const std::uint64_t* words = slot.words_of(from);
    reserve(window);
    straddling_.reserve(static_cast<std::size_t>(window.num_positions() * kMaxChunk));
    for (std::int64_t y = 0; y < pass.plan.layout.height; ++y) {
        for (std::int64_t x = 0; x < pass.plan.layout.width; ++x) {
            for (std::int64_t channel = 0; channel < pass.plan.layout.lanes; channel += kMaskBits) {
                windows_.clear();
                for (std::int64_t i = 0; i < window.kernel_height; ++i) {
                    for (std::int64_t j = 0; j < window.kernel_width; ++j) {
                        std::uint64_t* straddling =
                            straddling_.data() +
                            static_cast<std::int64_t>(windows_.size()) * kMaxChunk;
                        windows_.push_back(pixel(source, words, y * window.stride_y + i,
                                                 x * window.stride_x + j, channel, slot.chunk_size,
                                                 straddling));
                    }
                }
                run_tile(pass, slot, y, x, channel, windows_);
            }
        }
    }
}

void PoolPass::run_tile(const Pass& pass, SampleSlot& slot, std::int64_t y, std::int64_t x,
                        std::int64_t channel, const std::vector<PixelBits>& windows) {
    const Layout& layout = pass.plan.layout;
    words_.clear();
    shifts_.clear();
    for (const PixelBits& pixel : windows) {
        words_.push_back(pixel.words);
        shifts_.push_back(pixel.shift);
    }
    const std::int64_t lane = (y * layout.width + x) * layout.lanes + channel;
    PoolArguments arguments;
    arguments.tile = pass.tile(slot, lane, std::min(layout.lanes - channel, kMaskBits));
    arguments.tile.base = pass.start(slot, lane, false);
    steps_.use_all(slot.chunk_size);
    if (pass.may_rest()) {
        std::uint64_t occupied[kStepWords] = {};
        const std::int64_t bits = std::min(layout.channels - channel, kMaskBits);
        kernels().occupied_steps(
            words_.data(), shifts_.data(), static_cast<std::int64_t>(words_.size()),
            ~std::uint64_t{0} >> (kMaskBits - bits), slot.chunk_size, occupied);
        steps_.use(occupied);
        std::fill_n(masks_.data(), layout.is_aligned() ? 0 : slot.chunk_size, std::uint64_t{0});
        if (steps_.size() == 0) {
            return;
        }
    }
    arguments.tile.steps = steps_.steps();
    arguments.tile.num_steps = steps_.size();
    arguments.tile.masks = layout.is_aligned() ? pass.words(slot, y, x, channel) : masks_.data();
    arguments.weight = pass.projection.pool.weight.data() + channel;
    arguments.windows = words_.data();
    arguments.shifts = shifts_.data();
    arguments.num_windows = static_cast<int>(windows.size());
    const AlignedBuffer<std::int8_t>& limit = pass.projection.pool.limit;
    if (limit.size() > 0 && !pass.job.has_constant_current(pass.population)) {
        arguments.limit = limit.data() + lane;
    }
    slot.num_spikes[pass.population] += kernels().pool(arguments);
    if (pass.is_last && !layout.is_aligned()) {
        pass.merge(slot, y, x, masks_.data(), 0);
    }
}

}  // namespace pysnn::detail
