// Finished sums of neighbouring positions on their way into membranes, and shortcuts on that way.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/ops/position_masks.hpp"
#include "engine/cpu/ops/source_pixels.hpp"
#include "engine/cpu/ops/tiles.hpp"

namespace pysnn::detail {

/// Takes a convolution's sums into membranes, those of one position or of some neighbouring ones,
/// and adds what identity synapses bring to the same neurons: no trip through memory then.
class PositionSums {
  public:
    /// From one step's sums to the next's: neurons of the widest tile.
    static constexpr std::int64_t kStride = 2 * kMaskBits;

    /// For an op that is about to run.
    void begin(const ConvolutionOp& op);

    /// Where the sums go: (step, lane).
    float* data() { return sums_.data(); }

    /// Takes the sums of some channels at one position, or of all channels at some.
    ///
    /// Args:
    ///     width: Neurons.
    ///     sums: (step, lane), `stride` from step to step; overwritten.
    ///     masks: Of the word, or the waiting mask, that the first channel is in.
    void finish(SampleSlot& slot, const WindowPlace& place, std::int64_t width, float* sums,
                std::int64_t stride, const TileMasks& masks);

  private:
    /// What one identity projection adds.
    struct Shortcut {
        const Share* share = nullptr;
        const PoolWeights* weights = nullptr;
        SourcePixels pixels;
        AlignedBuffer<float> repeated;          // weights by lane, for some positions
        AlignedBuffer<std::uint64_t> gathered;  // (sign, step): bits of some positions
    };

    void keep(const PixelBits& pixel);
    void find_bits(Shortcut& shortcut, const SampleSlot& slot, const WindowPlace& target,
                   std::int64_t count);
    PixelBits gathered_bits(Shortcut& shortcut, const SampleSlot& slot, const WindowPlace& place,
                            std::int64_t count) const;

    const ConvolutionOp* op_ = nullptr;
    AlignedBuffer<float> sums_;
    Array<Shortcut> shortcuts_;          // at least as many as the op has: their memory stays
    Array<const std::uint64_t*> words_;  // bits of a shortcut, the positive ones first
    Array<int> shifts_;
    int num_positive_ = 0;
    StepList steps_;
};

}  // namespace pysnn::detail
