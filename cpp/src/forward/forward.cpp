// The forward pass of a ReLU network: its public face.

#include <pysnn/forward.hpp>
#include <stdexcept>
#include <string>

#include "base/array.hpp"
#include "forward/packed_network.hpp"
#include "forward/run_task.hpp"
#include "forward/worker.hpp"

namespace pysnn {

using detail::check_finite;
using detail::check_samples;
using detail::ForwardTask;
using detail::PackedNetwork;
using detail::run_task;
using detail::Workers;

ForwardPass::ForwardPass(const Network& network)
    : packed_(std::make_shared<const PackedNetwork>(network)) {}

const Shape& ForwardPass::input_shape() const { return packed_->input_shape(); }

const std::vector<Shape>& ForwardPass::shapes() const { return packed_->shapes(); }

void ForwardPass::run(const float* x, std::int64_t num_samples,
                      const std::vector<float*>& activations, const ForwardOptions& options) const {
    check_samples(x, num_samples, 0);
    if (activations.size() != packed_->nodes().size()) {
        throw std::invalid_argument("activations has " + std::to_string(activations.size()) +
                                    " pointers, but the network has " +
                                    std::to_string(packed_->nodes().size()) + " nodes");
    }
    ForwardTask task;
    task.x = x;
    task.num_samples = num_samples;
    task.activations = activations;
    check_finite(*packed_, run_task(*packed_, task, options));
}

std::vector<std::vector<float>> ForwardPass::largest_activations(
    const float* x, std::int64_t num_samples, const ForwardOptions& options) const {
    check_samples(x, num_samples, 1);
    ForwardTask task;
    task.x = x;
    task.num_samples = num_samples;
    task.find_largest = true;
    const Workers workers = run_task(*packed_, task, options);
    check_finite(*packed_, workers);
    std::vector<std::vector<float>> largest;
    for (const detail::PackedNode& node : packed_->nodes()) {
        const auto index = detail::size_of(largest);
        std::vector<float>& found =
            largest.emplace_back(node.channels, -std::numeric_limits<float>::infinity());
        for (const auto& worker : workers) {
            if (worker != nullptr) {
                worker->raise_largest(index, found);
            }
        }
    }
    return largest;
}

std::vector<float> ForwardPass::predict(const float* x, std::int64_t num_samples,
                                        const ForwardOptions& options) const {
    check_samples(x, num_samples, 0);
    std::vector<float> outputs(num_samples * packed_->nodes().back().features);
    std::vector<float*> activations(packed_->nodes().size(), nullptr);
    activations.back() = outputs.data();
    run(x, num_samples, activations, options);
    return outputs;
}

}  // namespace pysnn
