// The op of max pools.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/kernels/kernels.hpp"
#include "engine/cpu/ops/op_context.hpp"
#include "engine/cpu/ops/source_pixels.hpp"
#include "engine/cpu/ops/tiles.hpp"

namespace pysnn::detail {

/// Runs max pools: neurons whose spike count is, after every step, the largest of their window's.
///
/// Window by window over all steps of the chunk.
class MaxPoolRunner {
  public:
    void run(const MaxPoolOp& op, const OpContext& context);

  private:
    void run_sample(const Share& share, SampleSlot& slot);
    std::int64_t run_window(const Share& share, SampleSlot& slot, const WindowPlace& place,
                            const TileMasks& masks);
    void load_counts(const Share& share, const SampleSlot& slot, const WindowPlace& place);
    void store_counts(const Share& share, SampleSlot& slot, const WindowPlace& place) const;
    void add_chunk(const Share& share, SampleSlot& slot) const;

    SourcePixels pixels_;
    Array<const std::uint64_t*> words_;
    Array<int> shifts_;
    AlignedBuffer<Deficits> deficits_;
    Array<std::int32_t> counts_;  // (pixel of the window, channel of the tile)
    WaitingMasks masks_;
};

}  // namespace pysnn::detail
