// The op of average pools and of identity synapses.
#pragma once

#include <cstdint>

#include "base/array.hpp"
#include "engine/cpu/ops/op_context.hpp"
#include "engine/cpu/ops/source_pixels.hpp"
#include "engine/cpu/ops/tiles.hpp"

namespace pysnn::detail {

/// The pixels of a window that lie inside the image.
struct WindowBits {
    const Array<PixelBits>& pixels;
    std::int64_t num_positive = 0;  // those at the front, of positive spikes
};

/// Up to 64 channels of a target pixel.
struct PixelPlace {
    std::int64_t y = 0;
    std::int64_t x = 0;
    std::int64_t channel = 0;
};

/// Runs pools, position by position.
class PoolRunner {
  public:
    void run(const PoolOp& op, const OpContext& context);

    /// Memory for run_tile(), so that it allocates nothing.
    void reserve(const Share& share);

    void run_tile(const Share& share, SampleSlot& slot, const PixelPlace& place,
                  const WindowBits& window);

  private:
    void run_sample(const Share& share, SampleSlot& slot);

    SourcePixels pixels_;
    Array<const std::uint64_t*> words_;
    Array<int> shifts_;
    Array<std::int32_t> taps_;
    WaitingMasks masks_;
    StepList steps_;
};

}  // namespace pysnn::detail
