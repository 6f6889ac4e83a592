// The forward pass of a ReLU network: checks, shares samples among threads, gathers what was found.

#include <algorithm>
#include <pysnn/forward.hpp>
#include <stdexcept>
#include <string>

#include "base/array.hpp"
#include "forward/kernels/kernels.hpp"
#include "forward/packed_network.hpp"
#include "forward/worker.hpp"
#include "platform/parallel.hpp"

namespace pysnn {
namespace {

using detail::ForwardFault;
using detail::ForwardTask;
using detail::ForwardWorker;
using detail::PackedNetwork;
using Workers = std::vector<std::unique_ptr<ForwardWorker>>;

// What a worker holds of its samples' values should stay in the cache of its core.
constexpr std::int64_t kNearBytes = 1 << 20;
// More gain nothing: weights are read for so many samples at a time already.
constexpr std::int64_t kMaxBundles = 8;

std::int64_t bundles_at_a_time(const PackedNetwork& network, std::int64_t num_samples,
                               int num_threads, std::int64_t batch_size) {
    const std::int64_t lanes = detail::forward_kernels().lanes;
    std::int64_t features = 0;
    for (const std::int64_t of_slot : network.slot_features()) {
        features += of_slot;
    }
    const std::int64_t bytes = features * lanes * static_cast<std::int64_t>(sizeof(float));
    // As many as give every thread something to do.
    const std::int64_t shared = num_samples / (lanes * num_threads);
    return std::max<std::int64_t>(
        1, std::min({kMaxBundles, kNearBytes / bytes, shared, batch_size / lanes}));
}

// Runs all samples, and gives the workers with what they found.
Workers run_task(const PackedNetwork& network, ForwardTask& task, const ForwardOptions& options) {
    const int num_threads = detail::resolve_num_threads(options.num_threads);
    if (options.batch_size < 1) {
        throw std::invalid_argument("batch_size is " + std::to_string(options.batch_size) +
                                    ", expected at least 1");
    }
    task.bundles = bundles_at_a_time(network, task.num_samples, num_threads, options.batch_size);
    const std::int64_t samples = task.bundles * detail::forward_kernels().lanes;
    const std::int64_t num_items = (task.num_samples + samples - 1) / samples;
    detail::Watch watch(options.progress, options.should_stop,
                        static_cast<double>(task.num_samples));
    Workers workers(num_threads);
    detail::parallel_for(
        num_items, num_threads, [&] { watch.poll(); },
        [&](std::int64_t item, detail::Worker self) {
            std::unique_ptr<ForwardWorker>& worker = workers.data()[self.index];
            if (watch.stopped()) {
                return;
            }
            if (worker == nullptr) {
                worker = std::make_unique<ForwardWorker>(network, task);
            }
            const std::int64_t first = item * samples;
            const std::int64_t count = std::min(samples, task.num_samples - first);
            worker->run(first, count, detail::Pulse(watch, self.is_caller));
            watch.add(count);
        });
    watch.finish();
    return workers;
}

void check_finite(const PackedNetwork& network, const Workers& workers) {
    ForwardFault fault;
    for (const auto& worker : workers) {
        if (worker != nullptr) {
            fault.merge(worker->fault());
        }
    }
    if (fault.sample == ForwardFault::kNone) {
        return;
    }
    const std::string sample = std::to_string(fault.sample);
    if (fault.node == ForwardFault::kInput) {
        throw std::invalid_argument("x has a value in sample " + sample +
                                    " that is not finite, expected finite values");
    }
    throw std::invalid_argument(network.nodes().data()[fault.node].where + ": its sum for sample " +
                                sample + " of x overflows float32, expected finite values");
}

void check_samples(const float* x, std::int64_t num_samples, std::int64_t least) {
    if (num_samples < least) {
        throw std::invalid_argument("num_samples is " + std::to_string(num_samples) +
                                    ", expected at least " + std::to_string(least));
    }
    if (x == nullptr && num_samples > 0) {
        throw std::invalid_argument("x is null, expected samples");
    }
}

}  // namespace

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
    ForwardTask task{x, num_samples, activations};
    check_finite(*packed_, run_task(*packed_, task, options));
}

std::vector<std::vector<float>> ForwardPass::largest_activations(
    const float* x, std::int64_t num_samples, const ForwardOptions& options) const {
    check_samples(x, num_samples, 1);
    ForwardTask task{x, num_samples, {}, true};
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
