// Averages over windows in a forward pass: the walk over channels and rows.

#include "forward/steps/pool_step.hpp"

#include "forward/kernels/kernels.hpp"

namespace pysnn::detail {

void PoolStep::run(const float* source, float* target, std::int64_t num_bundles,
                   const Pulse& pulse) const {
    const ForwardKernels& kernels = forward_kernels();
    const std::int64_t row_size = input_shape_[2] * kernels.lanes;
    const std::int64_t image_size = input_shape_[1] * row_size;
    const double window_size = static_cast<double>(pool_.kernel_size[0] * pool_.kernel_size[1]);
    WindowMeans means;
    means.rows = pool_.kernel_size[0];
    means.columns = pool_.kernel_size[1];
    means.row_stride = row_size;
    means.column_stride = kernels.lanes;
    means.window_stride = pool_.stride[1] * kernels.lanes;
    means.windows = output_shape_[2];
    means.factor = static_cast<float>(1.0 / window_size);
    means.output = target;
    for (std::int64_t image = 0; image < num_bundles * input_shape_[0]; ++image) {
        for (std::int64_t row = 0; row < output_shape_[1]; ++row) {
            means.source = source + image * image_size + row * pool_.stride[0] * row_size;
            kernels.means(means);
            means.output += means.windows * kernels.lanes;
        }
        if (pulse.stopped()) {
            return;
        }
    }
}

}  // namespace pysnn::detail
