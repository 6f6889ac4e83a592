// Convolutions by gathering: one weight row for each event under a window.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/input/event_lists.hpp"
#include "engine/cpu/ops/convolution/pixel_columns.hpp"
#include "engine/cpu/ops/op_context.hpp"
#include "engine/cpu/ops/position_sums.hpp"

namespace pysnn::detail {

/// Runs a convolution by gathering, column by column of output positions.
///
/// The positions of a column share the lists of the source columns under their windows: the events
/// of one position are those of neighbouring source rows, one stretch of the list.
class GatheredConvolution {
  public:
    /// Args:
    ///     columns: begun for this op.
    void run(const ConvolutionOp& op, const OpContext& context, PixelColumns& columns);

  private:
    /// Output rows whose lists are made at once.
    struct Band {
        std::int64_t first = 0;
        std::int64_t end = 0;
    };
    /// An output position of one sample.
    struct Place {
        std::int64_t slot = 0;
        std::int64_t y = 0;
        std::int64_t x = 0;
    };

    void run_band(const Array<SampleSlot*>& slots, std::int64_t x, Band band);
    void run_tile(SampleSlot& slot, const Place& place, std::int64_t channel,
                  std::int64_t block_index, const Band& band, float* carry);
    void make_lists(const SampleSlot& slot, std::int64_t x, const ConvBlock& block,
                    const Band& band, EventLists& lists);
    void add_words(const ConvBlock& block, const RowWords& row, std::int64_t first_column);
    void add_windows(const ConvBlock& block, const RowWords& row, std::int64_t first_column,
                     std::int64_t num_steps);
    std::int64_t first_source_row(const ConvBlock& block, std::int64_t y) const;

    const ConvolutionOp* op_ = nullptr;
    const ConvWeights* conv_ = nullptr;
    const Layout* source_ = nullptr;
    PixelColumns* columns_ = nullptr;
    PositionSums sums_;
    Array<Array<EventLists>> lists_;  // by slot, by block
    Array<const std::uint64_t*> words_;
    AlignedBuffer<std::uint64_t> windows_;  // (source row, word, step)
    AlignedBuffer<float> carry_;            // (tile, step, lane)
    Array<Place> places_;
    StepList steps_;
};

}  // namespace pysnn::detail
