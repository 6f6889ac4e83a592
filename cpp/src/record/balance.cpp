// The recordable "balance": what became of each neuron's charge. The engine counts it.

#include "base/array.hpp"
#include "network/spiking/neuron_models.hpp"
#include "record/recordable.hpp"

namespace pysnn::detail {
namespace {

void add_memory(const RecordSizes& sizes, MemoryEstimate& estimate) {
    constexpr std::int64_t kBytes =
        4 * sizeof(double) + 2 * sizeof(float) + 2 * sizeof(std::uint32_t);
    estimate.add({sizes.num_samples, sizes.num_neurons}, kBytes);
}

void prepare(const Population& population, const RecordSizes& sizes, PopulationRecord& record) {
    Balance& balance = record.balance;
    balance.loses_excess = population.reset == ResetMode::Zero;
    const std::int64_t neurons_per_value = sizes.num_neurons / size_of(population.threshold);
    balance.threshold.clear();
    for (const float threshold : population.threshold) {
        balance.threshold.insert(balance.threshold.end(), to_size(neurons_per_value), threshold);
    }
    const std::size_t size = to_size(sizes.num_samples * sizes.num_neurons);
    for (auto* charge : {&balance.input_charge, &balance.dropped_charge, &balance.excess_charge,
                         &balance.rounding_charge}) {
        charge->assign(size, 0.0);
    }
    for (auto* potential : {&balance.initial_potential, &balance.final_potential}) {
        potential->assign(size, 0.0F);
    }
    balance.spike_counts.assign(size, 0);
    balance.multi_spike_steps.assign(size, 0U);
}

// A balance is that of a potential that spikes are paid from.
bool exists(NeuronModel neuron) { return traits_of(neuron).has_threshold; }

std::vector<RecordedArray> arrays(const PopulationRecord& record) {
    const Balance& balance = record.balance;
    constexpr RecordedSpan kEach = RecordedSpan::SamplesNeurons;
    return {{"threshold", RecordedSpan::Neurons, &balance.threshold},
            {"input_charge", kEach, &balance.input_charge},
            {"dropped_charge", kEach, &balance.dropped_charge},
            {"excess_charge", kEach, &balance.excess_charge},
            {"rounding_charge", kEach, &balance.rounding_charge},
            {"initial_potential", kEach, &balance.initial_potential},
            {"final_potential", kEach, &balance.final_potential},
            {"spike_counts", kEach, &balance.spike_counts},
            {"multi_spike_steps", kEach, &balance.multi_spike_steps}};
}

}  // namespace

const Recordable kBalanceRecordable{
    "balance", {false, false, true}, &RecordOptions::balance, add_memory, prepare, nullptr, exists,
    arrays};

}  // namespace pysnn::detail
