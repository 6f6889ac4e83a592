// Nodes whose outputs each come from one element of their inputs, in a forward pass: they work in
// place.
#pragma once

#include <cstdint>
#include <pysnn/node.hpp>
#include <vector>

#include "forward/kernels/kernels.hpp"
#include "forward/steps/step.hpp"
#include "nodes/elementwise/batch_norm.hpp"

namespace pysnn::detail {

/// A step that goes over elements, whatever their shape.
class ElementwiseStep : public Step {
  public:
    explicit ElementwiseStep(const Shape& shape);

    bool works_in_place() const final { return true; }
    void run(const float* const* sources, float* target, std::int64_t num_bundles,
             const Pulse& pulse) const final;

  protected:
    /// Computes elements of one channel.
    ///
    /// Args:
    ///     sources: of the step.
    ///     offset: in them and in `target`, where the elements begin.
    ///     count: vectors of lanes.
    virtual void run_channel(const float* const* sources, std::int64_t offset, std::int64_t channel,
                             std::int64_t count, float* target) const = 0;

  private:
    std::int64_t channels_;
    std::int64_t positions_;  // of a channel
};

/// The one product and the one sum of a BatchNorm.
class BatchNormStep : public ElementwiseStep {
  public:
    BatchNormStep(const BatchNorm& norm, const Shape& shape);

  private:
    void run_channel(const float* const* sources, std::int64_t offset, std::int64_t channel,
                     std::int64_t count, float* target) const override;

    std::vector<ScaleAndShift> channels_;
};

/// A ReLU, clipped or in steps.
class ReluStep : public ElementwiseStep {
  public:
    ReluStep(const ReLU& relu, const Shape& shape);

  private:
    void run_channel(const float* const* sources, std::int64_t offset, std::int64_t channel,
                     std::int64_t count, float* target) const override;

    bool has_levels_;
    ReluSteps steps_;
};

/// The sums of an Add, in the order of its inputs.
class AddStep : public ElementwiseStep {
  public:
    AddStep(std::int64_t num_inputs, const Shape& shape)
        : ElementwiseStep(shape), num_inputs_(num_inputs) {}

  private:
    void run_channel(const float* const* sources, std::int64_t offset, std::int64_t channel,
                     std::int64_t count, float* target) const override;

    std::int64_t num_inputs_;
};

/// The product and the sum of an Affine, in float64.
class AffineStep : public ElementwiseStep {
  public:
    AffineStep(const Affine& affine, const Shape& shape);

  private:
    void run_channel(const float* const* sources, std::int64_t offset, std::int64_t channel,
                     std::int64_t count, float* target) const override;

    Affine affine_;  // one of each per channel
};

}  // namespace pysnn::detail
