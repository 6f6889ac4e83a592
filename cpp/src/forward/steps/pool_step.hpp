// Averages over windows in a forward pass.
#pragma once

#include <cstdint>
#include <pysnn/node.hpp>

#include "forward/steps/step.hpp"

namespace pysnn::detail {

/// The averages of an AvgPool2d.
class PoolStep : public Step {
  public:
    PoolStep(const AvgPool2d& pool, const Shape& input_shape, const Shape& output_shape)
        : pool_(pool), input_shape_(input_shape), output_shape_(output_shape) {}

    void run(const float* source, float* target, std::int64_t num_bundles,
             const Pulse& pulse) const override;

  private:
    AvgPool2d pool_;
    Shape input_shape_;
    Shape output_shape_;
};

}  // namespace pysnn::detail
