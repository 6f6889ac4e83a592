// Values of a rank, by channel: percentiles by selection.

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <pysnn/calibration.hpp>
#include <stdexcept>
#include <string>

#include "base/array.hpp"
#include "calibration/reading_observer.hpp"
#include "calibration/readings.hpp"
#include "forward/kernels/kernels.hpp"
#include "forward/run_task.hpp"

namespace pysnn {
namespace detail {
namespace {

constexpr float kLowest = -std::numeric_limits<float>::infinity();
// So many more values than asked for are kept before those that are too small are dropped.
constexpr std::int64_t kSlack = 4096;

/// The largest of many values that come in parts, from any worker.
class TopValues {
  public:
    explicit TopValues(std::int64_t count) : count_(count) {}

    /// Values that are not above it need not come.
    float least() const { return least_.load(std::memory_order_relaxed); }

    void add(const std::vector<float>& values) {
        const std::lock_guard<std::mutex> lock(mutex_);
        kept_.insert(kept_.end(), values.begin(), values.end());
        if (size_of(kept_) > count_ + std::max(count_ / 2, kSlack)) {
            shrink();
            least_.store(kept_.back(), std::memory_order_relaxed);
        }
    }

    /// The least of the values asked for, and the one above it.
    std::vector<float> lowest_two() {
        shrink();
        const float least = kept_.back();
        kept_.pop_back();
        const float above = kept_.empty() ? least : *std::min_element(kept_.begin(), kept_.end());
        return {least, above};
    }

  private:
    // Keeps the largest, the least of them at the end.
    void shrink() {
        const auto last = kept_.begin() + (count_ - 1);
        std::nth_element(kept_.begin(), last, kept_.end(), std::greater<float>());
        kept_.resize(to_size(count_));
    }

    const std::int64_t count_;
    std::atomic<float> least_{kLowest};
    std::mutex mutex_;
    std::vector<float> kept_;
};

class RankedObserver final : public ReadingObserver {
  public:
    RankedObserver(const PackedNetwork& network, const std::vector<Reading>& readings,
                   const Offsets& offsets, std::deque<TopValues>& tops)
        : ReadingObserver(network, readings), offsets_(offsets), tops_(tops) {}

    void end_block(std::int64_t) override {}

  private:
    void look(std::int64_t reading, std::int64_t channel, const float* values,
              std::int64_t positions, std::int64_t num_samples) override {
        const std::int64_t lanes = forward_kernels().lanes;
        TopValues& top = tops_[to_size(offsets_.of(reading) + channel)];
        const float least = top.least();
        found_.clear();
        for (std::int64_t i = 0; i < positions; ++i) {
            const float* row = values + i * lanes;
            for (std::int64_t lane = 0; lane < num_samples; ++lane) {
                if (row[lane] > least) {
                    found_.push_back(row[lane]);
                }
            }
        }
        if (!found_.empty()) {
            top.add(found_);
        }
    }

    const Offsets& offsets_;
    std::deque<TopValues>& tops_;
    std::vector<float> found_;
};

}  // namespace
}  // namespace detail

std::vector<std::vector<float>> Calibration::ranked(const float* x, std::int64_t num_samples,
                                                    const std::vector<Reading>& readings,
                                                    const ForwardOptions& options) const {
    detail::check_samples(x, num_samples, 1);
    detail::check_readings(*packed_, readings);
    std::deque<detail::TopValues> tops;
    for (const Reading& reading : readings) {
        const std::int64_t count = num_samples * detail::positions_of(*packed_, reading);
        if (reading.rank < 0 || reading.rank >= count) {
            throw std::invalid_argument("a reading has rank " + std::to_string(reading.rank) +
                                        ", expected one of " + std::to_string(count) + " values");
        }
        for (std::int64_t channel = 0; channel < reading.channels; ++channel) {
            tops.emplace_back(count - reading.rank);
        }
    }
    const detail::Offsets offsets(readings, [](const Reading&) { return 1; });
    detail::observe(*packed_, x, num_samples, readings, options, [&] {
        return std::make_unique<detail::RankedObserver>(*packed_, readings, offsets, tops);
    });
    const detail::Offsets pairs(readings, [](const Reading&) { return 2; });
    std::vector<float> found;
    for (detail::TopValues& top : tops) {
        const std::vector<float> two = top.lowest_two();
        found.insert(found.end(), two.begin(), two.end());
    }
    return pairs.split(found);
}

}  // namespace pysnn
