#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/cpu/ops/pass.hpp"
#include "engine/cpu/ops/pool_pass.hpp"

namespace pysnn::detail {

/// Runs convolutions, column by column of output positions.
///
/// The positions of a column share the lists of the source columns under their windows: the events
/// of one position are those of neighbouring source rows, one stretch of the list. Spikes of pixels
/// that do not fill words wait in masks of a few columns until they are merged into their rows, or
/// until a pool that alone reads them has taken them.
class ConvPass {
  public:
    /// Args:
    ///     pool: The pool to run column by column, or null.
    ///     must_stop: Asked between columns; true ends the pass early.
    void run(const Pass& pass, const Pass* pool, const std::vector<SampleSlot*>& slots,
             const std::function<bool()>& must_stop);

  private:
    /// Output rows whose lists are made at once, so that events fit their 16 bits.
    struct Band {
        std::int64_t first = 0;
        std::int64_t end = 0;
    };
    struct Tile {
        std::size_t slot = 0;
        std::int64_t y = 0;
    };

    bool prefers_tables(const SampleSlot& slot) const;
    void run_gather(const std::vector<SampleSlot*>& slots, const std::function<bool()>& must_stop);
    void run_band(const std::vector<SampleSlot*>& slots, std::int64_t x, Band band);
    void run_block(SampleSlot& slot, std::size_t index, std::int64_t x, std::int64_t y,
                   std::int64_t channel, std::size_t block, const Band& band, float* carry);
    void make_lists(const SampleSlot& slot, std::int64_t x, const ConvBlock& block,
                    const Band& band, EventLists& lists);
    void run_tables(SampleSlot& slot, const std::function<bool()>& must_stop);
    void find_any_spikes(const SampleSlot& slot);
    std::uint64_t any_spike(std::int64_t row, std::int64_t word) const;
    std::uint32_t rows_with_spikes(std::int64_t first_row, std::int64_t end_row) const;
    void make_patterns(const SampleSlot& slot, std::int64_t x);
    void run_table_rows(SampleSlot& slot, std::int64_t x, std::int64_t y, std::int64_t num_rows);
    bool pools_in_tables() const;
    void run_pooled_table(SampleSlot& slot, std::int64_t x, std::int64_t y,
                          TableArguments& arguments);
    void finish_columns(SampleSlot& slot, std::size_t index, std::int64_t x, std::int64_t columns,
                        std::int64_t columns_per_mask);
    std::int64_t first_source_row(const ConvBlock& block, std::int64_t y) const;
    std::uint64_t* column_masks(std::size_t index, std::int64_t mask_column, std::int64_t y);

    const Pass* pass_ = nullptr;
    const Pass* pool_ = nullptr;
    const Layout* source_ = nullptr;
    PoolPass pool_pass_;
    std::int64_t mask_columns_ = 1;               // that wait at once
    AlignedBuffer<std::uint64_t> masks_;          // (slot, waiting column, y, step)
    std::vector<std::vector<EventLists>> lists_;  // by slot, by block
    std::vector<const std::uint64_t*> words_;
    AlignedBuffer<std::uint64_t> windows_;   // (source row, word, step)
    AlignedBuffer<std::uint8_t> patterns_;   // (source row, part, step)
    std::vector<std::uint64_t> any_spikes_;  // (source word): bits set in some step
    std::vector<std::uint64_t> occupied_;    // (source row, kStepWords)
    AlignedBuffer<float> carry_;             // (tile, step, lane)
    std::vector<SampleSlot*> gathered_;
    std::vector<Tile> tiles_;
    std::vector<PixelBits> pixels_;
    AlignedBuffer<std::uint64_t> pool_masks_;  // (step), of a pool inside of a table's tile
    StepList steps_;
};

}  // namespace pysnn::detail
