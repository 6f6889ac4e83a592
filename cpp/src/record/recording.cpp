// Recordables found by name, arrays sized, chunks handed on.

#include "record/recording.hpp"

#include <pysnn/names.hpp>
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

// The population of a name, which must have what is to be kept.
std::int64_t find_for(const SpikingNetworkDescription& network, const std::string& name,
                      const Recordable& recordable) {
    const std::int64_t k = find(network, name, recordable.name);
    const NeuronModel neuron = network.populations.data()[k].neuron;
    if (!recordable.exists(neuron)) {
        throw std::invalid_argument(std::string("record: ") + recordable.name + " of '" + name +
                                    "', but neurons of the model '" + name_of(neuron) +
                                    "' have none");
    }
    return k;
}

std::int64_t bytes_of_outputs(std::int64_t num_outputs) { return (num_outputs + 7) / 8; }

// What a rate of 1 of the output stands for: its scale, where all neurons have one, at an input
// rate of 1. Inputs and biases of a lower rate make all else lower.
double output_scale(const SpikingNetworkDescription& network, double input_rate) {
    const std::vector<std::vector<double>>& scales = network.scale_factors;
    const double scale = scales.empty() || scales.back().size() != 1 ? 1.0 : scales.back().front();
    return input_rate > 0.0 ? scale / input_rate : scale;
}

}  // namespace

RecordingPlan::RecordingPlan(const SpikingNetworkDescription& network, const RecordOptions& options)
    : needs_(size_of(network.populations)), recordables_(size_of(network.populations)) {
    for (const Recordable* recordable : kRecordables) {
        std::vector<char> is_asked(network.populations.size(), 0);
        for (const std::string& name : options.*recordable->populations) {
            is_asked.data()[find_for(network, name, *recordable)] = 1;
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
                    double input_rate, SimulationResult& result) {
    const std::vector<Population>& populations = network.description().populations;
    const std::int64_t num_populations = size_of(populations);
    const std::int64_t output_bytes = bytes_of_outputs(network.num_outputs());
    const bool is_readout = populations.back().neuron == NeuronModel::Readout;
    const bool sends_negative = network.sends_negative(num_populations - 1);
    const std::int64_t num_potentials = is_readout ? network.num_outputs() : 0;
    const auto sizes = [&](std::int64_t k) {
        return RecordSizes{num_steps, num_samples, network.num_neurons().data()[k]};
    };
    MemoryEstimate estimate;
    estimate.add({num_samples, num_steps, output_bytes}, sends_negative ? 2 : 1);
    estimate.add({num_samples, num_steps, num_potentials}, sizeof(float));
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
    result.output_negative_spikes.assign(sends_negative ? result.output_spikes.size() : 0, 0);
    result.output_potentials.assign(to_size(num_samples * num_steps * num_potentials), 0.0F);
    result.output_scale = output_scale(network.description(), input_rate);
    result.is_readout = is_readout;
    result.readout_delay = populations.back().delay;
    result.num_input_spikes.assign(to_size(num_samples), 0);
    result.stopped_step.assign(to_size(num_samples), first_step + num_steps);
    result.num_spikes.assign(to_size(num_samples * num_populations), 0);
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
    const std::int64_t row = chunk.sample * result.num_steps + chunk.first_step;
    chunk.for_each_spike([&](std::int64_t step, std::int64_t neuron, int sign) {
        std::vector<std::uint8_t>& spikes =
            sign > 0 ? result.output_spikes : result.output_negative_spikes;
        std::uint8_t& byte = spikes.data()[(row + step) * bytes + neuron / 8];
        byte = static_cast<std::uint8_t>(byte | (1U << (neuron % 8)));
    });
    if (result.is_readout) {
        const Layout& layout = chunk.layout;
        float* potentials = result.output_potentials.data() + row * result.num_outputs;
        for (std::int64_t step = 0; step < chunk.num_steps; ++step) {
            for (std::int64_t i = 0; i < layout.num_neurons(); ++i) {
                *potentials++ = chunk.potentials[step * layout.padded() + layout.lane(i)];
            }
        }
    }
}

}  // namespace pysnn::detail
