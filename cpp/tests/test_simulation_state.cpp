// The state of a Simulation, taken and restored.

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "network_builder.hpp"

namespace {

constexpr std::int64_t kSamples = 3;

/// Every kind of neuron, in images and vectors.
pysnn::SpikingNetwork mixed_network(pysnn::Precision precision) {
    NetworkBuilder builder(5, {2, 6, 7}, precision);
    builder.add("conv", kNeuronKinds[1], {builder.conv("input", 5, {3, 3})});
    builder.add("pool", kNeuronKinds[0], {NetworkBuilder::pool("conv", {2, 1}, {2, 1})});
    builder.add("hidden", kNeuronKinds[3], {builder.linear("pool", 70)});
    builder.add("output", kNeuronKinds[2], {builder.linear("hidden", 5)});
    return builder.build();
}

/// Neurons that remember what they have sent, max pools with overlapping windows, a readout.
pysnn::SpikingNetwork counting_network(pysnn::Precision precision) {
    NetworkBuilder builder(5, {2, 6, 7}, precision);
    builder.add("conv", kOtherKinds[0], {builder.conv("input", 5, {3, 3})});
    builder.add("pool", kMaxPool, {NetworkBuilder::max_pool("conv", {3, 3}, {1, 1}, {1, 1})});
    builder.add("hidden", kOtherKinds[5], {builder.linear("pool", 70)});
    builder.add("more", kOtherKinds[2], {builder.linear("hidden", 7)});
    builder.add("output", kReadout, {builder.linear("more", 5)});
    return builder.build();
}

pysnn::SimulationOptions recording(pysnn::Encoding encoding) {
    pysnn::SimulationOptions options;
    options.encoding = encoding;
    options.record.potentials = {"conv", "pool", "hidden", "output"};
    return options;
}

std::vector<float> intensities() {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> uniform(0.0F, 1.0F);
    std::vector<float> x(static_cast<std::size_t>(kSamples * 2 * 6 * 7));
    for (float& value : x) {
        value = uniform(random);
    }
    return x;
}

bool same(const pysnn::SimulationState& a, const pysnn::SimulationState& b) {
    bool is_same = a.next_step == b.next_step && a.spike_counts == b.spike_counts &&
                   a.populations.size() == b.populations.size();
    for (std::size_t k = 0; is_same && k < a.populations.size(); ++k) {
        is_same =
            a.populations[k].potential == b.populations[k].potential &&
            a.populations[k].refractory_steps_left == b.populations[k].refractory_steps_left &&
            a.populations[k].spike_counts == b.populations[k].spike_counts &&
            a.populations[k].source_counts == b.populations[k].source_counts;
    }
    return is_same;
}

}  // namespace

TEST_CASE("a restored simulation goes on bit for bit as the one whose state it took") {
    const std::vector<float> x = intensities();
    for (const pysnn::Precision precision : kPrecisions) {
        for (const pysnn::Encoding encoding :
             {pysnn::Encoding::Poisson, pysnn::Encoding::Regular, pysnn::Encoding::Constant}) {
            const pysnn::SpikingNetwork network = mixed_network(precision);
            pysnn::Simulation first(network, kSamples, recording(encoding));
            for (const std::int64_t num_steps : {0, 1, 20, 130}) {
                first.run(x.data(), num_steps);
                const pysnn::SimulationState state = first.state();
                CHECK(state.next_step == first.next_step());
                CHECK(state.populations[1].potential == first.membrane_potential(1));
                CHECK(state.populations[1].refractory_steps_left.empty());
                CHECK(state.populations[0].refractory_steps_left.size() ==
                      state.populations[0].potential.size());
                pysnn::Simulation second(network, kSamples, recording(encoding));
                second.run(x.data(), 7);
                second.restore(state);
                CHECK(same(second.state(), state));
                const pysnn::SimulationResult a = first.run(x.data(), 25);
                const pysnn::SimulationResult b = second.run(x.data(), 25);
                CHECK(a.output_spikes == b.output_spikes);
                CHECK(a.num_spikes == b.num_spikes);
                CHECK(a.first_step == b.first_step);
                for (std::size_t k = 0; k < a.records.size(); ++k) {
                    CHECK(a.records[k].potentials == b.records[k].potentials);
                }
                CHECK(same(first.state(), second.state()));
            }
            CHECK(*std::max_element(first.spike_counts().begin(), first.spike_counts().end()) > 0);
        }
    }
}

