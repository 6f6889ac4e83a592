// Sums, shortcuts, membranes.

#include "engine/cpu/ops/position_sums.hpp"

#include <algorithm>

namespace pysnn::detail {

void PositionSums::begin(const ConvolutionOp& op) {
    op_ = &op;
    const std::int64_t lanes = op.share.packed->layout.lanes;
    const std::int64_t at_once = PositionMasks::positions_at_once(op.share.packed->layout);
    sums_.reserve(kMaxChunk * kStride);
    if (shortcuts_.size() < op.shortcuts.size()) {
        shortcuts_.resize(op.shortcuts.size());
    }
    for (std::int64_t i = 0; i < op.shortcuts.size(); ++i) {
        Shortcut& shortcut = shortcuts_[i];
        shortcut.share = &op.shortcuts[i];
        shortcut.weights = &std::get<PoolWeights>(shortcut.share->projection->weights);
        const Window& window = shortcut.weights->window;
        shortcut.pixels.reserve(*shortcut.share->projection->source_layout, window);
        words_.reserve(2 * window.num_positions());
        shifts_.reserve(2 * window.num_positions());
        shortcut.gathered.reserve(2 * kMaxChunk);
        shortcut.repeated.reserve(at_once * lanes);
        for (std::int64_t p = 0; p < at_once; ++p) {
            std::copy_n(shortcut.weights->weight.data(), lanes,
                        shortcut.repeated.data() + p * lanes);
        }
    }
}

// Bits of several positions side by side, as their lanes are.
PixelBits PositionSums::gathered_bits(Shortcut& shortcut, const SampleSlot& slot,
                                      const WindowPlace& place, std::int64_t count) const {
    const std::int64_t lanes = op_->share.packed->layout.lanes;
    std::uint64_t* words = shortcut.gathered.data() + (place.is_negative ? kMaxChunk : 0);
    std::fill_n(words, slot.chunk_size, std::uint64_t{0});
    for (std::int64_t p = 0; p < count; ++p) {
        shortcut.pixels.clear();
        shortcut.pixels.add({place.y, place.x + p, place.channel, place.is_negative});
        for (const PixelBits& pixel : shortcut.pixels.pixels()) {
            kernels().merge_words(pixel.words, pixel.shift,
                                  ~std::uint64_t{0} >> (kMaskBits - lanes),
                                  static_cast<int>(p * lanes), slot.chunk_size, words);
        }
    }
    return {words, 0};
}

void PositionSums::find_bits(Shortcut& shortcut, const SampleSlot& slot, const WindowPlace& target,
                             std::int64_t count) {
    const PackedProjection& projection = *shortcut.share->projection;
    const Layout& source = *projection.source_layout;
    shortcut.pixels.begin(source, slot.words_of(projection.source), shortcut.weights->window,
                          slot.chunk_size);
    WindowPlace place = target;
    place.channel -= shortcut.weights->first_channel;
    words_.clear();
    shifts_.clear();
    num_positive_ = 0;
    if (place.channel <= -kMaskBits || place.channel >= source.channels) {
        return;
    }
    shortcut.pixels.clear();
    for (const bool is_negative : {false, true}) {
        place.is_negative = is_negative;
        if (is_negative && !source.is_signed) {
            break;
        }
        if (count > 1) {
            keep(gathered_bits(shortcut, slot, place, count));
        } else {
            shortcut.pixels.add(place);
            // None where padding stands.
            for (std::int64_t i = words_.size(); i < shortcut.pixels.pixels().size(); ++i) {
                keep(shortcut.pixels.pixels()[i]);
            }
        }
        num_positive_ = is_negative ? num_positive_ : static_cast<int>(words_.size());
    }
}

void PositionSums::keep(const PixelBits& pixel) {
    words_.push_back(pixel.words);
    shifts_.push_back(pixel.shift);
}

void PositionSums::finish(SampleSlot& slot, const WindowPlace& place, std::int64_t width,
                          float* tile_sums, std::int64_t stride, const TileMasks& masks) {
    const Share& share = op_->share;
    const Layout& layout = share.packed->layout;
    const std::int64_t count = std::max(width / layout.lanes, std::int64_t{1});
    steps_.use_all(slot.chunk_size);
    // A pool's tile has one mask.
    for (std::int64_t first = 0; first < width; first += kMaskBits) {
        WindowPlace part = place;
        part.channel += first;
        const std::int64_t lane = (part.y * layout.width + part.x) * layout.lanes + part.channel;
        float* sums = tile_sums + first;
        PoolArguments arguments;
        arguments.tile = tile_at(share, slot, lane, std::min(width - first, kMaskBits));
        TileView& tile = arguments.tile;
        tile.base = sums;
        tile.carry_in = sums;
        tile.carry_stride = stride;
        tile.steps = steps_.steps();
        tile.num_steps = steps_.size();
        const std::int64_t mask = first / kMaskBits * kMaxChunk;
        tile.masks = masks.positive + mask;
        tile.negative_masks = masks.negative == nullptr ? nullptr : masks.negative + mask;
        arguments.weight = sums;
        for (std::int64_t i = 0; i < op_->shortcuts.size(); ++i) {
            find_bits(shortcuts_[i], slot, part, count);
            arguments.weight = count == 1 ? shortcuts_[i].weights->weight_at(lane, part.channel)
                                          : shortcuts_[i].repeated.data();
            arguments.windows = words_.data();
            arguments.shifts = shifts_.data();
            arguments.num_windows = num_positive_;
            arguments.num_negative_windows = static_cast<int>(words_.size()) - num_positive_;
            if (i + 1 < op_->shortcuts.size()) {
                tile.carry_out = sums;
                kernels().pool(arguments);
                tile.carry_out = nullptr;
            }
        }
        slot.populations[share.population].num_spikes += kernels().pool(arguments);
    }
}

}  // namespace pysnn::detail
