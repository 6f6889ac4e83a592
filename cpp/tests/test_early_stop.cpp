// Early stop ends samples where the reference does.
#include <doctest/doctest.h>

#include <pysnn/input.hpp>
#include <random>
#include <set>
#include <stdexcept>

#include "networks.hpp"
#include "reference_simulation.hpp"

namespace {

constexpr std::int64_t kSteps = 70;
constexpr std::int64_t kSamples = 6;

// Dim images: under bright ones all output neurons of the network fire alike.
std::vector<float> random_intensities(std::int64_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> uniform(0.0F, 0.1F);
    std::vector<float> x(static_cast<std::size_t>(count));
    for (float& value : x) {
        value = uniform(random);
    }
    return x;
}

// What the plain loop does with one sample until its margin is reached.
struct Expected {
    Expected(const pysnn::SpikingNetwork& network, const std::vector<std::uint8_t>& spikes,
             std::int64_t sample, const pysnn::SimulationOptions& options)
        : output(static_cast<std::size_t>(kSteps * network.num_outputs()), 0) {
        const std::int64_t inputs = network.num_inputs();
        std::vector<std::int64_t> counts(static_cast<std::size_t>(network.num_outputs()), 0);
        ReferenceSimulation reference(network, options.dt, options.bias_scale);
        while (stopped_step < kSteps) {
            const auto* row = spikes.data() + (stopped_step * kSamples + sample) * inputs;
            const std::vector<std::int8_t> fired = reference.step({row, row + inputs});
            for (std::size_t i = 0; i < fired.size(); ++i) {
                counts[i] += fired[i];
                output[static_cast<std::size_t>(stopped_step) * fired.size() + i] = fired[i];
            }
            for (std::int64_t i = 0; i < inputs; ++i) {
                input_spikes += row[i];
            }
            ++stopped_step;
            if (stopped_step % options.stop_interval == 0 &&
                lead_of(counts) >= options.stop_margin) {
                return;
            }
        }
    }

    std::int64_t stopped_step = 0;
    std::int64_t input_spikes = 0;
    std::vector<std::uint8_t> output;  // (num_steps, num_outputs)
};

}  // namespace

TEST_CASE("a sample ends where the plain loop says and nothing of it comes after") {
    std::set<std::int64_t> ends;
    for (unsigned seed = 0; seed < 4; ++seed) {
        const pysnn::SpikingNetwork network = mixed_network(seed);
        const std::int64_t inputs = network.num_inputs();
        const std::int64_t outputs = network.num_outputs();
        const std::vector<float> x = random_intensities(kSamples * inputs, seed);
        pysnn::PoissonOptions drawing;
        drawing.seed = seed;
        std::vector<std::uint8_t> spikes(static_cast<std::size_t>(kSteps * kSamples * inputs));
        pysnn::poisson_spikes(x.data(), kSamples, inputs, kSteps, drawing, spikes.data());

        pysnn::SimulationOptions options;
        options.num_steps = kSteps;
        options.seed = seed;
        options.record.spikes = {"output"};
        options.stop_margin = 1 + static_cast<std::int64_t>(seed);
        options.stop_interval = 3 + 4 * static_cast<std::int64_t>(seed);
        options.num_threads = 1 + static_cast<int>(seed % 2);
        const pysnn::SimulationResult drawn = pysnn::simulate(network, x.data(), kSamples, options);
        const pysnn::SimulationResult given =
            pysnn::simulate_spikes(network, spikes.data(), kSteps, kSamples, options);
        CHECK(given.output_spikes == drawn.output_spikes);
        CHECK(given.stopped_step == drawn.stopped_step);
        CHECK(given.synaptic_operations == drawn.synaptic_operations);

        for (std::int64_t sample = 0; sample < kSamples; ++sample) {
            const Expected expected(network, spikes, sample, options);
            const auto row = static_cast<std::size_t>(sample);
            CHECK(drawn.stopped_step[row] == expected.stopped_step);
            CHECK(drawn.num_input_spikes[row] == expected.input_spikes);
            ends.insert(expected.stopped_step);
            for (std::int64_t step = 0; step < kSteps; ++step) {
                for (std::int64_t i = 0; i < outputs; ++i) {
                    const auto at =
                        static_cast<std::size_t>((step * kSamples + sample) * outputs + i);
                    REQUIRE(drawn.records[3].spikes[at] ==
                            expected.output[static_cast<std::size_t>(step * outputs + i)]);
                }
            }
        }
    }
    CHECK(ends.size() > 3);
}

TEST_CASE("without a margin every sample runs to its end") {
    const pysnn::SpikingNetwork network = mixed_network(2);
    const std::vector<float> x = random_intensities(kSamples * network.num_inputs(), 2);
    pysnn::SimulationOptions options;
    options.num_steps = kSteps;
    const pysnn::SimulationResult whole = pysnn::simulate(network, x.data(), kSamples, options);
    CHECK(whole.stopped_step == std::vector<std::int64_t>(kSamples, kSteps));
    options.stop_margin = kSteps + 1;
    options.stop_interval = 1;
    const pysnn::SimulationResult never = pysnn::simulate(network, x.data(), kSamples, options);
    CHECK(never.stopped_step == whole.stopped_step);
    CHECK(never.output_spikes == whole.output_spikes);
    CHECK(never.synaptic_operations == whole.synaptic_operations);
}

TEST_CASE("a kept state refuses a margin, and every call a margin or an interval out of range") {
    const pysnn::SpikingNetwork network = mixed_network(1);
    const std::vector<float> x = random_intensities(network.num_inputs(), 1);
    pysnn::SimulationOptions options;
    options.stop_margin = 4;
    CHECK_THROWS_WITH_AS(pysnn::Simulation(network, 1, options),
                         doctest::Contains("stop_margin is 4"), std::invalid_argument);
    options.stop_margin = -1;
    CHECK_THROWS_WITH_AS(pysnn::simulate(network, x.data(), 1, options),
                         doctest::Contains("stop_margin is -1"), std::invalid_argument);
    options.stop_margin = 4;
    options.stop_interval = 0;
    CHECK_THROWS_WITH_AS(pysnn::simulate(network, x.data(), 1, options),
                         doctest::Contains("stop_interval is 0"), std::invalid_argument);
}
