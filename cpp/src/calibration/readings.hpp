// What all reductions of readings share: checks, the pass over the samples, where numbers lie.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <pysnn/calibration.hpp>
#include <vector>

#include "forward/observer.hpp"
#include "forward/packed_network.hpp"

namespace pysnn::detail {

/// Where the numbers of readings lie behind each other.
class Offsets {
  public:
    /// Args:
    ///     per_channel: how many numbers each channel of a reading has.
    Offsets(const std::vector<Reading>& readings,
            const std::function<std::int64_t(const Reading&)>& per_channel);

    std::int64_t of(std::int64_t reading) const { return offsets_.data()[reading]; }

    /// The numbers of each reading.
    template <typename T>
    std::vector<std::vector<T>> split(const std::vector<T>& values) const {
        std::vector<std::vector<T>> parts;
        for (std::size_t i = 0; i + 1 < offsets_.size(); ++i) {
            parts.emplace_back(values.begin() + offsets_[i], values.begin() + offsets_[i + 1]);
        }
        return parts;
    }

    std::int64_t total = 0;

  private:
    std::vector<std::int64_t> offsets_;  // the last is the total
};

/// Throws std::invalid_argument where a reading does not fit the network.
void check_readings(const PackedNetwork& network, const std::vector<Reading>& readings);

/// Checks samples and readings, and runs samples under the eyes of an observer for each worker.
void observe(const PackedNetwork& network, const float* x, std::int64_t num_samples,
             const std::vector<Reading>& readings, const ForwardOptions& options,
             std::function<std::unique_ptr<Observer>()> make_observer);

}  // namespace pysnn::detail
