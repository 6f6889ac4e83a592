// Fully connected sums in a forward pass.
#pragma once

#include <cstdint>
#include <pysnn/node.hpp>

#include "forward/packed_weights.hpp"
#include "forward/steps/step.hpp"

namespace pysnn::detail {

/// The weighted sums of a Linear.
class LinearStep : public Step {
  public:
    explicit LinearStep(const Linear& linear);

    void run(const float* const* sources, float* target, std::int64_t num_bundles,
             const Pulse& pulse) const override;

  private:
    std::int64_t in_features_;
    std::int64_t out_features_;
    PackedWeights weights_;
};

}  // namespace pysnn::detail
