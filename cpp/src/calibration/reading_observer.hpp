// Looks at the values that readings ask for, channel by channel.
#pragma once

#include <cstdint>
#include <pysnn/calibration.hpp>
#include <vector>

#include "base/aligned_buffer.hpp"
#include "forward/observer.hpp"
#include "forward/packed_network.hpp"

namespace pysnn::detail {

/// Hands each channel of a reading on, as its Look says.
class ReadingObserver : public Observer {
  public:
    ReadingObserver(const PackedNetwork& network, const std::vector<Reading>& readings);

    void see(std::int64_t node, bool is_finished, const float* bundle,
             std::int64_t num_samples) final;

  protected:
    /// Args:
    ///     reading: its index.
    ///     values: (positions, lanes).
    ///     num_samples: lanes that are samples.
    virtual void look(std::int64_t reading, std::int64_t channel, const float* values,
                      std::int64_t positions, std::int64_t num_samples) = 0;

    const std::vector<Reading>& readings() const { return readings_; }

  private:
    const PackedNetwork& network_;
    const std::vector<Reading>& readings_;
    std::vector<std::vector<std::int64_t>> of_node_;  // readings by node
    AlignedBuffer<float> looked_at_;                  // of one channel
};

/// Writes what counts of some values.
void take_look(const Reading& reading, const float* values, std::int64_t count, float* target);

/// Elements of a channel of a reading.
std::int64_t positions_of(const PackedNetwork& network, const Reading& reading);

}  // namespace pysnn::detail
