// One batch of samples on its way through a network whose values are cut off at thresholds.
#pragma once

#include <cstdint>
#include <memory>
#include <pysnn/calibration.hpp>
#include <vector>

#include "calibration/readings.hpp"
#include "forward/packed_network.hpp"
#include "forward/worker.hpp"

namespace pysnn::detail {

/// Runs the nodes of a batch up to one whose values readings ask for, and says what they exceed.
class BalancedBatch {
  public:
    /// Args:
    ///     offsets: of one threshold per channel of each reading.
    BalancedBatch(const PackedNetwork& network, const std::vector<Reading>& readings,
                  const Offsets& offsets, std::int64_t size);

    /// Takes `first` of all samples and those behind it, from the beginning again behind the last.
    void load(const float* x, std::int64_t num_samples, std::int64_t first);

    /// Runs the nodes up to `node`; leaves them unfinished once `pulse` has stopped.
    void run_to(std::int64_t node, const Pulse& pulse);

    /// Raises the thresholds of the readings of the node that ran last by twice the mean of what
    /// exceeds them, and keeps them for what is cut off later.
    ///
    /// Args:
    ///     thresholds: (channels of all readings).
    void raise(std::vector<double>& thresholds);

    /// The first sample of the batch that has a value that is not finite.
    ForwardFault fault() const;

  private:
    /// A bundle of the batch.
    struct Part {
        std::int64_t first = 0;
        std::int64_t num_samples = 0;
        std::unique_ptr<ForwardWorker> worker;
    };

    void cut_off(Part& part, std::int64_t node, std::int64_t last_read);
    double mean_excess(std::int64_t reading, std::int64_t channel, double threshold);
    void add_excess(Part& part, std::int64_t positions, double threshold);

    const PackedNetwork& network_;
    const std::vector<Reading>& readings_;
    const Offsets& offsets_;
    const std::int64_t size_;
    std::vector<float> samples_;
    ForwardTask task_;
    std::vector<Part> parts_;
    std::int64_t done_ = 0;           // nodes that have run
    std::vector<double> thresholds_;  // of the readings that have risen, for this batch
    std::vector<float> looked_at_;    // values of a channel of a bundle
    std::vector<double> lanes_;       // what they exceed a threshold by, by sample
    std::vector<double> excess_;      // of all samples
};

}  // namespace pysnn::detail
