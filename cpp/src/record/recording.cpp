// Recordables found by name, arrays sized, chunks handed on.

#include "record/recording.hpp"

#include <stdexcept>
#include <string>

#include "base/memory.hpp"

namespace pysnn::detail {
namespace {

std::int64_t find(const SpikingNetworkDescription& network, const std::string& name,
                  const char* what) {
    std::int64_t k = 0;
    for (const Population& population : network.populations) {
        if (population.name == name) {
            return k;
        }
        ++k;
    }
    throw std::invalid_argument(std::string("record: ") + what + " of '" + name +
                                "', but the network has no population of that name");
}

std::int64_t bytes_of_outputs(std::int64_t num_outputs) { return (num_outputs + 7) / 8; }

}  // namespace

RecordingPlan::RecordingPlan(const SpikingNetworkDescription& network, const RecordOptions& options)
    : needs_(size_of(network.populations)), recordables_(size_of(network.populations)) {
    for (const Recordable* recordable : kRecordables) {
        std::vector<char> is_asked(network.populations.size(), 0);
        for (const std::string& name : options.*recordable->populations) {
            is_asked.data()[find(network, name, recordable->name)] = 1;
        }
        for (std::int64_t k = 0; k < needs_.size(); ++k) {
            if (is_asked.data()[k] == 0) {
                continue;
            }
            recordables_[k].push_back(recordable);
            needs_[k].spikes = needs_[k].spikes || recordable->needs.spikes;
            needs_[k].potentials = needs_[k].potentials || recordable->needs.potentials;
            needs_[k].charge = needs_[k].charge || recordable->needs.charge;
        }
    }
}

void RecordingPlan::fill(std::int64_t population, const PopulationChunk& chunk,
                         SimulationResult& result) const {
    for (const Recordable* recordable : recordables_[population]) {
        if (recordable->fill != nullptr) {
            recordable->fill(chunk, result.records.data()[population]);
        }
    }
}

void prepare_result(const SpikingNetwork& network, const RecordingPlan& recording,
                    std::int64_t num_samples, std::int64_t first_step, std::int64_t num_steps,
                    SimulationResult& result) {
    const std::vector<Population>& populations = network.description().populations;
    const std::int64_t num_populations = size_of(populations);
    const std::int64_t output_bytes = bytes_of_outputs(network.num_outputs());
    const auto sizes = [&](std::int64_t k) {
        return RecordSizes{num_steps, num_samples, network.num_neurons().data()[k]};
    };
    MemoryEstimate estimate;
    estimate.add({num_samples, num_steps, output_bytes}, 1);
    estimate.add({num_samples, 2 * num_populations + 2}, sizeof(std::int64_t));
    for (std::int64_t k = 0; k < num_populations; ++k) {
        for (const Recordable* recordable : recording.of(k)) {
            recordable->add_memory(sizes(k), estimate);
        }
    }
    estimate.check("the result");

    result.first_step = first_step;
    result.num_steps = num_steps;
    result.num_samples = num_samples;
    result.num_outputs = network.num_outputs();
    result.num_populations = num_populations;
    result.output_spikes.assign(to_size(num_samples * num_steps * output_bytes), 0);
    result.input_spikes.assign(to_size(num_samples), 0);
    result.stopped_step.assign(to_size(num_samples), first_step + num_steps);
    result.spikes.assign(to_size(num_samples * num_populations), 0);
    result.synaptic_operations.assign(to_size(num_samples * num_populations), 0);
    result.records.resize(to_size(num_populations));
    for (std::int64_t k = 0; k < num_populations; ++k) {
        for (const Recordable* recordable : recording.of(k)) {
            recordable->prepare(populations.data()[k], sizes(k), result.records.data()[k]);
        }
    }
}

void pack_outputs(const PopulationChunk& chunk, SimulationResult& result) {
    const std::int64_t bytes = bytes_of_outputs(result.num_outputs);
    std::uint8_t* rows =
        result.output_spikes.data() + (chunk.sample * result.num_steps + chunk.first_step) * bytes;
    chunk.for_each_spike([&](std::int64_t step, std::int64_t neuron) {
        std::uint8_t& byte = rows[step * bytes + neuron / 8];
        byte = static_cast<std::uint8_t>(byte | (1U << (neuron % 8)));
    });
}

}  // namespace pysnn::detail
