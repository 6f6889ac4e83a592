// Words, or merged masks.

#include "engine/cpu/ops/position_masks.hpp"

namespace pysnn::detail {

std::int64_t PositionMasks::positions_at_once(const Layout& layout) {
    return layout.lanes < kMaskBits && kMaskBits % layout.lanes == 0 ? kMaskBits / layout.lanes : 1;
}

void PositionMasks::begin(const Share& share) {
    const Layout& layout = share.packed->layout;
    const bool fill_words =
        positions_at_once(layout) > 1 && !layout.is_signed && layout.lanes == layout.bit_channels;
    waits_ = !layout.is_aligned() && !fill_words;
    waiting_.reserve(share, 1);
}

TileMasks PositionMasks::at(const Share& share, SampleSlot& slot, const WindowPlace& place) {
    return waits_ ? waiting_.at(0) : words_at(share, slot, place.y, place.x, place.channel);
}

void PositionMasks::merge(const Share& share, SampleSlot& slot, const WindowPlace& place,
                          std::int64_t count) {
    for (std::int64_t p = 0; waits_ && p < count; ++p) {
        merge_pixel(share, slot, place.y, place.x + p, waiting_.at(0),
                    static_cast<int>(p * share.packed->layout.lanes));
    }
}

}  // namespace pysnn::detail
