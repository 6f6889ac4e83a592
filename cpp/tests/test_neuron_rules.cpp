// The neuron rules by themselves, with and without a refractory period, against a loop over steps.

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "engine/cpu/kernels/kernels.hpp"

namespace {

using pysnn::detail::GroupArguments;
using pysnn::detail::kernels;
using pysnn::detail::kGroup;
using pysnn::detail::NeuronGroup;
using pysnn::detail::NeuronRule;

constexpr NeuronRule kRules[] = {
    NeuronRule::ResetToZero, NeuronRule::ResetBySubtraction, NeuronRule::Signed,
    NeuronRule::Bipolar,     NeuronRule::LeakyResetToZero,   NeuronRule::LeakyResetBySubtraction,
    NeuronRule::Readout,
};
constexpr std::int64_t kSteps = 100;

bool is_leaky(NeuronRule rule) {
    return rule == NeuronRule::LeakyResetToZero || rule == NeuronRule::LeakyResetBySubtraction;
}

bool may_rest_after_spikes(NeuronRule rule) {
    return rule != NeuronRule::Signed && rule != NeuronRule::Bipolar && rule != NeuronRule::Readout;
}

/// One neuron, written out.
struct Neuron {
    NeuronRule rule;
    float threshold;
    float lower;
    float leak;
    float potential;
    float left = 0.0F;
    std::int32_t sent = 0;

    /// The spike of a step.
    int step(float current, float refractory_steps) {
        potential = is_leaky(rule) ? leak * potential : potential;
        const bool rests = left >= 1.0F;
        potential += rests ? 0.0F : current;
        left -= rests ? 1.0F : 0.0F;
        if (rule != NeuronRule::Readout && potential >= threshold) {
            const bool to_zero =
                rule == NeuronRule::ResetToZero || rule == NeuronRule::LeakyResetToZero;
            potential = to_zero ? 0.0F : potential - threshold;
            left = refractory_steps;
            ++sent;
            return 1;
        }
        if ((rule == NeuronRule::Signed && sent > 0 && potential <= lower) ||
            (rule == NeuronRule::Bipolar && potential <= -threshold)) {
            potential += threshold;
            --sent;
            return -1;
        }
        return 0;
    }
};

NeuronGroup neurons_below_threshold(std::mt19937_64& random) {
    std::uniform_real_distribution<float> unit(0.0F, 1.0F);
    NeuronGroup group;
    for (std::int64_t i = 0; i < kGroup; ++i) {
        group.threshold[i] = 0.1F + unit(random);
        group.potential[i] = group.threshold[i] * (2.0F * unit(random) - 1.0F);
        group.lower[i] = -0.3F * unit(random);
        group.leak[i] = unit(random);
    }
    return group;
}

/// By step, masks of positive spikes and of negative ones.
struct Masks {
    std::vector<std::uint64_t> positive = std::vector<std::uint64_t>(kSteps);
    std::vector<std::uint64_t> negative = std::vector<std::uint64_t>(kSteps);

    int spike(std::int64_t step, std::int64_t neuron) const {
        const auto at = static_cast<std::size_t>(step);
        return static_cast<int>(positive[at] >> neuron & 1U) -
               static_cast<int>(negative[at] >> neuron & 1U);
    }
};

Masks run(NeuronGroup& group, NeuronRule rule, float refractory_steps,
          const std::vector<float>& currents) {
    Masks masks;
    GroupArguments arguments;
    arguments.group = &group;
    arguments.num_steps = kSteps;
    arguments.currents = currents.data();
    arguments.current_stride = kGroup;
    arguments.rule = rule;
    arguments.refractory_steps = refractory_steps;
    arguments.masks = masks.positive.data();
    arguments.negative_masks = masks.negative.data();
    kernels().membranes(arguments);
    return masks;
}

}  // namespace

TEST_CASE("every rule steps, fires, resets and rests as written out") {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<float> size(-1.0F, 1.5F);
    for (const NeuronRule rule : kRules) {
        for (const float refractory_steps : {0.0F, 1.0F, 3.0F}) {
            if (refractory_steps > 0.0F && !may_rest_after_spikes(rule)) {
                continue;
            }
            INFO("rule ", static_cast<int>(rule), ", ", refractory_steps, " steps of rest");
            std::vector<float> currents(static_cast<std::size_t>(kSteps * kGroup));
            for (float& current : currents) {
                current = size(random);
            }
            NeuronGroup group = neurons_below_threshold(random);
            const NeuronGroup before = group;
            const Masks masks = run(group, rule, refractory_steps, currents);
            for (std::int64_t i = 0; i < kGroup; ++i) {
                Neuron neuron{rule, before.threshold[i], before.lower[i], before.leak[i],
                              before.potential[i]};
                for (std::int64_t step = 0; step < kSteps; ++step) {
                    const float current = currents[static_cast<std::size_t>(step * kGroup + i)];
                    CHECK(masks.spike(step, i) == neuron.step(current, refractory_steps));
                }
                CHECK(group.potential[i] == neuron.potential);
                CHECK(group.left[i] == neuron.left);
                CHECK((rule != NeuronRule::Signed || group.sent[i] == neuron.sent));
            }
        }
    }
}

TEST_CASE("a silent step changes nothing for rules that may rest, and something for the others") {
    const std::vector<float> silence(static_cast<std::size_t>(kSteps * kGroup));
    for (const NeuronRule rule : kRules) {
        INFO("rule ", static_cast<int>(rule));
        std::mt19937_64 random(8);
        NeuronGroup group = neurons_below_threshold(random);
        // One spike's worth and more, which a rule may keep for the silence to come, or much less,
        // which may leak.
        std::vector<float> currents = silence;
        for (std::int64_t i = 0; i < kGroup; ++i) {
            currents[static_cast<std::size_t>((kSteps - 1) * kGroup + i)] =
                i % 2 == 0 ? 10.0F : 0.01F;
        }
        run(group, rule, 0.0F, currents);
        bool changes = false;
        NeuronGroup later = group;
        const Masks masks = run(later, rule, 0.0F, silence);
        for (std::int64_t step = 0; step < kSteps * kGroup; ++step) {
            changes = changes || masks.spike(step / kGroup, step % kGroup) != 0;
        }
        for (std::int64_t i = 0; i < kGroup; ++i) {
            changes = changes || later.potential[i] != group.potential[i];
        }
        // A readout would rest, but its potentials are wanted of every step.
        CHECK(kernels().neuron_traits(rule).may_rest == (!changes && rule != NeuronRule::Readout));
    }
}

TEST_CASE("rules that subtract keep what exceeds the threshold") {
    for (const NeuronRule rule : kRules) {
        if (rule == NeuronRule::Readout) {
            continue;  // keeps all of it
        }
        INFO("rule ", static_cast<int>(rule));
        NeuronGroup group{};
        std::vector<float> currents(static_cast<std::size_t>(kSteps * kGroup));
        for (std::int64_t i = 0; i < kGroup; ++i) {
            group.threshold[i] = 1.0F;
            currents[static_cast<std::size_t>((kSteps - 1) * kGroup + i)] = 1.25F;
        }
        run(group, rule, 0.0F, currents);
        const float kept = kernels().neuron_traits(rule).subtracts ? 0.25F : 0.0F;
        for (const float potential : group.potential) {
            CHECK(potential == kept);
        }
    }
}
