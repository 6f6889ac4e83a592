// Shares the samples of a forward pass among workers, and says what was not finite.

#include "forward/run_task.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "forward/kernels/kernels.hpp"
#include "platform/parallel.hpp"

namespace pysnn::detail {
namespace {

// What a worker holds of its samples' values should stay in the cache of its core.
constexpr std::int64_t kNearBytes = 1 << 20;
// More gain nothing: weights are read for so many samples at a time already.
constexpr std::int64_t kMaxBundles = 8;

std::int64_t bundles_at_a_time(const PackedNetwork& network, std::int64_t num_samples,
                               int num_threads, std::int64_t batch_size) {
    const std::int64_t lanes = forward_kernels().lanes;
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

}  // namespace

Workers run_task(const PackedNetwork& network, ForwardTask& task, const ForwardOptions& options) {
    const int num_threads = resolve_num_threads(options.num_threads);
    if (options.batch_size < 1) {
        throw std::invalid_argument("batch_size is " + std::to_string(options.batch_size) +
                                    ", expected at least 1");
    }
    task.bundles = bundles_at_a_time(network, task.num_samples, num_threads, options.batch_size);
    const std::int64_t at_a_time = task.bundles * forward_kernels().lanes;
    // A worker takes a block to itself, whose samples an observer sees in their order.
    const std::int64_t samples = task.make_observer ? task.block : at_a_time;
    const std::int64_t num_items = (task.num_samples + samples - 1) / samples;
    Watch watch(options.progress, options.should_stop, static_cast<double>(task.num_samples));
    Workers workers(to_size(num_threads));
    parallel_for(
        num_items, num_threads, [&] { watch.poll(); },
        [&](std::int64_t item, Worker self) {
            std::unique_ptr<ForwardWorker>& worker = workers.data()[self.index];
            if (watch.stopped()) {
                return;
            }
            if (worker == nullptr) {
                worker = std::make_unique<ForwardWorker>(network, task);
            }
            const Pulse pulse(watch, self.is_caller);
            const std::int64_t end = std::min((item + 1) * samples, task.num_samples);
            for (std::int64_t first = item * samples; first < end; first += at_a_time) {
                const std::int64_t count = std::min(at_a_time, end - first);
                worker->run(first, count, pulse);
                watch.add(count);
            }
            if (!watch.stopped()) {
                worker->end_block(item);
            }
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
    check_finite(network, fault);
}

void check_finite(const PackedNetwork& network, const ForwardFault& fault) {
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

}  // namespace pysnn::detail
