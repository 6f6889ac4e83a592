#include "membrane_pass.hpp"

#include <algorithm>
#include <bitset>

namespace pysnn::detail {
namespace {

constexpr std::int64_t kGroup = 16;  // neurons at a time; lanes are a multiple of it

// The state of some neighbouring neurons, and what happened to their charge.
struct Group {
    float potential[kGroup];
    float threshold[kGroup];
    float left[kGroup] = {};  // steps for which input is dropped
    double input[kGroup] = {};
    double dropped[kGroup] = {};
    double excess[kGroup] = {};
    double rounding[kGroup] = {};
    std::uint32_t spikes[kGroup] = {};
    std::uint32_t multi_spikes[kGroup] = {};
};

// a + b minus its float32 value `sum`: representable, and found without rounding (Knuth's TwoSum).
float rounding_error(float a, float b, float sum) {
    const float b_part = sum - a;
    const float a_part = sum - b_part;
    return (a - a_part) + (b - b_part);
}

// One step; returns which neurons fire.
template <bool kCounts>
std::uint64_t step_group(const float* current, bool subtract, float refractory_steps,
                         Group& group) {
    std::uint64_t mask = 0;
    for (std::int64_t i = 0; i < kGroup; ++i) {
        const float before = group.potential[i];
        const float threshold = group.threshold[i];
        const bool rests = group.left[i] >= 1.0F;
        const float v = rests ? before : before + current[i];
        const bool fires = v >= threshold;
        const float rest = subtract ? v - threshold : 0.0F;
        group.potential[i] = fires ? rest : v;
        group.left[i] = fires ? refractory_steps : rests ? group.left[i] - 1.0F : group.left[i];
        mask |= static_cast<std::uint64_t>(fires) << i;
        if (kCounts) {
            const auto charge = static_cast<double>(current[i]);
            group.input[i] += charge;
            group.dropped[i] += rests ? charge : 0.0;
            group.rounding[i] +=
                static_cast<double>(rests ? 0.0F : rounding_error(before, current[i], v));
            if (fires) {
                group.excess[i] += static_cast<double>(v) - static_cast<double>(threshold);
                group.rounding[i] +=
                    static_cast<double>(subtract ? rounding_error(v, -threshold, rest) : 0.0F);
                group.spikes[i] += 1;
                group.multi_spikes[i] += v >= 2.0F * threshold ? 1U : 0U;
            }
        }
    }
    return mask;
}

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
        const bool subtract = plan_.reset == ResetMode::Subtract;
        float* left =
            refractory_steps > 0.0F ? slot_.refractory_left[population_].data() + lane : nullptr;
        float* potential = slot_.potential[population_].data() + lane;
        Group group;
        std::copy_n(potential, kGroup, group.potential);
        std::copy_n(plan_.threshold.data() + lane, kGroup, group.threshold);
        if (left != nullptr) {
            std::copy_n(left, kGroup, group.left);
        }
        load_balance(position, channel, group);
        for (std::int64_t step = 0; step < slot_.chunk_size; ++step) {
            const float* current = currents(lane, step);
            const std::uint64_t mask =
                counts_ ? step_group<true>(current, subtract, refractory_steps, group)
                        : step_group<false>(current, subtract, refractory_steps, group);
            store_spikes(slot_.spikes[population_].data(), bit, step, mask);
            slot_.num_spikes[population_] +=
                static_cast<std::int64_t>(std::bitset<64>(mask).count());
            if (job_.record_potentials[population_] != 0) {
                std::copy_n(group.potential, kGroup,
                            slot_.potentials.data() + step * layout.padded() + lane);
            }
        }
        store_balance(position, channel, group);
        std::copy_n(group.potential, kGroup, potential);
        if (left != nullptr) {
            std::copy_n(group.left, kGroup, left);
        }
    }

  private:
    // What the passes left, or where there was none, what every step begins with.
    const float* currents(std::int64_t lane, std::int64_t step) const {
        return job_.first_projection(population_) == plan_.projections.size()
                   ? slot_.base[population_].data() + lane
                   : slot_.carry.data() + step * plan_.layout.padded() + lane;
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
    void load_balance(std::int64_t position, std::int64_t channel, Group& group) const {
        Balance& balance = job_.result->records[population_].balance;
        for_each_neuron(position, channel, [&](std::int64_t i, std::size_t at) {
            group.input[i] = balance.input_charge[at];
            group.dropped[i] = balance.dropped_charge[at];
            group.excess[i] = balance.excess_charge[at];
            group.rounding[i] = balance.rounding_charge[at];
            group.spikes[i] = balance.spike_counts[at];
            group.multi_spikes[i] = balance.multi_spike_steps[at];
            if (slot_.chunk_begin == 0) {
                balance.initial_potential[at] = group.potential[i];
            }
        });
    }

    void store_balance(std::int64_t position, std::int64_t channel, const Group& group) const {
        Balance& balance = job_.result->records[population_].balance;
        for_each_neuron(position, channel, [&](std::int64_t i, std::size_t at) {
            balance.input_charge[at] = group.input[i];
            balance.dropped_charge[at] = group.dropped[i];
            balance.excess_charge[at] = group.excess[i];
            balance.rounding_charge[at] = group.rounding[i];
            balance.spike_counts[at] = group.spikes[i];
            balance.multi_spike_steps[at] = group.multi_spikes[i];
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
