// What to keep of a simulation beyond the output spikes, and what was kept.
#pragma once

#include <cstdint>
#include <pysnn/export.hpp>
#include <string>
#include <variant>
#include <vector>

namespace pysnn {

/// What to keep beyond the output spikes, each a list of population names.
struct RecordOptions {
    std::vector<std::string> spikes;      // spike trains
    std::vector<std::string> potentials;  // membrane potentials at the end of each step; not of a
                                          // max pool, which has none
    std::vector<std::string> counts;      // spikes per neuron, less negative ones
    std::vector<std::string> balance;     // charge per neuron; not of a max pool or a readout
};

/// What became of the charge that each neuron of a population received, in the unit of its membrane
/// potential. Arrays are (num_samples, num_neurons) unless they say otherwise.
///
/// For every neuron, input_charge + initial_potential = threshold * spike_counts + what the resets
/// took beyond that (excess_charge if loses_excess, 0 otherwise) + dropped_charge + rounding_charge
/// + final_potential. What a leaky neuron leaks counts as
/// dropped.
struct Balance {
    std::vector<float> threshold;            // (num_neurons)
    bool loses_excess = false;               // reset to zero
    std::vector<double> input_charge;        // currents of all steps, biases included
    std::vector<double> dropped_charge;      // those of steps in which input was dropped
    std::vector<double> excess_charge;       // potential above the threshold, over all spikes
    std::vector<double> rounding_charge;     // what rounding to float32 took off the potential
    std::vector<float> initial_potential;    // before the first step
    std::vector<float> final_potential;      // after the last step
    std::vector<std::int32_t> spike_counts;  // spikes, less negative ones
    std::vector<std::uint32_t> multi_spike_steps;  // spikes at twice the threshold or more
};

/// What was asked of one population by SimulationOptions::record; empty where it was not asked.
struct PopulationRecord {
    std::vector<std::int8_t> spikes;   // (num_steps, num_samples, num_neurons): -1, 0 or 1
    std::vector<float> potentials;     // (num_steps, num_samples, num_neurons)
    std::vector<std::int32_t> counts;  // (num_samples, num_neurons), less negative spikes
    Balance balance;
};

/// What the elements of a recorded array stand for.
enum class RecordedSpan {
    Neurons,              // (num_neurons)
    SamplesNeurons,       // (num_samples, num_neurons)
    StepsSamplesNeurons,  // (num_steps, num_samples, num_neurons)
};

/// One array of a record, by name. It points into the record.
struct RecordedArray {
    const char* name;
    RecordedSpan span;
    std::variant<const std::vector<std::int8_t>*, const std::vector<std::int32_t>*,
                 const std::vector<std::uint32_t>*, const std::vector<float>*,
                 const std::vector<double>*>
        values;
};

/// The things that can be kept of a population, as RecordOptions calls them.
PYSNN_API std::vector<std::string> recordable_names();

/// The populations of which a recordable is to be kept.
///
/// Throws:
///     std::invalid_argument: there is no recordable of that name.
PYSNN_API std::vector<std::string>& populations_to_record(RecordOptions& options,
                                                          const std::string& recordable);

/// The arrays of a recordable, empty where it was not asked for. Throws as populations_to_record().
PYSNN_API std::vector<RecordedArray> recorded_arrays(const PopulationRecord& record,
                                                     const std::string& recordable);

}  // namespace pysnn
