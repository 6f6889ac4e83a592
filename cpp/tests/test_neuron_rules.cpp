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

constexpr NeuronRule kRules[] = {NeuronRule::ResetToZero, NeuronRule::ResetBySubtraction};
constexpr std::int64_t kSteps = 100;

/// What the rule leaves of a potential that fires.
float reset(NeuronRule rule, float potential, float threshold) {
    switch (rule) {
        case NeuronRule::ResetToZero:
            return 0.0F;
        case NeuronRule::ResetBySubtraction:
            return potential - threshold;
    }
    return potential;
}

NeuronGroup neurons_below_threshold(std::mt19937_64& random) {
    std::uniform_real_distribution<float> unit(0.0F, 1.0F);
    NeuronGroup group;
    for (std::int64_t i = 0; i < kGroup; ++i) {
        group.threshold[i] = 0.1F + unit(random);
        group.potential[i] = group.threshold[i] * (2.0F * unit(random) - 1.0F);
    }
    return group;
}

std::vector<std::uint64_t> run(NeuronGroup& group, NeuronRule rule, float refractory_steps,
                               const std::vector<float>& currents) {
    std::vector<std::uint64_t> masks(static_cast<std::size_t>(kSteps));
    GroupArguments arguments;
    arguments.group = &group;
    arguments.num_steps = kSteps;
    arguments.currents = currents.data();
    arguments.current_stride = kGroup;
    arguments.rule = rule;
    arguments.refractory_steps = refractory_steps;
    arguments.masks = masks.data();
    kernels().membranes(arguments);
    return masks;
}

}  // namespace

TEST_CASE("every rule steps, fires, resets and rests as written out") {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<float> size(-0.5F, 1.5F);
    for (const NeuronRule rule : kRules) {
        for (const float refractory_steps : {0.0F, 1.0F, 3.0F}) {
            INFO("rule ", static_cast<int>(rule), ", ", refractory_steps, " steps of rest");
            std::vector<float> currents(static_cast<std::size_t>(kSteps * kGroup));
            for (float& current : currents) {
                current = size(random);
            }
            NeuronGroup group = neurons_below_threshold(random);
            const NeuronGroup before = group;
            const std::vector<std::uint64_t> masks = run(group, rule, refractory_steps, currents);
            for (std::int64_t i = 0; i < kGroup; ++i) {
                float potential = before.potential[i];
                float left = 0.0F;
                for (std::int64_t step = 0; step < kSteps; ++step) {
                    const bool rests = left >= 1.0F;
                    potential +=
                        rests ? 0.0F : currents[static_cast<std::size_t>(step * kGroup + i)];
                    left -= rests ? 1.0F : 0.0F;
                    const bool fires = potential >= before.threshold[i];
                    if (fires) {
                        potential = reset(rule, potential, before.threshold[i]);
                        left = refractory_steps;
                    }
                    CHECK((masks[static_cast<std::size_t>(step)] >> i & 1U) == (fires ? 1U : 0U));
                }
                CHECK(group.potential[i] == potential);
                CHECK(group.left[i] == left);
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
        // One spike's worth and more, which a rule may keep for the silence to come.
        std::vector<float> currents = silence;
        for (std::int64_t i = 0; i < kGroup; ++i) {
            currents[static_cast<std::size_t>((kSteps - 1) * kGroup + i)] = 10.0F;
        }
        run(group, rule, 0.0F, currents);
        bool changes = false;
        NeuronGroup later = group;
        for (const std::uint64_t mask : run(later, rule, 0.0F, silence)) {
            changes = changes || mask != 0;
        }
        for (std::int64_t i = 0; i < kGroup; ++i) {
            changes = changes || later.potential[i] != group.potential[i];
        }
        CHECK(kernels().neuron_traits(rule).may_rest == !changes);
    }
}

TEST_CASE("rules that subtract keep what exceeds the threshold") {
    for (const NeuronRule rule : kRules) {
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
