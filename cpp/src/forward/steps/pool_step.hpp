// Averages and maxima over windows in a forward pass.
#pragma once

#include <cstdint>
#include <optional>
#include <pysnn/node.hpp>
#include <vector>

#include "forward/steps/step.hpp"
#include "forward/steps/taps.hpp"
#include "nodes/pooling.hpp"

namespace pysnn::detail {

/// The averages of an AvgPool2d or the maxima of a MaxPool2d.
class PoolStep : public Step {
  public:
    PoolStep(const AvgPool2d& pool, const Shape& input_shape, const Shape& output_shape);
    PoolStep(const MaxPool2d& pool, const Shape& input_shape, const Shape& output_shape);

    void run(const float* const* sources, float* target, std::int64_t num_bundles,
             const Pulse& pulse) const override;

  private:
    // Neighbouring output rows or columns whose windows have the same taps on the image, and with
    // them the same divisor.
    struct Stretch {
        Taps taps;             // of the first window
        std::int64_t first;    // output row or column
        std::int64_t windows;  // how many
    };

    PoolStep(const Window& window, const Shape& input_shape, const Shape& output_shape);
    static std::vector<Stretch> stretches_of(const WindowAxis& window, std::int64_t input_size,
                                             std::int64_t output_size);
    float factor_of(const Stretch& rows, const Stretch& columns) const;
    void run_rows(const Stretch& rows, const float* image, float* target) const;

    Window window_;
    std::optional<MeanWindows> means_;  // none for maxima
    Shape input_shape_;
    Shape output_shape_;
    std::vector<Stretch> rows_;
    std::vector<Stretch> columns_;
};

}  // namespace pysnn::detail
