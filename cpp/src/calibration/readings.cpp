// What all reductions of readings share: checks, the pass over the samples, where numbers lie.

#include "calibration/readings.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "base/array.hpp"
#include "forward/run_task.hpp"

namespace pysnn {
namespace detail {
namespace {

[[noreturn]] void refuse(std::int64_t reading, const std::string& what, const std::string& wanted) {
    throw std::invalid_argument("reading " + std::to_string(reading) + " has " + what +
                                ", expected " + wanted);
}

void check_node(const PackedNetwork& network, std::int64_t reading, std::int64_t node,
                std::int64_t channels) {
    if (node < 0 || node >= size_of(network.nodes())) {
        refuse(reading, "node " + std::to_string(node),
               "an index below " + std::to_string(network.nodes().size()));
    }
    const std::int64_t features = network.nodes().data()[node].features;
    if (channels < 1 || features % channels != 0) {
        refuse(reading, std::to_string(channels) + " channels",
               "a divisor of the node's " + std::to_string(features) + " elements");
    }
}

}  // namespace

Offsets::Offsets(const std::vector<Reading>& readings,
                 const std::function<std::int64_t(const Reading&)>& per_channel) {
    for (const Reading& reading : readings) {
        offsets_.push_back(total);
        total += reading.channels * per_channel(reading);
    }
    offsets_.push_back(total);
}

void check_readings(const PackedNetwork& network, const std::vector<Reading>& readings) {
    for (std::int64_t i = 0; i < size_of(readings); ++i) {
        const Reading& reading = readings.data()[i];
        check_node(network, i, reading.node, reading.channels);
        if (!(reading.most > 0.0F)) {
            refuse(i, "most " + std::to_string(reading.most), "a number above 0");
        }
    }
}

void observe(const PackedNetwork& network, const float* x, std::int64_t num_samples,
             const std::vector<Reading>& readings, const ForwardOptions& options,
             std::function<std::unique_ptr<Observer>()> make_observer) {
    check_samples(x, num_samples, 1);
    check_readings(network, readings);
    ForwardTask task;
    task.x = x;
    task.num_samples = num_samples;
    task.make_observer = std::move(make_observer);
    task.block = Calibration::kBlock;
    task.find_faults = true;
    check_finite(network, run_task(network, task, options));
}

}  // namespace detail

Calibration::Calibration(const Network& network)
    : packed_(std::make_shared<const detail::PackedNetwork>(network)) {}

const Shape& Calibration::input_shape() const { return packed_->input_shape(); }

}  // namespace pysnn
