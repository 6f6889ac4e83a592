// Where the spikes of neighbouring positions go that run in one tile.
#pragma once

#include <cstdint>

#include "engine/cpu/ops/source_pixels.hpp"
#include "engine/cpu/ops/tiles.hpp"

namespace pysnn::detail {

/// Masks of tiles of some neighbouring positions: words of the population where its lanes are its
/// bits, or masks that wait until they are merged.
class PositionMasks {
  public:
    /// Positions whose lanes fill a mask; 1 where they do not fill one evenly.
    static std::int64_t positions_at_once(const Layout& layout);

    void begin(const Share& share);

    /// Masks for the tile at a place, whose x is a multiple of positions_at_once().
    TileMasks at(const Share& share, SampleSlot& slot, const WindowPlace& place);

    /// After a tile of `count` positions.
    void merge(const Share& share, SampleSlot& slot, const WindowPlace& place, std::int64_t count);

  private:
    WaitingMasks waiting_;
    bool waits_ = false;
};

}  // namespace pysnn::detail