TEST_CASE("a state that no such simulation can be in is refused, and the simulation stays") {
    const pysnn::SpikingNetwork network = mixed_network(pysnn::Precision::Float32);
    const std::vector<float> x = intensities();
    pysnn::Simulation simulation(network, kSamples, {});
    simulation.run(x.data(), 12);
    const pysnn::SimulationState good = simulation.state();
    struct Case {
        const char* message;
        std::function<void(pysnn::SimulationState&)> damage;
    };
    const std::vector<Case> cases{
        {"next_step is -1", [](auto& state) { state.next_step = -1; }},
        {"population 'conv': potential is", [](auto& state) { state.next_step = 0; }},
        {"there are 3 populations, but the network has 4",
         [](auto& state) { state.populations.pop_back(); }},
        {"population 'pool': potential has 54 values, expected 150",
         [](auto& state) { state.populations[1].potential.resize(54); }},
        {"population 'conv': refractory_steps_left has 0 values, expected 300",
         [](auto& state) { state.populations[0].refractory_steps_left.clear(); }},
        {"population 'pool': refractory_steps_left has 1 values, expected 0",
         [](auto& state) { state.populations[1].refractory_steps_left = {0}; }},
        {"population 'conv': refractory_steps_left is 3 at 4",
         [](auto& state) { state.populations[0].refractory_steps_left[4] = 3; }},
        {"population 'conv': refractory_steps_left is -1 at 0",
         [](auto& state) { state.populations[0].refractory_steps_left[0] = -1; }},
        {"population 'pool': potential is 1e+30 at 2, expected values below the threshold",
         [](auto& state) { state.populations[1].potential[2] = 1e30F; }},
        {"population 'output': potential is nan at 1, expected numbers",
         [](auto& state) {
             state.populations[3].potential[1] = std::numeric_limits<float>::quiet_NaN();
         }},
        {"spike_counts has 14 values, expected 15",
         [](auto& state) { state.spike_counts.pop_back(); }},
        {"spike_counts is 13 at 0, expected at most one spike a step",
         [](auto& state) { state.spike_counts[0] = 13; }},
    };
    for (const Case& each : cases) {
        pysnn::SimulationState bad = good;
        each.damage(bad);
        std::string message;
        try {
            simulation.restore(bad);
        } catch (const std::invalid_argument& error) {
            message = error.what();
        }
        CHECK_MESSAGE(message.find(each.message) != std::string::npos, message);
        CHECK(same(simulation.state(), good));
    }
}

TEST_CASE("what neurons have sent, and max pools have counted, is state") {
    const std::vector<float> x = intensities();
    for (const pysnn::Precision precision : kPrecisions) {
        const pysnn::SpikingNetwork network = counting_network(precision);
        pysnn::Simulation first(network, kSamples, {});
        for (const std::int64_t num_steps : {0, 1, 20, 130}) {
            first.run(x.data(), num_steps);
            const pysnn::SimulationState state = first.state();
            CHECK(state.populations[0].spike_counts.size() == kSamples * 5 * 4 * 5);
            CHECK(state.populations[1].potential.empty());
            CHECK(state.populations[1].source_counts.size() == kSamples * 5 * 4 * 5);
            CHECK(state.populations[1].source_counts == state.populations[0].spike_counts);
            CHECK(state.populations[2].spike_counts.empty());
            pysnn::Simulation second(network, kSamples, {});
            second.run(x.data(), 7);
            second.restore(state);
            CHECK(same(second.state(), state));
            const pysnn::SimulationResult a = first.run(x.data(), 25);
            const pysnn::SimulationResult b = second.run(x.data(), 25);
            CHECK(a.output_potentials == b.output_potentials);
            CHECK(a.num_spikes == b.num_spikes);
            CHECK(same(first.state(), second.state()));
        }
        const std::vector<std::int32_t> pooled = first.state().populations[1].spike_counts;
        CHECK(*std::max_element(pooled.begin(), pooled.end()) > 5);
        pysnn::SimulationState bad = first.state();
        bad.populations[1].spike_counts[2] += 1;
        CHECK_THROWS_WITH_AS(first.restore(bad),
                             doctest::Contains("the largest of its window's source_counts"),
                             std::invalid_argument);
        bad = first.state();
        bad.populations[0].spike_counts[1] = -1;
        CHECK_THROWS_WITH_AS(first.restore(bad), doctest::Contains("at most one spike a step"),
                             std::invalid_argument);
        bad = first.state();
        bad.populations[3].source_counts = {0};
        CHECK_THROWS_WITH_AS(first.restore(bad),
                             doctest::Contains("'more': source_counts has 1 values, expected 0"),
                             std::invalid_argument);
    }
}

TEST_CASE("the state before the first step is that of a new simulation") {
    const pysnn::SpikingNetwork network = mixed_network(pysnn::Precision::Float32);
    const std::vector<float> x = intensities();
    pysnn::Simulation simulation(network, kSamples, {});
    const pysnn::SimulationState initial = simulation.state();
    const pysnn::SimulationResult first = simulation.run(x.data(), 30);
    simulation.restore(initial);
    CHECK(simulation.next_step() == 0);
    CHECK(simulation.run(x.data(), 30).output_spikes == first.output_spikes);
    simulation.reset();
    CHECK(same(simulation.state(), initial));
}
