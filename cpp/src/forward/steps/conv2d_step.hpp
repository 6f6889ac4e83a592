// Convolutions in a forward pass.
#pragma once

#include <array>
#include <cstdint>
#include <pysnn/node.hpp>
#include <vector>

#include "forward/packed_weights.hpp"
#include "forward/steps/step.hpp"
#include "forward/steps/taps.hpp"

namespace pysnn::detail {

/// The weighted sums of a Conv2d.
class Conv2dStep : public Step {
  public:
    Conv2dStep(const Conv2d& conv, const Shape& input_shape, const Shape& output_shape);

    void run(const float* const* sources, float* target, std::int64_t num_bundles,
             const Pulse& pulse) const override;

  private:
    // One or two output columns with the same taps.
    struct Columns {
        Taps taps;
        std::int64_t index;          // of the first output column
        std::int64_t second_index;   // from it to the second; 0 without a second
        std::int64_t second_source;  // likewise, columns of the image
    };

    void pair_columns(std::int64_t input_width, std::int64_t output_width,
                      const WindowAxis& window);
    void run_row(const float* image, float* target, const OutputBlock& block,
                 std::int64_t row) const;

    std::int64_t groups_;
    std::int64_t in_channels_;  // of one group
    std::array<std::int64_t, 2> kernel_size_;
    std::array<std::int64_t, 2> dilation_;
    Shape input_shape_;
    Shape output_shape_;
    std::vector<Taps> rows_;        // one per output row
    std::vector<Columns> columns_;  // all output columns
    PackedWeights weights_;
};

}  // namespace pysnn::detail
