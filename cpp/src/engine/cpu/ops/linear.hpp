// The op of Linear projections.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/input/event_lists.hpp"
#include "engine/cpu/ops/op_context.hpp"
#include "engine/cpu/ops/tiles.hpp"

namespace pysnn::detail {

/// Runs Linear projections.
///
/// Tile by tile over all samples at work, so that a tile's weights stay in the cache for all of
/// them.
class LinearRunner {
  public:
    void run(const LinearOp& op, const OpContext& context);

  private:
    /// A tile of one sample under one block of weights.
    struct Place {
        std::int64_t slot = 0;
        std::int64_t block = 0;
        std::int64_t position = 0;
        std::int64_t channel = 0;
    };

    void make_lists(const Share& share, const Array<SampleSlot*>& slots);
    void run_tile(const LinearOp& op, SampleSlot& slot, const Place& place);

    Array<Array<EventLists>> lists_;  // by slot, by block
    Array<const std::uint64_t*> words_;
    AlignedBuffer<float> carry_;  // (slot, step, tile)
    WaitingMasks masks_;          // by slot, of a tile that shares its word with others
    StepList steps_;
};

}  // namespace pysnn::detail
