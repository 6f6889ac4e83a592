// The recordable "balance": what became of each neuron's charge. The engine counts it.

#include "base/array.hpp"
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
    balance.threshold = population.threshold;
    if (population.threshold.size() == 1) {
        balance.threshold.assign(to_size(sizes.num_neurons), population.threshold.front());
    }
    const std::size_t size = to_size(sizes.num_samples * sizes.num_neurons);
    for (auto* charge : {&balance.input_charge, &balance.dropped_charge, &balance.excess_charge,
                         &balance.rounding_charge}) {
        charge->assign(size, 0.0);
    }
    for (auto* potential : {&balance.initial_potential, &balance.final_potential}) {
        potential->assign(size, 0.0F);
    }
    for (auto* count : {&balance.spike_counts, &balance.multi_spike_steps}) {
        count->assign(size, 0U);
    }
}

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
    "balance", {false, false, true}, &RecordOptions::balance, add_memory, prepare, nullptr, arrays};

}  // namespace pysnn::detail
