// Averages and maxima over windows in a forward pass: the walk over channels and rows.

#include "forward/steps/pool_step.hpp"

#include "forward/kernels/kernels.hpp"
#include "nodes/avg_pool2d.hpp"
#include "nodes/max_pool2d.hpp"

namespace pysnn::detail {

PoolStep::PoolStep(const AvgPool2d& pool, const Shape& input_shape, const Shape& output_shape)
    : PoolStep(window_of(pool), input_shape, output_shape) {
    means_.emplace(window_, input_shape, output_shape, pool.count_include_pad);
}

PoolStep::PoolStep(const MaxPool2d& pool, const Shape& input_shape, const Shape& output_shape)
    : PoolStep(window_of(pool), input_shape, output_shape) {}

PoolStep::PoolStep(const Window& window, const Shape& input_shape, const Shape& output_shape)
    : window_(window),
      input_shape_(input_shape),
      output_shape_(output_shape),
      rows_(stretches_of(window.y(), input_shape[1], output_shape[1])),
      columns_(stretches_of(window.x(), input_shape[2], output_shape[2])) {}

std::vector<PoolStep::Stretch> PoolStep::stretches_of(const WindowAxis& window,
                                                      std::int64_t input_size,
                                                      std::int64_t output_size) {
    std::vector<Stretch> stretches;
    for (std::int64_t output = 0; output < output_size; ++output) {
        const Taps taps = taps_of(output, input_size, window);
        if (!stretches.empty() && stretches.back().taps.count == taps.count &&
            stretches.back().taps.first == taps.first) {
            ++stretches.back().windows;
        } else {
            stretches.push_back({taps, output, 1});
        }
    }
    return stretches;
}

float PoolStep::factor_of(const Stretch& rows, const Stretch& columns) const {
    if (!means_) {
        return 1.0F;
    }
    const MeanWindow mean = means_->at(rows.first * output_shape_[2] + columns.first);
    return static_cast<float>(1.0 / static_cast<double>(mean.divisor));
}

void PoolStep::run(const float* const* sources, float* target, std::int64_t num_bundles,
                   const Pulse& pulse) const {
    const std::int64_t lanes = forward_kernels().lanes;
    const std::int64_t image_size = input_shape_[1] * input_shape_[2] * lanes;
    const std::int64_t output_row_size = output_shape_[2] * lanes;
    for (std::int64_t image = 0; image < num_bundles * input_shape_[0]; ++image) {
        for (const Stretch& rows : rows_) {
            run_rows(rows, sources[0] + image * image_size, target);
            target += rows.windows * output_row_size;
        }
        if (pulse.stopped()) {
            return;
        }
    }
}

void PoolStep::run_rows(const Stretch& rows, const float* image, float* target) const {
    const ForwardKernels& kernels = forward_kernels();
    const auto run = means_ ? kernels.means : kernels.maxima;
    const std::int64_t row_size = input_shape_[2] * kernels.lanes;
    PoolWindows windows;
    windows.rows = rows.taps.count;
    windows.row_stride = window_.dilation_y * row_size;
    windows.column_stride = window_.dilation_x * kernels.lanes;
    windows.window_stride = window_.stride_x * kernels.lanes;
    windows.output = target;
    for (std::int64_t row = 0; row < rows.windows; ++row) {
        const float* source = image + (rows.taps.source + row * window_.stride_y) * row_size;
        for (const Stretch& columns : columns_) {
            windows.source = source + columns.taps.source * kernels.lanes;
            windows.columns = columns.taps.count;
            windows.windows = columns.windows;
            windows.factor = factor_of(rows, columns);
            run(windows);
            windows.output += columns.windows * kernels.lanes;
        }
    }
}

}  // namespace pysnn::detail
