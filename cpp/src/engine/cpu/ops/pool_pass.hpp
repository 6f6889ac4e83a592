#pragma once

#include <cstdint>
#include <vector>

#include "engine/cpu/ops/pass.hpp"

namespace pysnn::detail {

/// Where the spikes of one source pixel stand, by step.
struct PixelBits {
    const std::uint64_t* words = nullptr;
    int shift = 0;
};

/// Runs pools, position by position.
class PoolPass {
  public:
    /// Memory for run_tile(), so that it allocates nothing.
    void reserve(const Window& window);

    void run(const Pass& pass, SampleSlot& slot);

    /// One position and up to 64 channels.
    ///
    /// Args:
    ///     windows: The pixels of its window.
    void run_tile(const Pass& pass, SampleSlot& slot, std::int64_t y, std::int64_t x,
                  std::int64_t channel, const std::vector<PixelBits>& windows);

  private:
    PixelBits pixel(const Layout& source, const std::uint64_t* words, std::int64_t y,
                    std::int64_t x, std::int64_t channel, std::int64_t num_steps,
                    std::uint64_t* straddling);

    std::vector<PixelBits> windows_;
    std::vector<const std::uint64_t*> words_;
    std::vector<int> shifts_;
    AlignedBuffer<std::uint64_t> straddling_;  // (window position, step)
    AlignedBuffer<std::uint64_t> masks_;       // (step)
    StepList steps_;
};

}  // namespace pysnn::detail
