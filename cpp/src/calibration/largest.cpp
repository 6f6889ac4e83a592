// Largest values, by channel.

#include <algorithm>
#include <mutex>
#include <pysnn/calibration.hpp>

#include "base/array.hpp"
#include "calibration/reading_observer.hpp"
#include "calibration/readings.hpp"
#include "forward/kernels/kernels.hpp"

namespace pysnn {
namespace detail {
namespace {

constexpr float kLowest = -std::numeric_limits<float>::infinity();

/// Those of all workers.
struct SharedLargest {
    std::mutex mutex;
    std::vector<float> values;
};

class LargestObserver final : public ReadingObserver {
  public:
    LargestObserver(const PackedNetwork& network, const std::vector<Reading>& readings,
                    const Offsets& offsets, SharedLargest& shared)
        : ReadingObserver(network, readings),
          offsets_(offsets),
          shared_(shared),
          own_(to_size(offsets.total), kLowest) {}

    void end_block(std::int64_t) override {
        const std::lock_guard<std::mutex> lock(shared_.mutex);
        std::transform(own_.begin(), own_.end(), shared_.values.begin(), shared_.values.begin(),
                       [](float own, float shared) { return std::max(own, shared); });
    }

  private:
    // Lanes behind the last sample repeat it, so that they change nothing.
    void look(std::int64_t reading, std::int64_t channel, const float* values,
              std::int64_t positions, std::int64_t) override {
        float& largest = own_.data()[offsets_.of(reading) + channel];
        const float* end = values + positions * forward_kernels().lanes;
        largest = std::max(largest, *std::max_element(values, end));
    }

    const Offsets& offsets_;
    SharedLargest& shared_;
    std::vector<float> own_;
};

}  // namespace
}  // namespace detail

std::vector<std::vector<float>> Calibration::largest(const float* x, std::int64_t num_samples,
                                                     const std::vector<Reading>& readings,
                                                     const ForwardOptions& options) const {
    const detail::Offsets offsets(readings, [](const Reading&) { return 1; });
    detail::SharedLargest shared;
    shared.values.assign(detail::to_size(offsets.total), detail::kLowest);
    detail::observe(*packed_, x, num_samples, readings, options, [&] {
        return std::make_unique<detail::LargestObserver>(*packed_, readings, offsets, shared);
    });
    return offsets.split(shared.values);
}

}  // namespace pysnn
