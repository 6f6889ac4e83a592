// Groups of neighbouring neurons, and their charge.

#include "engine/cpu/ops/membranes.hpp"

#include <algorithm>

namespace pysnn::detail {
namespace {

// The 64-bit words of a group's spikes, from a bit on that need not begin one.
void store_spikes(std::uint64_t* words, std::int64_t bit, std::int64_t step, std::uint64_t mask) {
    if (mask == 0) {
        return;
    }
    std::uint64_t* word = words + bit / kMaskBits * kMaxChunk + step;
    const std::int64_t shift = bit % kMaskBits;
    *word |= mask << shift;
    const std::uint64_t rest = shift > kMaskBits - kGroup ? mask >> (kMaskBits - shift) : 0;
    if (rest != 0) {
        word[kMaxChunk] |= rest;
    }
}

const float* at_lane(const AlignedBuffer<float>& values, std::int64_t lane) {
    return values.empty() ? nullptr : values.data() + lane;
}

template <typename Value>
void copy_if_any(const Value* from, Value (&to)[kGroup]) {
    if (from != nullptr) {
        std::copy_n(from, kGroup, to);
    }
}

class Membranes {
  public:
    Membranes(const MembraneOp& op, SampleSlot& slot, std::int64_t first_step, Balance& balance)
        : op_(op),
          layout_(op.target.packed->layout),
          slot_(slot),
          neurons_(slot.populations[op.target.population]),
          first_(
              std::clamp<std::int64_t>(op.target.packed->delay - first_step, 0, slot.chunk_size)),
          balance_(balance) {}

    // Channels [channel, channel + kGroup) of one pixel.
    void run(std::int64_t position, std::int64_t channel) {
        const std::int64_t lane = position * layout_.lanes + channel;
        const std::int64_t bit = position / layout_.width * layout_.words_per_row * kMaskBits +
                                 position % layout_.width * layout_.bit_channels + channel;
        float* left =
            op_.target.refractory_steps > 0.0F ? neurons_.refractory_left.data() + lane : nullptr;
        float* potential = neurons_.potential.data() + lane;
        NeuronGroup group;
        std::copy_n(potential, kGroup, group.potential);
        std::copy_n(op_.target.packed->threshold.data() + lane, kGroup, group.threshold);
        copy_if_any(left, group.left);
        std::int32_t* sent = neurons_.sent.empty() ? nullptr : neurons_.sent.data() + lane;
        copy_if_any(sent, group.sent);
        copy_if_any(at_lane(op_.target.packed->lower, lane), group.lower);
        copy_if_any(at_lane(op_.target.packed->leak, lane), group.leak);
        load_balance(position, channel, group);
        hold(lane);
        std::uint64_t masks[kMaxChunk] = {};
        std::uint64_t negative_masks[kMaxChunk] = {};
        GroupArguments arguments = arguments_at(lane);
        arguments.group = &group;
        arguments.masks = masks + first_;
        arguments.negative_masks = negative_masks + first_;
        kernels().membranes(arguments);
        keep_spikes(masks, bit);
        if (layout_.is_signed) {
            keep_spikes(negative_masks, bit + layout_.sign_bits);
        }
        store_balance(position, channel, group);
        std::copy_n(group.potential, kGroup, potential);
        if (left != nullptr) {
            std::copy_n(group.left, kGroup, left);
        }
        if (sent != nullptr) {
            std::copy_n(group.sent, kGroup, sent);
        }
    }

  private:
    // Keeps the potentials of steps in which a readout does not add yet.
    void hold(std::int64_t lane) {
        for (std::int64_t step = 0; step < first_; ++step) {
            std::copy_n(neurons_.potential.data() + lane, kGroup,
                        slot_.potentials.data() + step * layout_.padded() + lane);
        }
    }

    void keep_spikes(const std::uint64_t* masks, std::int64_t bit) {
        for (std::int64_t step = 0; step < slot_.chunk_size; ++step) {
            store_spikes(neurons_.spikes.data(), bit, step, masks[step]);
        }
        neurons_.num_spikes +=
            kernels().words.count_bits(masks, slot_.chunk_size, ~std::uint64_t{0});
    }

    // With what the shares left, or where there was none, what every step begins with.
    GroupArguments arguments_at(std::int64_t lane) const {
        GroupArguments arguments;
        arguments.num_steps = slot_.chunk_size - first_;
        arguments.current_stride = op_.is_constant ? 0 : layout_.padded();
        arguments.currents = (op_.is_constant ? neurons_.base.data() : slot_.carry.data()) + lane +
                             first_ * arguments.current_stride;
        arguments.rule = op_.target.packed->rule;
        arguments.refractory_steps = op_.target.refractory_steps;
        arguments.counts = op_.counts_charge;
        if (op_.target.records_potentials) {
            arguments.potential_stride = layout_.padded();
            arguments.potentials = slot_.potentials.data() + lane + first_ * layout_.padded();
        }
        return arguments;
    }

    template <typename Visit>
    void for_each_neuron(std::int64_t position, std::int64_t channel, Visit visit) const {
        const std::int64_t count = std::min(kGroup, layout_.channels - channel);
        for (std::int64_t i = 0; op_.counts_charge && i < count; ++i) {
            const std::int64_t neuron = (channel + i) * layout_.num_positions() + position;
            visit(i, slot_.sample * layout_.num_neurons() + neuron);
        }
    }

    // Goes on from the chunk before, so that charges are summed in the order of time.
    void load_balance(std::int64_t position, std::int64_t channel, NeuronGroup& group) const {
        for_each_neuron(position, channel, [&](std::int64_t i, std::int64_t at) {
            group.input[i] = balance_.input_charge.data()[at];
            group.dropped[i] = balance_.dropped_charge.data()[at];
            group.excess[i] = balance_.excess_charge.data()[at];
            group.rounding[i] = balance_.rounding_charge.data()[at];
            group.spikes[i] = balance_.spike_counts.data()[at];
            group.multi_spikes[i] =
                static_cast<std::int32_t>(balance_.multi_spike_steps.data()[at]);
            if (slot_.chunk_begin == 0) {
                balance_.initial_potential.data()[at] = group.potential[i];
            }
        });
    }

    void store_balance(std::int64_t position, std::int64_t channel,
                       const NeuronGroup& group) const {
        for_each_neuron(position, channel, [&](std::int64_t i, std::int64_t at) {
            balance_.input_charge.data()[at] = group.input[i];
            balance_.dropped_charge.data()[at] = group.dropped[i];
            balance_.excess_charge.data()[at] = group.excess[i];
            balance_.rounding_charge.data()[at] = group.rounding[i];
            balance_.spike_counts.data()[at] = group.spikes[i];
            balance_.multi_spike_steps.data()[at] =
                static_cast<std::uint32_t>(group.multi_spikes[i]);
            balance_.final_potential.data()[at] = group.potential[i];
        });
    }

    const MembraneOp& op_;
    const Layout& layout_;
    SampleSlot& slot_;
    PopulationSlot& neurons_;
    const std::int64_t first_;  // step of the chunk that takes in current
    Balance& balance_;
};

}  // namespace

void run_membranes(const MembraneOp& op, SampleSlot& slot, std::int64_t first_step,
                   Balance& balance) {
    const Layout& layout = op.target.packed->layout;
    Membranes membranes(op, slot, first_step, balance);
    for (std::int64_t position = 0; position < layout.num_positions(); ++position) {
        for (std::int64_t channel = 0; channel < layout.channels; channel += kGroup) {
            membranes.run(position, channel);
        }
    }
}

}  // namespace pysnn::detail
