#include "record/recording.hpp"

#include <algorithm>

#include "base/bits.hpp"

namespace pysnn::detail {
namespace {

// Calls visit(step of the chunk, neuron) for every spike of a population.
template <typename Visit>
void for_each_spike(const PopulationPlan& plan, const std::uint64_t* words, std::int64_t num_steps,
                    Visit visit) {
    for (std::int64_t word = 0; word < plan.layout.num_words(); ++word) {
        for (std::int64_t step = 0; step < num_steps; ++step) {
            for (std::uint64_t mask = words[word * kMaxChunk + step]; mask != 0; mask &= mask - 1) {
                visit(step, plan.layout.neuron_of_bit(word * kMaskBits + lowest_bit(mask)));
            }
        }
    }
}

void record_potentials(const Job& job, std::size_t population, const SampleSlot& slot) {
    const Layout& layout = job.plan->populations[population].layout;
    const std::int64_t num_neurons = layout.num_neurons();
    float* target = job.result->records[population].potentials.data();
    for (std::int64_t step = 0; step < slot.chunk_size; ++step) {
        const float* source = slot.potentials.data() + step * layout.padded();
        float* row =
            target + ((slot.chunk_begin + step) * job.num_samples + slot.sample) * num_neurons;
        if (layout.num_positions() == 1) {
            std::copy_n(source, num_neurons, row);
            continue;
        }
        for (std::int64_t channel = 0; channel < layout.channels; ++channel) {
            for (std::int64_t position = 0; position < layout.num_positions(); ++position) {
                *row++ = source[position * layout.lanes + channel];
            }
        }
    }
}

}  // namespace

void record_population(const Job& job, std::size_t population, const SampleSlot& slot) {
    const PopulationPlan& plan = job.plan->populations[population];
    const std::uint64_t* words = slot.spikes[population].data();
    const std::int64_t num_neurons = plan.layout.num_neurons();
    PopulationRecord& target = job.result->records[population];
    if (job.record_spikes[population] != 0) {
        std::uint8_t* rows = target.spikes.data();
        for_each_spike(plan, words, slot.chunk_size, [&](std::int64_t step, std::int64_t neuron) {
            rows[((slot.chunk_begin + step) * job.num_samples + slot.sample) * num_neurons +
                 neuron] = 1;
        });
    }
    if (job.record_counts[population] != 0) {
        std::uint32_t* row = target.counts.data() + slot.sample * num_neurons;
        for_each_spike(plan, words, slot.chunk_size,
                       [&](std::int64_t, std::int64_t neuron) { ++row[neuron]; });
    }
    if (job.record_potentials[population] != 0) {
        record_potentials(job, population, slot);
    }
}

void pack_outputs(const Job& job, const SampleSlot& slot) {
    const PopulationPlan& plan = job.plan->populations.back();
    const std::int64_t bytes = (plan.layout.num_neurons() + 7) / 8;
    std::uint8_t* rows =
        job.result->output_spikes.data() + (slot.sample * job.num_steps + slot.chunk_begin) * bytes;
    for_each_spike(plan, slot.spikes.back().data(), slot.chunk_size,
                   [&](std::int64_t step, std::int64_t neuron) {
                       std::uint8_t& byte = rows[step * bytes + neuron / 8];
                       byte = static_cast<std::uint8_t>(byte | (1U << (neuron % 8)));
                   });
}

void count_outputs(const Job& job, const SampleSlot& slot, std::uint32_t* counts) {
    for_each_spike(job.plan->populations.back(), slot.spikes.back().data(), slot.chunk_size,
                   [&](std::int64_t, std::int64_t neuron) { ++counts[neuron]; });
}

}  // namespace pysnn::detail
