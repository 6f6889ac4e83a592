// The forward pass of a ReLU network, in sums of a fixed order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <pysnn/export.hpp>
#include <pysnn/network.hpp>
#include <vector>

namespace pysnn {

namespace detail {
class PackedNetwork;
}

/// How a forward pass runs; none of it changes a bit of the results.
struct ForwardOptions {
    // Most samples that a thread takes at a time, give or take a vector of them: a bound of memory.
    std::int64_t batch_size = 1000;
    int num_threads = 0;  // 0 = default_num_threads()
    // Called with the done fraction now and then, on the calling thread.
    std::function<void(double)> progress;
    // Polled on the calling thread several times a second; true ends the pass with Interrupted.
    std::function<bool()> should_stop;
};

/// Runs samples through a network.
///
/// Every output is a float32 sum in fixed order: from +0 the bias, then the products by input
/// channel, kernel row and kernel column, where padding adds no term; each product and each sum is
/// rounded once, none are fused. An average is the sum of what lies under its window by row and
/// column, times float32(1 / divisor); a batch norm one product and one sum, with factors found in
/// float64; an Affine is computed in float64. Results are therefore the same bits for any number of
/// threads, any instruction set and any split of the samples.
///
/// A pass keeps a copy of the weights, arranged for the CPU; copies of the pass share it.
class PYSNN_API ForwardPass {
  public:
    /// Throws:
    ///     std::invalid_argument: as validate().
    explicit ForwardPass(const Network& network);

    const Shape& input_shape() const;
    /// Of each node's activation.
    const std::vector<Shape>& shapes() const;

    /// Writes the activations of nodes, behind the activation function.
    ///
    /// Args:
    ///     x: (num_samples, inputs), finite.
    ///     activations: one pointer per node to (num_samples, elements of the node's shape), null
    ///         for what is not wanted. Where sums overflow float32 they are infinite or NaN.
    ///
    /// Throws:
    ///     std::invalid_argument: activations does not have one pointer per node, num_samples is
    ///     negative, options.batch_size is below 1, or a value of x is not finite (names the
    ///     sample).
    ///     Interrupted: options.should_stop asked for it.
    void run(const float* x, std::int64_t num_samples, const std::vector<float*>& activations,
             const ForwardOptions& options = {}) const;

    /// Outputs of the last node, (num_samples, elements of its shape); as run().
    std::vector<float> predict(const float* x, std::int64_t num_samples,
                               const ForwardOptions& options = {}) const;

    /// Largest activation of each node over all samples.
    ///
    /// Args:
    ///     x: (num_samples, inputs), finite, at least one sample.
    ///
    /// Returns:
    ///     One entry per node, with one value per channel (per element of a vector).
    ///
    /// Throws:
    ///     std::invalid_argument: num_samples is below 1, a value of x is not finite (names the
    ///     sample), or a sum overflows float32 (names the node and the sample).
    ///     Interrupted: options.should_stop asked for it.
    std::vector<std::vector<float>> largest_activations(const float* x, std::int64_t num_samples,
                                                        const ForwardOptions& options = {}) const;

  private:
    std::shared_ptr<const detail::PackedNetwork> packed_;
};

}  // namespace pysnn
