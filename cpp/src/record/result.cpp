// What the public interface reads off the output spikes of a result.

#include "record/result.hpp"

#include "base/array.hpp"
#include "base/bits.hpp"

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
        ++counts.data()[sample * result.num_outputs + neuron];
        return true;
    });
}

}  // namespace detail

std::vector<std::uint32_t> SimulationResult::spike_counts() const {
    std::vector<std::uint32_t> counts(detail::to_size(num_samples * num_outputs));
    detail::add_spike_counts(*this, counts);
    return counts;
}

std::vector<std::int32_t> SimulationResult::predictions_over_time() const {
    std::vector<std::int32_t> predictions(detail::to_size(num_steps * num_samples));
    std::vector<std::uint32_t> counts(detail::to_size(num_outputs));
    const std::int64_t bytes = (num_outputs + 7) / 8;
    const std::uint8_t* row = output_spikes.data();
    for (std::int64_t sample = 0; sample < num_samples; ++sample) {
        counts.assign(counts.size(), 0);
        std::int32_t leader = 0;
        for (std::int64_t step = 0; step < num_steps; ++step, row += bytes) {
            for (std::int64_t byte = 0; byte < bytes; ++byte) {
                for (std::uint64_t mask = row[byte]; mask != 0; mask &= mask - 1) {
                    const auto neuron =
                        static_cast<std::int32_t>(byte * 8 + detail::lowest_bit(mask));
                    const std::uint32_t count = ++counts.data()[neuron];
                    const std::uint32_t most = counts.data()[leader];
                    if (count > most || (count == most && neuron < leader)) {
                        leader = neuron;
                    }
                }
            }
            predictions.data()[step * num_samples + sample] = leader;
        }
    }
    return predictions;
}

std::vector<std::int64_t> SimulationResult::first_spike_step() const {
    std::vector<std::int64_t> first(detail::to_size(num_samples), -1);
    for_each_output_spike(*this, [&](std::int64_t sample, std::int64_t step, std::int64_t) {
        first.data()[sample] = first_step + step;
        return false;
    });
    return first;
}

}  // namespace pysnn
