// Simulations from C++: results, errors, callbacks, threads.
#include <doctest/doctest.h>

#include <stdexcept>

#include "networks.hpp"
#include "reference_simulation.hpp"

namespace {

constexpr std::int64_t kSteps = 37;
constexpr std::int64_t kSamples = 5;

std::vector<std::uint8_t> random_spikes(std::int64_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::bernoulli_distribution coin(0.3);
    std::vector<std::uint8_t> spikes(static_cast<std::size_t>(count));
    for (std::uint8_t& spike : spikes) {
        spike = coin(random) ? 1 : 0;
    }
    return spikes;
}

std::vector<float> ramp(std::int64_t count) {
    std::vector<float> x(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = static_cast<float>(i % 101) / 100.0F;
    }
    return x;
}

}  // namespace

TEST_CASE("the core equals the plain float32 loop spike for spike and in its membranes") {
    for (unsigned seed = 0; seed < 4; ++seed) {
        const pysnn::SpikingNetwork network = mixed_network(seed);
        const std::int64_t inputs = network.num_inputs();
        const std::vector<std::uint8_t> spikes = random_spikes(kSteps * kSamples * inputs, seed);
        pysnn::SimulationOptions options;
        options.bias_scale = 0.5;
        options.record.spikes = {"output"};
        options.record.potentials = {"conv", "pool", "dense", "output"};
        const pysnn::SimulationResult result =
            pysnn::simulate_spikes(network, spikes.data(), kSteps, kSamples, options);
        std::int64_t total = 0;
        for (std::int64_t sample = 0; sample < kSamples; ++sample) {
            ReferenceSimulation reference(network, options.dt, options.bias_scale);
            for (std::int64_t step = 0; step < kSteps; ++step) {
                const auto* row = spikes.data() + (step * kSamples + sample) * inputs;
                const std::vector<std::int8_t> fired = reference.step({row, row + inputs});
                for (std::size_t i = 0; i < fired.size(); ++i) {
                    const auto at =
                        static_cast<std::size_t>(step * kSamples + sample) * fired.size() + i;
                    REQUIRE(result.records[3].spikes[at] == fired[i]);
                    total += fired[i];
                }
                for (std::size_t k = 0; k < 4; ++k) {
                    const auto& expected =
                        reference.potential(network.description().populations[k].name);
                    const float* got =
                        result.records[k].potentials.data() +
                        static_cast<std::size_t>(step * kSamples + sample) * expected.size();
                    REQUIRE(std::vector<float>(got, got + expected.size()) == expected);
                }
            }
        }
        CHECK(total > 0);
    }
}

TEST_CASE("threads, parts of the batch and parts of time give the same spikes") {
    const pysnn::SpikingNetwork network = mixed_network(9);
    const std::vector<float> x = ramp(kSamples * network.num_inputs());
    pysnn::SimulationOptions options;
    options.num_steps = kSteps;
    options.seed = 7;
    options.num_threads = 1;
    const pysnn::SimulationResult whole = pysnn::simulate(network, x.data(), kSamples, options);
    CHECK(whole.spike_counts() != std::vector<std::int32_t>(whole.spike_counts().size(), 0));

    options.num_threads = 3;
    CHECK(pysnn::simulate(network, x.data(), kSamples, options).output_spikes ==
          whole.output_spikes);

    pysnn::Simulation parts(network, kSamples, options);
    const std::vector<std::int32_t> first = parts.run(x.data(), 14).spike_counts();
    parts.run(x.data(), kSteps - 14);
    CHECK(parts.spike_counts() == whole.spike_counts());
    CHECK(first != parts.spike_counts());

    options.sample_ids = {3};
    const pysnn::SimulationResult one =
        pysnn::simulate(network, x.data() + 3 * network.num_inputs(), 1, options);
    const std::vector<std::uint8_t> row(whole.output_spikes.begin() + 3 * kSteps * 2,
                                        whole.output_spikes.begin() + 4 * kSteps * 2);
    CHECK(one.output_spikes == row);
}

TEST_CASE("a call that is told to stop leaves the state as it was") {
    const pysnn::SpikingNetwork network = mixed_network(1);
    const std::vector<float> x = ramp(kSamples * network.num_inputs());
    bool stop = false;
    pysnn::SimulationOptions options;
    options.num_threads = 1;
    options.should_stop = [&] { return stop; };
    pysnn::Simulation simulation(network, kSamples, options);
    simulation.run(x.data(), 10);
    const std::vector<float> before = simulation.membrane_potential(2);
    stop = true;
    CHECK_THROWS_AS(simulation.run(x.data(), 2000000), pysnn::Interrupted);
    CHECK(simulation.next_step() == 10);
    CHECK(simulation.membrane_potential(2) == before);
}

TEST_CASE("a wrong network is refused with the population's name") {
    pysnn::SpikingNetworkDescription description;
    description.input_shape = {3};
    pysnn::Population population;
    population.name = "hidden";
    population.shape = {2};
    population.projections.push_back(
        {pysnn::kInputName, pysnn::Linear{2, 4, std::vector<float>(8), {}}});
    description.populations.push_back(population);
    CHECK_THROWS_WITH_AS(pysnn::SpikingNetwork{description},
                         doctest::Contains("population 'hidden'"), std::invalid_argument);
}
