// Weights as the kernels read them.
#pragma once

#include <cstdint>
#include <vector>

namespace pysnn::detail {

/// Outputs that one call of a kernel computes.
struct OutputBlock {
    std::int64_t first;   // output channel
    std::int64_t count;   // 1 to the kernels' max_outputs
    std::int64_t group;   // of channels, that all of them read
    const float* weight;  // (taps, outputs)
    const float* bias;    // (outputs)
};

/// The weights of a node in blocks of outputs, those of a block side by side.
class PackedWeights {
  public:
    /// Args:
    ///     weight: (groups * outputs of a group, taps).
    ///     bias: (groups * outputs of a group), or empty for +0.
    PackedWeights(std::int64_t groups, std::int64_t num_outputs, const std::vector<float>& weight,
                  const std::vector<float>& bias);
    PackedWeights(const PackedWeights&) = delete;
    PackedWeights& operator=(const PackedWeights&) = delete;

    const std::vector<OutputBlock>& blocks() const { return blocks_; }

  private:
    std::vector<float> weight_;
    std::vector<float> bias_;
    std::vector<OutputBlock> blocks_;  // points into both
};

}  // namespace pysnn::detail
