// Nodes that only lay values out anew, in a forward pass.

#include "forward/steps/copy_steps.hpp"

#include <algorithm>

#include "forward/kernels/kernels.hpp"

namespace pysnn::detail {

ConcatStep::ConcatStep(const std::vector<Shape>& input_shapes) {
    for (const Shape& shape : input_shapes) {
        features_.push_back(num_elements(shape));
    }
}

void ConcatStep::run(const float* const* sources, float* target, std::int64_t num_bundles,
                     const Pulse& pulse) const {
    const std::int64_t lanes = forward_kernels().lanes;
    for (std::int64_t bundle = 0; bundle < num_bundles; ++bundle) {
        const float* const* source = sources;
        for (const std::int64_t features : features_) {
            const std::int64_t size = features * lanes;
            target = std::copy_n(*source++ + bundle * size, size, target);
        }
        if (pulse.stopped()) {
            return;
        }
    }
}

PadStep::PadStep(const Pad& pad, const Shape& input_shape, const Shape& output_shape)
    : padding_(pad.padding), input_shape_(input_shape), output_shape_(output_shape) {}

void PadStep::run(const float* const* sources, float* target, std::int64_t num_bundles,
                  const Pulse& pulse) const {
    const std::int64_t lanes = forward_kernels().lanes;
    const std::int64_t row_size = input_shape_[2] * lanes;
    const std::int64_t output_row_size = output_shape_[2] * lanes;
    const float* source = sources[0];
    for (std::int64_t image = 0; image < num_bundles * input_shape_[0]; ++image) {
        target = std::fill_n(target, padding_.top * output_row_size, 0.0F);
        for (std::int64_t row = 0; row < input_shape_[1]; ++row) {
            target = std::fill_n(target, padding_.left * lanes, 0.0F);
            target = std::copy_n(source, row_size, target);
            target = std::fill_n(target, padding_.right * lanes, 0.0F);
            source += row_size;
        }
        target = std::fill_n(target, padding_.bottom * output_row_size, 0.0F);
        if (pulse.stopped()) {
            return;
        }
    }
}

}  // namespace pysnn::detail
