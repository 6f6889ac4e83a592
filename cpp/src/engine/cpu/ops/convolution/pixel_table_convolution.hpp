// Convolutions of narrow pixels, by tables of eight channels.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/ops/op_context.hpp"
#include "engine/cpu/ops/position_sums.hpp"

namespace pysnn::detail {

/// Runs a convolution by tables of pixels, row by row of output positions. The patterns of a source
/// row are made once and kept while some window covers it.
class PixelTableConvolution {
  public:
    void run(const ConvolutionOp& op, SampleSlot& slot, const std::function<bool()>& must_stop);

  private:
    void begin(const ConvolutionOp& op, const SampleSlot& slot);
    void find_rows(const SampleSlot& slot, std::int64_t y);
    void make_row(const SampleSlot& slot, std::int64_t row, std::uint8_t* patterns);
    bool has_whole_bytes() const;
    void run_positions(SampleSlot& slot, std::int64_t y, std::int64_t x, std::int64_t count);
    void run_tile(SampleSlot& slot, const WindowPlace& place, std::int64_t count);

    const ConvolutionOp* op_ = nullptr;
    const ConvWeights* conv_ = nullptr;
    const Layout* source_ = nullptr;
    PositionSums sums_;
    PositionMasks masks_;
    std::int64_t pattern_stride_ = 0;        // from part to part
    std::int64_t pixel_size_ = 0;            // patterns of a source pixel
    std::int64_t row_size_ = 0;              // of a row of them, padding included
    AlignedBuffer<std::uint64_t> window_;    // (step), of a pixel whose bits are not whole bytes
    AlignedBuffer<std::uint8_t> patterns_;   // (place, source column, sign, part, step)
    Array<std::int64_t> made_;               // (place): which source row is there
    Array<const std::uint8_t*> of_rows_;     // (kernel row): patterns from the first column on
    Array<const std::uint8_t*> of_windows_;  // the same from the first column of a window on
};

}  // namespace pysnn::detail
