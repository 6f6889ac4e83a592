// Windows of source pixels, and the pools over them.

#include "engine/cpu/ops/pool.hpp"

#include <algorithm>

namespace pysnn::detail {

void PoolRunner::reserve(const Share& share) {
    const Window& window = std::get<PoolWeights>(share.projection->weights).window;
    const std::int64_t signs = share.projection->source_layout->is_signed ? 2 : 1;
    words_.reserve(window.num_positions() * signs);
    shifts_.reserve(window.num_positions() * signs);
    taps_.reserve(window.num_positions() * signs);
    masks_.reserve(share, 1);
}

void PoolRunner::run(const PoolOp& op, const OpContext& context) {
    reserve(op.share);
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
    const auto& pool = std::get<PoolWeights>(share.projection->weights);
    pixels_.begin(source, slot.words_of(share.projection->source), pool.window, slot.chunk_size);
    for (std::int64_t y = 0; y < layout.height; ++y) {
        for (std::int64_t x = 0; x < layout.width; ++x) {
            for (std::int64_t channel = 0; channel < layout.lanes; channel += kMaskBits) {
                const std::int64_t from = channel - pool.first_channel;
                pixels_.clear();
                if (from > -kMaskBits && from < source.channels) {
                    pixels_.add({y, x, from, false});
                }
                const std::int64_t num_positive = pixels_.pixels().size();
                if (source.is_signed && num_positive > 0) {
                    pixels_.add({y, x, from, true});
                }
                run_tile(share, slot, {y, x, channel}, {pixels_.pixels(), num_positive});
            }
        }
    }
}

void PoolRunner::run_tile(const Share& share, SampleSlot& slot, const PixelPlace& place,
                          const WindowBits& window) {
    const Layout& layout = share.packed->layout;
    const auto& pool = std::get<PoolWeights>(share.projection->weights);
    words_.clear();
    shifts_.clear();
    taps_.clear();
    for (const PixelBits& pixel : window.pixels) {
        words_.push_back(pixel.words);
        shifts_.push_back(pixel.shift);
        taps_.push_back(pixel.tap);
    }
    const std::int64_t lane = (place.y * layout.width + place.x) * layout.lanes + place.channel;
    const TileMasks masks =
        layout.is_aligned() ? words_at(share, slot, place.y, place.x, place.channel) : masks_.at(0);
    PoolArguments arguments;
    arguments.tile = tile_at(share, slot, lane, std::min(layout.lanes - place.channel, kMaskBits));
    arguments.tile.base = base_at(share, slot, lane);
    steps_.use_all(slot.chunk_size);
    if (share.may_rest) {
        std::uint64_t occupied[kStepWords] = {};
        const std::int64_t bits = std::min(layout.channels - place.channel, kMaskBits);
        kernels().occupied_steps(words_.data(), shifts_.data(), words_.size(),
                                 ~std::uint64_t{0} >> (kMaskBits - bits), slot.chunk_size,
                                 occupied);
        steps_.use(occupied);
        std::fill_n(masks.positive, layout.is_aligned() ? 0 : slot.chunk_size, std::uint64_t{0});
        if (steps_.size() == 0) {
            return;
        }
    }
    arguments.tile.steps = steps_.steps();
    arguments.tile.num_steps = steps_.size();
    arguments.tile.masks = masks.positive;
    arguments.tile.negative_masks = masks.negative;
    arguments.weight = pool.weight_at(lane, place.channel);
    arguments.windows = words_.data();
    arguments.shifts = shifts_.data();
    arguments.taps = pool.is_by_tap ? taps_.data() : nullptr;
    arguments.tap_stride = layout.lanes;
    arguments.num_windows = static_cast<int>(window.num_positive);
    arguments.num_negative_windows = static_cast<int>(window.pixels.size() - window.num_positive);
    if (!pool.limit.empty() && !share.has_constant_current) {
        arguments.limit = pool.limit.data() + lane;
    }
    slot.populations[share.population].num_spikes += kernels().pool(arguments);
    if (share.is_last && !layout.is_aligned()) {
        merge_pixel(share, slot, place.y, place.x, masks, 0);
    }
}

}  // namespace pysnn::detail
