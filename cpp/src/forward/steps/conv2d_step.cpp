// Convolutions in a forward pass: the walk over output positions, two neighbours of a row at a
// time.

#include "forward/steps/conv2d_step.hpp"

#include "forward/kernels/kernels.hpp"
#include "nodes/conv2d.hpp"

namespace pysnn::detail {

Conv2dStep::Conv2dStep(const Conv2d& conv, const Shape& input_shape, const Shape& output_shape)
    : groups_(conv.groups),
      in_channels_(conv.in_channels / conv.groups),
      kernel_size_(conv.kernel_size),
      dilation_(conv.dilation),
      input_shape_(input_shape),
      output_shape_(output_shape),
      weights_(conv.groups, conv.out_channels, conv.weight, conv.bias) {
    for (std::int64_t row = 0; row < output_shape[1]; ++row) {
        rows_.push_back(taps_of(row, input_shape[1], window_of(conv).y()));
    }
    pair_columns(input_shape[2], output_shape[2], window_of(conv).x());
}

void Conv2dStep::pair_columns(std::int64_t input_width, std::int64_t output_width,
                              const WindowAxis& window) {
    for (std::int64_t column = 0; column < output_width; ++column) {
        const Taps taps = taps_of(column, input_width, window);
        columns_.push_back({taps, column, 0, 0});
        if (column + 1 == output_width) {
            break;
        }
        const Taps next = taps_of(column + 1, input_width, window);
        if (next.first == taps.first && next.count == taps.count) {
            columns_.back().second_index = 1;
            columns_.back().second_source = next.source - taps.source;
            ++column;
        }
    }
}

void Conv2dStep::run(const float* const* sources, float* target, std::int64_t num_bundles,
                     const Pulse& pulse) const {
    const std::int64_t lanes = forward_kernels().lanes;
    const std::int64_t source_size = num_elements(input_shape_) * lanes;
    const std::int64_t target_size = num_elements(output_shape_) * lanes;
    for (std::int64_t bundle = 0; bundle < num_bundles; ++bundle) {
        for (std::int64_t row = 0; row < output_shape_[1]; ++row) {
            for (const OutputBlock& block : weights_.blocks()) {
                run_row(sources[0] + bundle * source_size, target + bundle * target_size, block,
                        row);
            }
            if (pulse.stopped()) {
                return;
            }
        }
    }
}

void Conv2dStep::run_row(const float* image, float* target, const OutputBlock& block,
                         std::int64_t row) const {
    const ForwardKernels& kernels = forward_kernels();
    const std::int64_t row_size = input_shape_[2] * kernels.lanes;
    const std::int64_t channel_size = input_shape_[1] * row_size;
    const std::int64_t output_row_size = output_shape_[2] * kernels.lanes;
    const std::int64_t output_channel_size = output_shape_[1] * output_row_size;
    const Taps& rows = rows_.data()[row];
    WindowSums window;
    window.channels = in_channels_;
    window.rows = rows.count;
    window.channel_stride = channel_size;
    window.row_stride = dilation_[0] * row_size;
    window.column_stride = dilation_[1] * kernels.lanes;
    window.weight_row_stride = kernel_size_[1] * block.count;
    window.weight_channel_stride = kernel_size_[0] * window.weight_row_stride;
    window.bias = block.bias;
    window.output_stride = output_channel_size;
    const float* first = image + block.group * in_channels_ * channel_size + rows.source * row_size;
    const float* weight = block.weight + rows.first * window.weight_row_stride;
    float* output = target + block.first * output_channel_size + row * output_row_size;
    for (const Columns& columns : columns_) {
        window.columns = columns.taps.count;
        window.source = first + columns.taps.source * kernels.lanes;
        window.second_source = columns.second_source * kernels.lanes;
        window.weight = weight + columns.taps.first * block.count;
        window.output = output + columns.index * kernels.lanes;
        window.second_output = columns.second_index * kernels.lanes;
        kernels.sums[block.count - 1](window);
    }
}

}  // namespace pysnn::detail
