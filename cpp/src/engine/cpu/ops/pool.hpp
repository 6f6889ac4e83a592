// The op of average pools.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/ops/op_context.hpp"
#include "engine/cpu/ops/tiles.hpp"

namespace pysnn::detail {

/// Where the spikes of one source pixel stand, by step.
struct PixelBits {
    const std::uint64_t* words = nullptr;
    int shift = 0;
};

/// Runs pools, position by position.
class PoolRunner {
  public:
    void run(const PoolOp& op, const OpContext& context);

    /// Memory for run_tile(), so that it allocates nothing.
    void reserve(const Window& window);

    /// One position and up to 64 channels.
    ///
    /// Args:
    ///     windows: The pixels of its window.
    void run_tile(const Share& share, SampleSlot& slot, std::int64_t y, std::int64_t x,
                  std::int64_t channel, const Array<PixelBits>& windows);

  private:
    void run_sample(const Share& share, SampleSlot& slot);

    Array<PixelBits> windows_;
    Array<const std::uint64_t*> words_;
    Array<int> shifts_;
    AlignedBuffer<std::uint64_t> straddling_;  // (window position, step)
    AlignedBuffer<std::uint64_t> masks_;       // (step)
    StepList steps_;
};

}  // namespace pysnn::detail
