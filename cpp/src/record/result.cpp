// What the public interface reads off the outputs of a result.

#include "record/result.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/array.hpp"
#include "base/bits.hpp"

namespace pysnn {
namespace {

std::int64_t bytes_of_step(const SimulationResult& result) { return (result.num_outputs + 7) / 8; }

// Calls visit(neuron, sign) for the output spikes of a step.
template <typename Visit>
void for_each_spike_of_step(const SimulationResult& result, std::int64_t sample, std::int64_t step,
                            Visit visit) {
    const std::int64_t bytes = bytes_of_step(result);
    const std::int64_t row = (sample * result.num_steps + step) * bytes;
    const auto visit_all = [&](const std::vector<std::uint8_t>& spikes, std::int32_t sign) {
        for (std::int64_t byte = 0; byte < bytes; ++byte) {
            for (std::uint64_t mask = spikes.data()[row + byte]; mask != 0; mask &= mask - 1) {
                visit(byte * 8 + detail::lowest_bit(mask), sign);
            }
        }
    };
    visit_all(result.output_spikes, 1);
    if (!result.output_negative_spikes.empty()) {
        visit_all(result.output_negative_spikes, -1);
    }
}

// The class with the largest count so far, kept up to date as spikes come.
class Leader {
  public:
    explicit Leader(std::int64_t num_outputs) : counts_(num_outputs, 0) {}

    std::int32_t get() const { return leader_; }

    void add(std::int64_t neuron, std::int32_t sign) {
        counts_[neuron] += sign;
        if (sign < 0) {
            if (neuron == leader_) {
                leader_ = static_cast<std::int32_t>(
                    std::max_element(counts_.begin(), counts_.end()) - counts_.begin());
            }
            return;
        }
        const std::int32_t most = counts_[leader_];
        if (counts_[neuron] > most || (counts_[neuron] == most && neuron < leader_)) {
            leader_ = static_cast<std::int32_t>(neuron);
        }
    }

  private:
    detail::Array<std::int32_t> counts_;
    std::int32_t leader_ = 0;
};

// Calls keep(step, class) for every step of a sample, in the order of time.
template <typename Keep>
void predict_by_spikes(const SimulationResult& result, std::int64_t sample, Keep keep) {
    Leader leader(result.num_outputs);
    for (std::int64_t step = 0; step < result.num_steps; ++step) {
        for_each_spike_of_step(result, sample, step, [&](std::int64_t neuron, std::int32_t sign) {
            leader.add(neuron, sign);
        });
        keep(step, leader.get());
    }
}

const float* potentials_of(const SimulationResult& result, std::int64_t sample, std::int64_t step) {
    return result.output_potentials.data() +
           (sample * result.num_steps + step) * result.num_outputs;
}

// After its end a sample stays with its last class.
template <typename Keep>
void predict_by_potentials(const SimulationResult& result, std::int64_t sample, Keep keep) {
    std::int32_t leader = 0;
    const std::int64_t end = result.stopped_step.data()[sample] - result.first_step;
    for (std::int64_t step = 0; step < result.num_steps; ++step) {
        if (step < end && result.first_step + step >= result.readout_delay) {
            const float* row = potentials_of(result, sample, step);
            leader =
                static_cast<std::int32_t>(std::max_element(row, row + result.num_outputs) - row);
        }
        keep(step, leader);
    }
}

}  // namespace

namespace detail {

void add_spike_counts(const SimulationResult& result, std::vector<std::int32_t>& counts) {
    if (result.is_readout) {
        return;
    }
    for (std::int64_t sample = 0; sample < result.num_samples; ++sample) {
        std::int32_t* row = counts.data() + sample * result.num_outputs;
        for (std::int64_t step = 0; step < result.num_steps; ++step) {
            for_each_spike_of_step(
                result, sample, step,
                [&](std::int64_t neuron, std::int32_t sign) { row[neuron] += sign; });
        }
    }
}

}  // namespace detail

std::vector<std::int32_t> SimulationResult::spike_counts() const {
    std::vector<std::int32_t> counts(detail::to_size(num_samples * num_outputs));
    detail::add_spike_counts(*this, counts);
    return counts;
}

std::vector<std::int32_t> SimulationResult::predictions_over_time() const {
    std::vector<std::int32_t> predictions(detail::to_size(num_steps * num_samples));
    for (std::int64_t sample = 0; sample < num_samples; ++sample) {
        const auto keep = [&](std::int64_t step, std::int32_t leader) {
            predictions.data()[step * num_samples + sample] = leader;
        };
        if (is_readout) {
            predict_by_potentials(*this, sample, keep);
        } else {
            predict_by_spikes(*this, sample, keep);
        }
    }
    return predictions;
}

std::vector<std::int64_t> SimulationResult::first_spike_step() const {
    if (is_readout) {
        throw std::invalid_argument("the output is a readout, which never spikes");
    }
    std::vector<std::int64_t> first(detail::to_size(num_samples), -1);
    for (std::int64_t sample = 0; sample < num_samples; ++sample) {
        std::int64_t& found = first.data()[sample];
        for (std::int64_t step = 0; found < 0 && step < num_steps; ++step) {
            for_each_spike_of_step(*this, sample, step,
                                   [&](std::int64_t, std::int32_t) { found = first_step + step; });
        }
    }
    return first;
}

std::vector<double> SimulationResult::outputs() const {
    if (!is_readout) {
        throw std::invalid_argument("the output is no readout; its spike counts are what it says");
    }
    std::vector<double> outputs(detail::to_size(num_samples * num_outputs), 0.0);
    for (std::int64_t sample = 0; sample < num_samples; ++sample) {
        const std::int64_t end = stopped_step.data()[sample];
        const std::int64_t added = end - readout_delay;
        if (added <= 0 || end == first_step) {
            continue;
        }
        const float* row = potentials_of(*this, sample, end - 1 - first_step);
        for (std::int64_t i = 0; i < num_outputs; ++i) {
            outputs.data()[sample * num_outputs + i] =
                double{row[i]} * output_scale / static_cast<double>(added);
        }
    }
    return outputs;
}

}  // namespace pysnn
