// Tiles without windows.

#include "engine/cpu/ops/constant.hpp"

#include <algorithm>

namespace pysnn::detail {

void ConstantRunner::run(const ConstantOp& op, const OpContext& context) {
    masks_.begin(op.share);
    for (SampleSlot* slot : context.slots) {
        run_sample(op.share, *slot);
        if (context.must_stop()) {
            return;
        }
    }
}

void ConstantRunner::run_sample(const Share& share, SampleSlot& slot) {
    const Layout& layout = share.packed->layout;
    const std::int64_t at_once = PositionMasks::positions_at_once(layout);
    steps_.use_all(slot.chunk_size);
    for (std::int64_t y = 0; y < layout.height; ++y) {
        for (std::int64_t x = 0; x < layout.width; x += at_once) {
            const std::int64_t count = std::min(at_once, layout.width - x);
            for (std::int64_t channel = 0; channel < layout.lanes; channel += kMaskBits) {
                run_tile(share, slot, {y, x, channel, false}, count);
            }
        }
    }
}

void ConstantRunner::run_tile(const Share& share, SampleSlot& slot, const WindowPlace& place,
                              std::int64_t count) {
    const Layout& layout = share.packed->layout;
    const std::int64_t lane = (place.y * layout.width + place.x) * layout.lanes + place.channel;
    const std::int64_t width =
        count == 1 ? std::min(layout.lanes - place.channel, kMaskBits) : count * layout.lanes;
    const TileMasks masks = masks_.at(share, slot, place);
    PoolArguments arguments;
    arguments.tile = tile_at(share, slot, lane, width);
    arguments.tile.base = float_base_at(share, slot, lane);
    arguments.tile.steps = steps_.steps();
    arguments.tile.num_steps = steps_.size();
    arguments.tile.masks = masks.positive;
    arguments.tile.negative_masks = masks.negative;
    arguments.weight = float_base_at(share, slot, lane);  // of no window
    slot.populations[share.population].num_spikes += kernels().pool(arguments);
    masks_.merge(share, slot, place, count);
}

}  // namespace pysnn::detail
