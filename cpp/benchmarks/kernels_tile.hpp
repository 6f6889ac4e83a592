// A tile of neurons with its memory, for kernel benchmarks.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/aligned_buffer.hpp"
#include "engine/cpu/kernels/kernels.hpp"

namespace pysnn::benchmarks {

/// Neurons that a tile kernel runs over kNumSteps steps, and the plain loop to compare it with.
class Tile {
  public:
    /// Args:
    ///     width: Neurons of one row of output positions.
    ///     num_rows: Rows of output positions, one behind the other.
    explicit Tile(std::int64_t width, int num_rows = 1);

    /// The first row of positions, as kernels are told of it; `base` is the caller's.
    detail::TileView view();
    /// From one row's masks to the next's.
    std::int64_t mask_row_stride() const;

    /// Takes the neurons back to where they began.
    void reset();

    /// Compares what a kernel left, run once since reset(), with a loop over neurons and steps.
    ///
    /// Args:
    ///     num_spikes: What the kernel returned.
    ///     current: Of a neuron, counted over all rows, in a step.
    ///
    /// Throws:
    ///     std::runtime_error: a spike, a membrane or the number of spikes differs, or none fires.
    void check(std::int64_t num_spikes,
               const std::function<float(std::int64_t step, std::int64_t neuron)>& current) const;

  private:
    std::int64_t width_;
    std::int64_t num_neurons_;
    std::vector<std::uint16_t> steps_;
    detail::AlignedBuffer<float> initial_;
    detail::AlignedBuffer<float> potential_;
    detail::AlignedBuffer<float> threshold_;
    std::vector<std::uint64_t> masks_;  // (row, word, step)
};

}  // namespace pysnn::benchmarks
