#include "engine/cpu/ops/membrane_pass.hpp"

#include <algorithm>

namespace pysnn::detail {
namespace {

// The 64-bit words of a group's spikes, from a bit on that need not begin one.
void store_spikes(std::uint64_t* words, std::int64_t bit, std::int64_t step, std::uint64_t mask) {
    if (mask == 0) {
        return;
    }
    std::uint64_t* word = words + bit / kMaskBits * kMaxChunk + step;
    const auto shift = static_cast<int>(bit % kMaskBits);
    *word |= mask << shift;
    const std::uint64_t rest = shift > kMaskBits - kGroup ? mask >> (kMaskBits - shift) : 0;
    if (rest != 0) {
        word[kMaxChunk] |= rest;
    }
}

class Membranes {
  public:
    Membranes(const Job& job, std::size_t population, SampleSlot& slot)
        : job_(job),
          population_(population),
          plan_(job.plan->populations[population]),
          slot_(slot),
          counts_(job.record_balance[population] != 0) {}

    // Channels [channel, channel + kGroup) of one pixel.
    void run(std::int64_t position, std::int64_t channel) {
        const Layout& layout = plan_.layout;
        const std::int64_t lane = position * layout.lanes + channel;
        const std::int64_t bit = position / layout.width * layout.words_per_row * kMaskBits +
                                 position % layout.width * layout.bit_channels + channel;
        const float refractory_steps = job_.refractory_steps[population_];
        float* left =
            refractory_steps > 0.0F ? slot_.refractory_left[population_].data() + lane : nullptr;
        float* potential = slot_.potential[population_].data() + lane;
        NeuronGroup group;
        std::copy_n(potential, kGroup, group.potential);
        std::copy_n(plan_.threshold.data() + lane, kGroup, group.threshold);
        if (left != nullptr) {
            std::copy_n(left, kGroup, group.left);
        }
        load_balance(position, channel, group);
        std::uint64_t masks[kMaxChunk] = {};
        GroupArguments arguments = arguments_at(lane);
        arguments.group = &group;
        arguments.masks = masks;
        kernels().membranes(arguments);
        for (std::int64_t step = 0; step < slot_.chunk_size; ++step) {
            store_spikes(slot_.spikes[population_].data(), bit, step, masks[step]);
        }
        slot_.num_spikes[population_] +=
            kernels().words.count_bits(masks, slot_.chunk_size, ~std::uint64_t{0});
        store_balance(position, channel, group);
        std::copy_n(group.potential, kGroup, potential);
        if (left != nullptr) {
            std::copy_n(group.left, kGroup, left);
        }
    }

  private:
    // With what the passes left, or where there was none, what every step begins with.
    GroupArguments arguments_at(std::int64_t lane) const {
        const bool is_held = job_.first_projection(population_) == plan_.projections.size();
        GroupArguments arguments;
        arguments.num_steps = slot_.chunk_size;
        arguments.currents =
            is_held ? slot_.base[population_].data() + lane : slot_.carry.data() + lane;
        arguments.current_stride = is_held ? 0 : plan_.layout.padded();
        arguments.rule = plan_.rule;
        arguments.refractory_steps = job_.refractory_steps[population_];
        arguments.counts = counts_;
        if (job_.record_potentials[population_] != 0) {
            arguments.potentials = slot_.potentials.data() + lane;
            arguments.potential_stride = plan_.layout.padded();
        }
        return arguments;
    }

    template <typename Visit>
    void for_each_neuron(std::int64_t position, std::int64_t channel, Visit visit) const {
        const Layout& layout = plan_.layout;
        const std::int64_t count = std::min(kGroup, layout.channels - channel);
        for (std::int64_t i = 0; counts_ && i < count; ++i) {
            const std::int64_t neuron = (channel + i) * layout.num_positions() + position;
            visit(i, static_cast<std::size_t>(slot_.sample * layout.num_neurons() + neuron));
        }
    }

    // Goes on from the chunk before, so that charges are summed in the order of time.
    void load_balance(std::int64_t position, std::int64_t channel, NeuronGroup& group) const {
        Balance& balance = job_.result->records[population_].balance;
        for_each_neuron(position, channel, [&](std::int64_t i, std::size_t at) {
            group.input[i] = balance.input_charge[at];
            group.dropped[i] = balance.dropped_charge[at];
            group.excess[i] = balance.excess_charge[at];
            group.rounding[i] = balance.rounding_charge[at];
            group.spikes[i] = static_cast<std::int32_t>(balance.spike_counts[at]);
            group.multi_spikes[i] = static_cast<std::int32_t>(balance.multi_spike_steps[at]);
            if (slot_.chunk_begin == 0) {
                balance.initial_potential[at] = group.potential[i];
            }
        });
    }

    void store_balance(std::int64_t position, std::int64_t channel,
                       const NeuronGroup& group) const {
        Balance& balance = job_.result->records[population_].balance;
        for_each_neuron(position, channel, [&](std::int64_t i, std::size_t at) {
            balance.input_charge[at] = group.input[i];
            balance.dropped_charge[at] = group.dropped[i];
            balance.excess_charge[at] = group.excess[i];
            balance.rounding_charge[at] = group.rounding[i];
            balance.spike_counts[at] = static_cast<std::uint32_t>(group.spikes[i]);
            balance.multi_spike_steps[at] = static_cast<std::uint32_t>(group.multi_spikes[i]);
            balance.final_potential[at] = group.potential[i];
        });
    }

    const Job& job_;
    std::size_t population_;
    const PopulationPlan& plan_;
    SampleSlot& slot_;
    bool counts_;
};

}  // namespace

void run_membranes(const Job& job, std::size_t population, SampleSlot& slot) {
    const Layout& layout = job.plan->populations[population].layout;
    Membranes membranes(job, population, slot);
    for (std::int64_t position = 0; position < layout.num_positions(); ++position) {
        for (std::int64_t channel = 0; channel < layout.channels; channel += kGroup) {
            membranes.run(position, channel);
        }
    }
}

}  // namespace pysnn::detail
