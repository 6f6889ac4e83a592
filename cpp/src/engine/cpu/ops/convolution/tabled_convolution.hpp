// Convolutions of few source channels, by tables of subset sums.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/ops/convolution/pixel_columns.hpp"
#include "engine/cpu/ops/op_context.hpp"

namespace pysnn::detail {

/// Runs a convolution by tables, some columns of output positions at once.
class TabledConvolution {
  public:
    /// Memory for an op, which later calls for it need not ask for.
    void reserve(const ConvolutionOp& op);

    /// Args:
    ///     columns: begun for this op.
    void run(const ConvolutionOp& op, SampleSlot& slot, const std::function<bool()>& must_stop,
             PixelColumns& columns);

  private:
    std::int64_t num_pattern_rows() const;
    void find_any_spikes(const SampleSlot& slot);
    std::uint64_t any_spike(std::int64_t row, std::int64_t word) const;
    std::uint32_t rows_with_spikes(std::int64_t first_row, std::int64_t end_row) const;
    void make_patterns(const SampleSlot& slot, std::int64_t x);
    void make_row_patterns(const SampleSlot& slot, std::int64_t x, std::int64_t row);
    void use_steps(std::int64_t first_row, std::int64_t end_row, std::int64_t num_steps);
    void run_rows(SampleSlot& slot, std::int64_t x, std::int64_t y, std::int64_t num_rows);

    const ConvolutionOp* op_ = nullptr;
    const ConvWeights* conv_ = nullptr;
    const Layout* source_ = nullptr;
    PixelColumns* columns_ = nullptr;
    AlignedBuffer<std::uint8_t> patterns_;  // (source row, part, step)
    Array<std::uint64_t> any_spikes_;       // (source word): bits set in some step
    Array<std::uint64_t> occupied_;         // (source row, kStepWords)
    StepList steps_;
};

}  // namespace pysnn::detail
