// The op of max pools.
#pragma once

#include <cstdint>

#include "base/array.hpp"
#include "engine/cpu/ops/op_context.hpp"
#include "engine/cpu/ops/source_pixels.hpp"
#include "engine/cpu/ops/tiles.hpp"

namespace pysnn::detail {

/// Runs max pools: neurons whose spike count is, after every step, the largest of their window's.
///
/// Window by window over all steps of the chunk. A step costs as much as spikes come in, since a
/// count that does not change changes no maximum.
class MaxPoolRunner {
  public:
    void run(const MaxPoolOp& op, const OpContext& context);

  private:
    /// A window's channels of one word, with what the sources counted before the chunk.
    struct Tile {
        std::int32_t* sent = nullptr;  // by channel
        TileMasks masks;
        std::int64_t num_pixels = 0;
        std::uint64_t channels = 0;  // those that there are
    };

    void run_sample(const Share& share, SampleSlot& slot);
    void load_counts(const Share& share, const SampleSlot& slot, const WindowPlace& place);
    void store_counts(const Share& share, SampleSlot& slot, const WindowPlace& place) const;
    void add_chunk(const Share& share, SampleSlot& slot) const;
    std::int64_t run_tile(const Tile& tile, std::int64_t num_steps);
    void count_spikes(const Tile& tile, std::int64_t step, std::uint64_t& grown,
                      std::uint64_t& shrunk);
    std::int32_t maximum(const Tile& tile, std::int64_t channel) const;

    SourcePixels pixels_;
    Array<std::int32_t> counts_;  // (pixel of the window, channel of the tile)
    WaitingMasks masks_;
};

}  // namespace pysnn::detail
