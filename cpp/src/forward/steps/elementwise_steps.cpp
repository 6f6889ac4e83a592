// Nodes whose outputs each come from one element of their inputs, in a forward pass.

#include "forward/steps/elementwise_steps.hpp"

#include <limits>

#include "base/array.hpp"

namespace pysnn::detail {

ElementwiseStep::ElementwiseStep(const Shape& shape)
    : channels_(shape.front()), positions_(num_elements(shape) / shape.front()) {}

void ElementwiseStep::run(const float* const* sources, float* target, std::int64_t num_bundles,
                          const Pulse& pulse) const {
    const std::int64_t size = positions_ * forward_kernels().lanes;
    std::int64_t offset = 0;
    for (std::int64_t bundle = 0; bundle < num_bundles; ++bundle) {
        for (std::int64_t channel = 0; channel < channels_; ++channel) {
            run_channel(sources, offset, channel, positions_, target + offset);
            offset += size;
        }
        if (pulse.stopped()) {
            return;
        }
    }
}

BatchNormStep::BatchNormStep(const BatchNorm& norm, const Shape& shape)
    : ElementwiseStep(shape), channels_(scales_and_shifts(norm)) {}

void BatchNormStep::run_channel(const float* const* sources, std::int64_t offset,
                                std::int64_t channel, std::int64_t count, float* target) const {
    const ScaleAndShift& each = channels_.data()[channel];
    forward_kernels().scale_and_shift(sources[0] + offset, count, each.scale, each.shift, target);
}

ReluStep::ReluStep(const ReLU& relu, const Shape& shape)
    : ElementwiseStep(shape), has_levels_(relu.levels > 0) {
    const auto levels = static_cast<double>(relu.levels);
    steps_.largest = relu.max > 0.0F ? relu.max : std::numeric_limits<float>::infinity();
    if (has_levels_) {
        steps_.largest = static_cast<float>(levels);
        steps_.per_step = static_cast<float>(levels / relu.max);
        steps_.step = static_cast<float>(relu.max / levels);
    }
}

void ReluStep::run_channel(const float* const* sources, std::int64_t offset,
                           std::int64_t /*channel*/, std::int64_t count, float* target) const {
    const ForwardKernels& kernels = forward_kernels();
    const auto run = has_levels_ ? kernels.quantize : kernels.clip;
    run(sources[0] + offset, count, steps_, target);
}

void AddStep::run_channel(const float* const* sources, std::int64_t offset,
                          std::int64_t /*channel*/, std::int64_t count, float* target) const {
    forward_kernels().add(sources, num_inputs_, offset, count, target);
}

AffineStep::AffineStep(const Affine& affine, const Shape& shape)
    : ElementwiseStep(shape), affine_(affine) {
    const auto channels = to_size(shape.front());
    if (affine_.scale.size() == 1) {
        affine_.scale.resize(channels, affine.scale.front());
    }
    if (affine_.shift.size() == 1) {
        affine_.shift.resize(channels, affine.shift.front());
    }
}

void AffineStep::run_channel(const float* const* sources, std::int64_t offset, std::int64_t channel,
                             std::int64_t count, float* target) const {
    const double scale = affine_.scale.data()[channel];
    const double shift = affine_.shift.data()[channel];
    const float* source = sources[0] + offset;
    for (std::int64_t i = 0; i < count * forward_kernels().lanes; ++i) {
        target[i] = static_cast<float>(source[i] * scale + shift);
    }
}

}  // namespace pysnn::detail
