// Thresholds that rise by their excess, batch by batch (Bu et al. 2025).

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <pysnn/calibration.hpp>
#include <stdexcept>
#include <string>

#include "base/array.hpp"
#include "calibration/balanced_batch.hpp"
#include "calibration/readings.hpp"
#include "forward/run_task.hpp"
#include "platform/parallel.hpp"

namespace pysnn {
namespace detail {
namespace {

/// The thresholds of all readings, which batches raise in turn.
///
/// A batch runs through the whole network on one thread. The next one follows it on another: it
/// raises the thresholds of a node once those before it have, in their order.
class Balance {
  public:
    Balance(const PackedNetwork& network, const std::vector<Reading>& readings, const float* x,
            std::int64_t num_samples, std::int64_t num_updates, Watch& watch)
        : network_(network),
          readings_(readings),
          x_(x),
          num_samples_(num_samples),
          batch_size_(std::min(Calibration::kBatch, num_samples)),
          num_updates_(num_updates),
          watch_(watch),
          offsets_(readings, [](const Reading&) { return 1; }),
          thresholds_(to_size(offsets_.total), 0.0) {
        for (const Reading& reading : readings) {
            nodes_.push_back(reading.node);
        }
        std::sort(nodes_.begin(), nodes_.end());
        nodes_.erase(std::unique(nodes_.begin(), nodes_.end()), nodes_.end());
        risen_.assign(nodes_.size(), 0);
    }

    void run(int num_threads) {
        // Updates are taken in order, so that the first one that is not done waits for none.
        parallel_for(
            std::min<std::int64_t>(num_threads, num_updates_), num_threads, [&] { watch_.poll(); },
            [&](std::int64_t, Worker self) {
                const Pulse pulse(watch_, self.is_caller);
                try {
                    work(pulse);
                } catch (...) {
                    end_at(-1);
                    throw;
                }
            });
        watch_.finish();
        check_finite(network_, fault_);
    }

    std::vector<std::vector<double>> thresholds() const { return offsets_.split(thresholds_); }

  private:
    void work(const Pulse& pulse) {
        BalancedBatch batch(network_, readings_, offsets_, batch_size_);
        for (std::int64_t update = next_++; update < num_updates_; update = next_++) {
            if (!run_update(batch, update, pulse)) {
                return;
            }
            watch_.add(1);
        }
    }

    // False where the update is not wanted any more.
    bool run_update(BalancedBatch& batch, std::int64_t update, const Pulse& pulse) {
        const std::int64_t first = update * batch_size_ % num_samples_;
        batch.load(x_, num_samples_, first);
        for (std::int64_t i = 0; i < size_of(nodes_); ++i) {
            batch.run_to(nodes_.data()[i], pulse);
            if (!wait_for_turn(i, update, pulse)) {
                return false;
            }
            batch.raise(thresholds_);
            const std::lock_guard<std::mutex> lock(mutex_);
            ++risen_.data()[i];
            turn_.notify_all();
        }
        ForwardFault fault = batch.fault();
        if (fault.sample == ForwardFault::kNone) {
            return true;
        }
        fault.sample = (first + fault.sample) % num_samples_;
        end_at(update, &fault);
        return false;
    }

    bool wait_for_turn(std::int64_t index, std::int64_t update, const Pulse& pulse) {
        std::unique_lock<std::mutex> lock(mutex_);
        while (risen_.data()[index] != update) {
            if (last_ < update || pulse.stopped()) {
                return false;
            }
            turn_.wait_for(lock, std::chrono::milliseconds(20));
        }
        return last_ >= update && !pulse.stopped();
    }

    // Updates behind this one are not wanted; a fault of an earlier one is worth more.
    void end_at(std::int64_t update, const ForwardFault* fault = nullptr) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (update < last_) {
            last_ = update;
            if (fault != nullptr) {
                fault_ = *fault;
            }
        }
        turn_.notify_all();
    }

    const PackedNetwork& network_;
    const std::vector<Reading>& readings_;
    const float* x_;
    const std::int64_t num_samples_;
    const std::int64_t batch_size_;
    const std::int64_t num_updates_;
    Watch& watch_;
    const Offsets offsets_;
    std::vector<std::int64_t> nodes_;  // that readings ask for, in order
    std::atomic<std::int64_t> next_{0};
    std::mutex mutex_;
    std::condition_variable turn_;
    std::vector<std::int64_t> risen_;  // by node, how many updates have raised its thresholds
    std::int64_t last_ = std::numeric_limits<std::int64_t>::max();  // update that is wanted
    ForwardFault fault_;
    // Those of a node belong to the batch whose turn it is.
    std::vector<double> thresholds_;
};

void check_cuts(const PackedNetwork& network, const std::vector<Reading>& readings) {
    for (const Reading& reading : readings) {
        const bool is_node =
            reading.cut_node >= reading.node && reading.cut_node < size_of(network.nodes());
        if (!is_node || network.nodes().data()[reading.cut_node].features % reading.channels != 0) {
            throw std::invalid_argument(
                "a reading of node " + std::to_string(reading.node) + " has cut_node " +
                std::to_string(reading.cut_node) +
                ", expected that node or one behind it whose elements its channels divide");
        }
    }
}

}  // namespace
}  // namespace detail

std::vector<std::vector<double>> Calibration::balanced(const float* x, std::int64_t num_samples,
                                                       const std::vector<Reading>& readings,
                                                       std::int64_t num_updates,
                                                       const ForwardOptions& options) const {
    detail::check_samples(x, num_samples, 1);
    detail::check_readings(*packed_, readings);
    detail::check_cuts(*packed_, readings);
    if (num_updates < 1) {
        throw std::invalid_argument("num_updates is " + std::to_string(num_updates) +
                                    ", expected at least 1");
    }
    detail::Watch watch(options.progress, options.should_stop, static_cast<double>(num_updates));
    detail::Balance balance(*packed_, readings, x, num_samples, num_updates, watch);
    balance.run(detail::resolve_num_threads(options.num_threads));
    return balance.thresholds();
}

}  // namespace pysnn
