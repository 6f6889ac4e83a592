#include <cstdint>
#include <pysnn/simulation.hpp>
#include <vector>

#include "base/bits.hpp"
#include "record/recording.hpp"

namespace pysnn {
namespace {

// Calls visit(sample, step, neuron) for every output spike, sample by sample in time order; visit
// returns whether the sample is still of interest.
template <typename Visit>
void for_each_output_spike(const SimulationResult& result, Visit visit) {
    const std::int64_t bytes = (result.num_outputs + 7) / 8;
    const std::uint8_t* row = result.output_spikes.data();
    for (std::int64_t sample = 0; sample < result.num_samples; ++sample) {
        bool wanted = true;
        for (std::int64_t step = 0; step < result.num_steps; ++step, row += bytes) {
            for (std::int64_t byte = 0; wanted && byte < bytes; ++byte) {
                for (std::uint64_t mask = row[byte]; wanted && mask != 0; mask &= mask - 1) {
                    wanted = visit(sample, step, byte * 8 + detail::lowest_bit(mask));
                }
            }
        }
    }
}

}  // namespace

namespace detail {

void add_spike_counts(const SimulationResult& result, std::vector<std::uint32_t>& counts) {
    for_each_output_spike(result, [&](std::int64_t sample, std::int64_t, std::int64_t neuron) {
        ++counts[static_cast<std::size_t>(sample * result.num_outputs + neuron)];
        return true;
    });
}

}  // namespace detail

std::vector<std::uint32_t> SimulationResult::spike_counts() const {
    std::vector<std::uint32_t> counts(static_cast<std::size_t>(num_samples * num_outputs));
    detail::add_spike_counts(*this, counts);
    return counts;
}

std::vector<std::int32_t> SimulationResult::predictions_over_time() const {
    std::vector<std::int32_t> predictions(static_cast<std::size_t>(num_steps * num_samples));
    std::vector<std::uint32_t> counts(static_cast<std::size_t>(num_outputs));
    const std::int64_t bytes = (num_outputs + 7) / 8;
    const std::uint8_t* row = output_spikes.data();
    for (std::int64_t sample = 0; sample < num_samples; ++sample) {
        counts.assign(counts.size(), 0);
        std::size_t leader = 0;
        for (std::int64_t step = 0; step < num_steps; ++step, row += bytes) {
            for (std::int64_t byte = 0; byte < bytes; ++byte) {
                for (std::uint64_t mask = row[byte]; mask != 0; mask &= mask - 1) {
                    const auto neuron =
                        static_cast<std::size_t>(byte * 8 + detail::lowest_bit(mask));
                    const std::uint32_t count = ++counts[neuron];
                    if (count > counts[leader] || (count == counts[leader] && neuron < leader)) {
                        leader = neuron;
                    }
                }
            }
            predictions[static_cast<std::size_t>(step * num_samples + sample)] =
                static_cast<std::int32_t>(leader);
        }
    }
    return predictions;
}

std::vector<std::int64_t> SimulationResult::first_spike_step() const {
    std::vector<std::int64_t> first(static_cast<std::size_t>(num_samples), -1);
    for_each_output_spike(*this, [&](std::int64_t sample, std::int64_t step, std::int64_t) {
        first[static_cast<std::size_t>(sample)] = first_step + step;
        return false;
    });
    return first;
}

}  // namespace pysnn
