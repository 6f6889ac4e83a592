// Nodes that only lay values out anew, in a forward pass.
#pragma once

#include <cstdint>
#include <pysnn/node.hpp>
#include <vector>

#include "forward/steps/step.hpp"

namespace pysnn::detail {

/// The values of all inputs of a Concat, one behind the other.
class ConcatStep : public Step {
  public:
    explicit ConcatStep(const std::vector<Shape>& input_shapes);

    void run(const float* const* sources, float* target, std::int64_t num_bundles,
             const Pulse& pulse) const override;

  private:
    std::vector<std::int64_t> features_;  // of each input
};

/// The image of a Pad, with zeros around it.
class PadStep : public Step {
  public:
    PadStep(const Pad& pad, const Shape& input_shape, const Shape& output_shape);

    void run(const float* const* sources, float* target, std::int64_t num_bundles,
             const Pulse& pulse) const override;

  private:
    Padding padding_;
    Shape input_shape_;
    Shape output_shape_;
};

}  // namespace pysnn::detail
