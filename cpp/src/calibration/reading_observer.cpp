// Looks at the values that readings ask for, channel by channel.

#include "calibration/reading_observer.hpp"

#include <algorithm>
#include <cmath>

#include "base/array.hpp"
#include "forward/kernels/kernels.hpp"

namespace pysnn::detail {

ReadingObserver::ReadingObserver(const PackedNetwork& network, const std::vector<Reading>& readings)
    : network_(network), readings_(readings), of_node_(network.nodes().size()) {
    std::int64_t most = 0;
    for (std::int64_t i = 0; i < size_of(readings); ++i) {
        const Reading& reading = readings.data()[i];
        of_node_.data()[reading.node].push_back(i);
        most = std::max(most, positions_of(network, reading));
    }
    looked_at_.reserve(most * forward_kernels().lanes);
}

void ReadingObserver::see(std::int64_t node, bool is_finished, const float* bundle,
                          std::int64_t num_samples) {
    for (const std::int64_t index : of_node_.data()[node]) {
        const Reading& reading = readings_.data()[index];
        // What has no ReLU of its own is finished at once.
        const bool wants_finished =
            reading.look != Look::Plain || !network_.nodes().data()[node].relu;
        if (is_finished != wants_finished) {
            continue;
        }
        const std::int64_t positions = positions_of(network_, reading);
        const std::int64_t size = positions * forward_kernels().lanes;
        for (std::int64_t channel = 0; channel < reading.channels; ++channel) {
            take_look(reading, bundle + channel * size, size, looked_at_.data());
            look(index, channel, looked_at_.data(), positions, num_samples);
        }
    }
}

void take_look(const Reading& reading, const float* values, std::int64_t count, float* target) {
    switch (reading.look) {
        case Look::Plain:
            std::copy_n(values, count, target);
            break;
        case Look::Rectified:
            for (std::int64_t i = 0; i < count; ++i) {
                const float positive = values[i] > 0.0F ? values[i] : 0.0F;
                target[i] = positive < reading.most ? positive : reading.most;
            }
            break;
        case Look::Magnitude:
            for (std::int64_t i = 0; i < count; ++i) {
                target[i] = std::fabs(values[i]);
            }
            break;
    }
}

std::int64_t positions_of(const PackedNetwork& network, const Reading& reading) {
    return network.nodes().data()[reading.node].features / reading.channels;
}

}  // namespace pysnn::detail
