// Spikes of a convolution's output columns, until they are merged into rows or pooled.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/ops/pool.hpp"
#include "engine/cpu/ops/tiles.hpp"

namespace pysnn::detail {

/// Where the spikes of pixels wait that do not fill words.
///
/// Convolutions run column by column. The spikes of a few columns wait in masks, one for each
/// output row, until they are merged into their rows, or until the pool that alone reads them has
/// taken them. All that fusing a pool with its convolution means is here, beside the decision in
/// the schedule.
class PixelColumns {
  public:
    /// For all samples of an op that is about to run.
    void begin(const ConvolutionOp& op, std::int64_t num_slots);

    /// Masks of an output row, by step, in the column of that number.
    TileMasks masks(std::int64_t slot, std::int64_t column, std::int64_t y);
    /// From the masks of an output row to those of the next.
    std::int64_t row_stride() const;

    /// Takes output columns [x, x + columns), which are complete.
    ///
    /// Args:
    ///     columns_per_mask: columns whose spikes stand in one mask, side by side.
    void finish(SampleSlot& slot, std::int64_t slot_index, std::int64_t x, std::int64_t columns,
                std::int64_t columns_per_mask);

    /// Whether the pool runs inside of the kernel for tables: nothing waits then.
    bool pools_in_tables() const { return op_->pool && op_->pool->runs_in_tables; }

    /// Whether steps without events may be left out of tables, for the pool in them as well.
    bool tables_may_rest() const {
        return op_->share.may_rest && (!pools_in_tables() || op_->pool->share.may_rest);
    }

    /// Runs tables with the pool inside of them.
    ///
    /// Args:
    ///     y, x: Output position of the tile's first row and column.
    void run_pooled_table(SampleSlot& slot, std::int64_t y, std::int64_t x,
                          TableArguments& arguments);

  private:
    // Where the bits of a column stand in their masks.
    int shift_of(std::int64_t column, std::int64_t columns_per_mask) const {
        return static_cast<int>(column % columns_per_mask * op_->share.packed->layout.lanes);
    }
    void pool_column(SampleSlot& slot, std::int64_t slot_index, std::int64_t pool_x,
                     std::int64_t columns_per_mask);
    const ConvolutionOp* op_ = nullptr;
    std::int64_t num_columns_ = 1;  // that wait at once
    WaitingMasks masks_;            // (slot, waiting column, y)
    PoolRunner pool_;
    Array<PixelBits> window_;
    AlignedBuffer<std::uint64_t> pool_masks_;  // (step), of a pool inside of a table's tile
};

}  // namespace pysnn::detail
