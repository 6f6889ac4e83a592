// Fully connected sums in a forward pass: all features are the one row under a window, and a call's
// two windows are two bundles.

#include "forward/steps/linear_step.hpp"

#include "forward/kernels/kernels.hpp"

namespace pysnn::detail {

LinearStep::LinearStep(const Linear& linear)
    : in_features_(linear.in_features),
      out_features_(linear.out_features),
      weights_(1, linear.out_features, linear.weight, linear.bias) {}

void LinearStep::run(const float* const* sources, float* target, std::int64_t num_bundles,
                     const Pulse& pulse) const {
    const ForwardKernels& kernels = forward_kernels();
    const std::int64_t source_size = in_features_ * kernels.lanes;
    const std::int64_t target_size = out_features_ * kernels.lanes;
    WindowSums window;
    window.channels = 1;
    window.rows = 1;
    window.columns = in_features_;
    window.column_stride = kernels.lanes;
    window.output_stride = kernels.lanes;
    // Bundles innermost, so that weights are read from memory once for all of them.
    for (const OutputBlock& block : weights_.blocks()) {
        window.weight = block.weight;
        window.bias = block.bias;
        for (std::int64_t bundle = 0; bundle < num_bundles; bundle += 2) {
            // The last of an odd number stands for both.
            const std::int64_t step = bundle + 1 < num_bundles ? 1 : 0;
            window.source = sources[0] + bundle * source_size;
            window.second_source = step * source_size;
            window.output = target + bundle * target_size + block.first * kernels.lanes;
            window.second_output = step * target_size;
            kernels.sums[block.count - 1](window);
        }
        if (pulse.stopped()) {
            return;
        }
    }
}

}  // namespace pysnn::detail
