// Interface of the forward pass's inner loops, compiled for each instruction set.
#pragma once

#include <cstdint>

namespace pysnn::detail {

// Values of a node lie (features, lanes): the samples of a batch stand side by side, one in each
// lane, so that vectors run over samples only and every sum is one lane's own chain.

/// Where the values under two windows of the same shape lie, and the weights that they meet.
///
/// Rows and columns of a window that hang over the border are left out: `rows` and `columns` count
/// what lies inside, `source` is the first value inside, `weight` its weight.
struct WindowSums {
    const float* source = nullptr;
    std::int64_t second_source = 0;  // numbers from a value of the first window to the second's
    std::int64_t channels = 0;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    // Numbers from a value to the next of the same window.
    std::int64_t channel_stride = 0;
    std::int64_t row_stride = 0;
    std::int64_t column_stride = 0;
    // (channels, kernel height, kernel width, outputs): the outputs of one call side by side.
    const float* weight = nullptr;
    std::int64_t weight_channel_stride = 0;
    std::int64_t weight_row_stride = 0;
    const float* bias = nullptr;  // (outputs)
    // (outputs, lanes) of the first window, each output_stride numbers behind the one before.
    float* output = nullptr;
    std::int64_t second_output = 0;  // numbers from an output of the first window to the second's
    std::int64_t output_stride = 0;
};

/// Windows of one row of a pool's outputs, that have as many rows and columns on the image.
struct PoolWindows {
    const float* source = nullptr;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t row_stride = 0;
    std::int64_t column_stride = 0;
    std::int64_t window_stride = 0;  // from a window to the next
    std::int64_t windows = 0;
    float factor = 0.0F;      // 1 / divisor, of averages
    float* output = nullptr;  // (windows, lanes)
};

/// What a ReLU does to a number.
struct ReluSteps {
    float largest = 0.0F;   // infinity where there is none; with levels, their number
    float per_step = 0.0F;  // levels / max
    float step = 0.0F;      // max / levels
};

/// Ways of rounding values down to whole numbers of steps, side by side.
struct Quantizers {
    static constexpr std::int64_t kAtATime = 32;
    const double* per_step = nullptr;  // (count)
    const double* step = nullptr;      // (count)
    std::int64_t count = 0;            // a multiple of kAtATime
    double shift = 0.0;                // in steps
    double most = 0.0;                 // steps, at most 2^30
};

/// Sums of two windows for one number of outputs: from +0, first the bias, then the products by
/// channel, row and column, each product and each sum rounded once.
using SumKernel = void (*)(const WindowSums&);

/// The kernels of one instruction set.
struct ForwardKernels {
    std::int64_t lanes;        // samples that every kernel takes at a time
    std::int64_t max_outputs;  // of one call of a sum kernel
    const SumKernel* sums;     // [outputs - 1]
    /// Sums over each window from +0, by row and column, then one product with the factor.
    void (*means)(const PoolWindows&);
    /// Largest values of each window, by row and column; of two that are equal the first.
    void (*maxima)(const PoolWindows&);
    /// max(value, 0) in place, of `count` times `lanes` numbers; NaN stays. Adds 0 to `fault`
    /// (lanes) for every number before it, which makes NaN of what is not finite.
    void (*relu)(float* values, std::int64_t count, float* fault);
    /// Adds to `fault` as relu does, and raises `largest` (lanes) to the numbers that are above it.
    void (*scan)(const float* values, std::int64_t count, float* fault, float* largest);
    // The rest goes over `count` times `lanes` numbers, whose target may be their source. NaN
    // stays.
    /// value * scale + shift, both rounded.
    void (*scale_and_shift)(const float* source, std::int64_t count, float scale, float shift,
                            float* target);
    /// min(max(value, 0), largest), never -0.
    void (*clip)(const float* source, std::int64_t count, const ReluSteps&, float* target);
    /// floor(value * per_step + 0.5) between 0 and largest, times step; largest is at most 2^22.
    void (*quantize)(const float* source, std::int64_t count, const ReluSteps&, float* target);
    /// Sums in the order of the sources, each from `offset` on.
    void (*add)(const float* const* sources, std::int64_t num_sources, std::int64_t offset,
                std::int64_t count, float* target);
    /// Adds to each of `sums` (quantizers.count), value by value, (value - n step)^2 where n is
    /// floor(value * per_step + shift) between 0 and most; every operation is rounded.
    void (*squared_errors)(const double* values, std::int64_t num_values, const Quantizers&,
                           double* sums);
};

/// The kernels of the selected instruction set.
const ForwardKernels& forward_kernels();

}  // namespace pysnn::detail
