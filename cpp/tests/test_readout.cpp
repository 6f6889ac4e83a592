// Readouts: potentials, outputs, classes and early stop; and what signed outputs predict.

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "compare.hpp"
#include "network_builder.hpp"
#include "reference_simulation.hpp"

namespace {

constexpr std::int64_t kSamples = 5;
constexpr std::int64_t kSteps = 60;
constexpr double kScale = 2.5 / (800.0 * 1e-3);  // at the rate of drawn_input()
constexpr std::int64_t kDelay = 2;               // of the builder's readouts

pysnn::SpikingNetwork network_of(const NeuronKind& output, std::int64_t num_outputs = 4) {
    NetworkBuilder builder(7, {1, 5, 5}, pysnn::Precision::Float32);
    builder.add("conv", kNeuronKinds[2], {builder.conv("input", 6, {3, 3})});
    builder.add("out", output, {builder.linear("conv", num_outputs)});
    builder.scales({1.5, 2.5});
    return builder.build();
}

pysnn::SimulationOptions options_of(const TestInput& input) {
    pysnn::SimulationOptions options;
    options.num_steps = input.num_steps;
    options.max_rate = input.max_rate;
    options.seed = input.seed;
    return options;
}

/// Output potentials and net counts of a sample in each step, by the reference.
struct Expected {
    Expected(const pysnn::SpikingNetwork& network, const TestInput& input, std::int64_t sample) {
        ReferenceSimulation reference(network, 1e-3, input.max_rate * 1e-3);
        std::vector<std::int32_t> count(static_cast<std::size_t>(network.num_outputs()), 0);
        const std::int64_t inputs = network.num_inputs();
        for (std::int64_t step = 0; step < input.num_steps; ++step) {
            const auto* row = input.spikes.data() + (step * input.num_samples + sample) * inputs;
            const std::vector<std::int8_t> fired =
                reference.step(std::vector<std::int8_t>{row, row + inputs});
            for (std::size_t i = 0; i < count.size(); ++i) {
                count[i] += fired[i];
            }
            counts.push_back(count);
            potentials.push_back(reference.potential("out"));
        }
    }

    std::vector<std::vector<std::int32_t>> counts;
    std::vector<std::vector<float>> potentials;
};

template <typename Values>
std::int32_t first_largest(const Values& values) {
    return static_cast<std::int32_t>(std::max_element(values.begin(), values.end()) -
                                     values.begin());
}

double lead_of_potentials(std::vector<float> potentials) {
    std::sort(potentials.begin(), potentials.end());
    const std::size_t last = potentials.size() - 1;
    return (double{potentials[last]} - double{potentials[last - 1]}) * kScale;
}

}  // namespace

TEST_CASE("a readout's potentials, outputs and classes are those of the reference") {
    const pysnn::SpikingNetwork network = network_of(kReadout);
    const TestInput input = drawn_input(network, kSamples, kSteps, 0.6);
    const pysnn::SimulationResult result =
        pysnn::simulate(network, input.x.data(), kSamples, options_of(input));
    CHECK(result.is_readout);
    CHECK(result.output_scale == kScale);
    CHECK(result.readout_delay == kDelay);
    CHECK(result.output_negative_spikes.empty());
    CHECK(result.spike_counts() == std::vector<std::int32_t>(4 * kSamples, 0));
    const std::vector<std::int32_t> predictions = result.predictions_over_time();
    const std::vector<double> outputs = result.outputs();
    for (std::int64_t sample = 0; sample < kSamples; ++sample) {
        const Expected expected(network, input, sample);
        for (std::int64_t step = 0; step < kSteps; ++step) {
            const std::vector<float>& potentials =
                expected.potentials[static_cast<std::size_t>(step)];
            const float* got = result.output_potentials.data() + (sample * kSteps + step) * 4;
            REQUIRE(std::vector<float>(got, got + 4) == potentials);
            REQUIRE(predictions[static_cast<std::size_t>(step * kSamples + sample)] ==
                    (step < kDelay ? 0 : first_largest(potentials)));
        }
        for (std::size_t i = 0; i < 4; ++i) {
            REQUIRE(outputs[static_cast<std::size_t>(sample) * 4 + i] ==
                    double{expected.potentials.back()[i]} * kScale / (kSteps - kDelay));
        }
    }
    CHECK_THROWS_WITH_AS(result.first_spike_step(), doctest::Contains("readout"),
                         std::invalid_argument);
}

TEST_CASE("a readout goes on through the calls of a simulation, its delay and restored states") {
    const pysnn::SpikingNetwork network = network_of(kReadout);
    const TestInput input = drawn_input(network, kSamples, kSteps, 0.6);
    const pysnn::SimulationResult whole =
        pysnn::simulate(network, input.x.data(), kSamples, options_of(input));
    for (const std::int64_t first : {1, 2, 3, 40}) {
        pysnn::Simulation simulation(network, kSamples, options_of(input));
        const pysnn::SimulationResult early = simulation.run(input.x.data(), first);
        if (first <= kDelay) {
            CHECK(early.outputs() == std::vector<double>(4 * kSamples, 0.0));
        }
        pysnn::Simulation other(network, kSamples, options_of(input));
        other.restore(simulation.state());
        const pysnn::SimulationResult late = other.run(input.x.data(), kSteps - first);
        CHECK(late.outputs() == whole.outputs());
        CHECK(late.first_step == first);
        CHECK(other.spike_counts() == std::vector<std::int32_t>(4 * kSamples, 0));
    }
}

TEST_CASE("a sample ends where the difference of potentials reaches the margin") {
    const pysnn::SpikingNetwork network = network_of(kReadout);
    const TestInput input = drawn_input(network, kSamples, kSteps, 0.6);
    pysnn::SimulationOptions options = options_of(input);
    options.stop_margin = 4.75;
    options.stop_interval = 1;
    const pysnn::SimulationResult result =
        pysnn::simulate(network, input.x.data(), kSamples, options);
    for (std::int64_t sample = 0; sample < kSamples; ++sample) {
        const Expected expected(network, input, sample);
        std::int64_t end = kDelay + 1;
        while (end < kSteps &&
               lead_of_potentials(expected.potentials[static_cast<std::size_t>(end - 1)]) <
                   options.stop_margin) {
            ++end;
        }
        CHECK(result.stopped_step[static_cast<std::size_t>(sample)] == end);
        CHECK(result.outputs()[static_cast<std::size_t>(sample) * 4] ==
              double{expected.potentials[static_cast<std::size_t>(end - 1)][0]} * kScale /
                  static_cast<double>(end - kDelay));
        // It stays with its last class.
        const std::int32_t last = result.predictions_over_time()[static_cast<std::size_t>(
            (kSteps - 1) * kSamples + sample)];
        CHECK(last == first_largest(expected.potentials[static_cast<std::size_t>(end - 1)]));
    }
    CHECK(*std::min_element(result.stopped_step.begin(), result.stopped_step.end()) < kSteps);
    options.stop_margin = 1.5;
    CHECK_THROWS_WITH_AS(
        pysnn::simulate(network_of(kNeuronKinds[0]), input.x.data(), kSamples, options),
        doctest::Contains("stop_margin is 1.5, expected a whole number of spikes"),
        std::invalid_argument);
}

TEST_CASE("classes of outputs that take spikes back are those of the largest count") {
    for (const NeuronKind* kind : {&kOtherKinds[0], &kOtherKinds[2]}) {
        INFO(kind->name);
        const pysnn::SpikingNetwork network = network_of(*kind, 9);
        const TestInput input = drawn_input(network, kSamples, kSteps, 0.6);
        const pysnn::SimulationResult result =
            pysnn::simulate(network, input.x.data(), kSamples, options_of(input));
        const std::vector<std::int32_t> predictions = result.predictions_over_time();
        const std::vector<std::int32_t> counts = result.spike_counts();
        for (std::int64_t sample = 0; sample < kSamples; ++sample) {
            const Expected expected(network, input, sample);
            for (std::int64_t step = 0; step < kSteps; ++step) {
                REQUIRE(predictions[static_cast<std::size_t>(step * kSamples + sample)] ==
                        first_largest(expected.counts[static_cast<std::size_t>(step)]));
            }
            const std::int32_t* row = counts.data() + sample * 9;
            CHECK(std::vector<std::int32_t>(row, row + 9) == expected.counts.back());
        }
        CHECK_THROWS_WITH_AS(result.outputs(), doctest::Contains("no readout"),
                             std::invalid_argument);
    }
}

TEST_CASE("what a population has not is not recorded") {
    NetworkBuilder builder(1, {2, 4, 4}, pysnn::Precision::Float32);
    builder.add("conv", kNeuronKinds[0], {builder.conv("input", 3, {1, 1})});
    builder.add("pool", kMaxPool, {NetworkBuilder::max_pool("conv", {2, 2}, {2, 2})});
    builder.add("out", kReadout, {builder.linear("pool", 3)});
    const pysnn::SpikingNetwork network = builder.build();
    const std::vector<float> x(32, 0.5F);
    const auto message_of = [&](const char* recordable, const char* population) {
        pysnn::SimulationOptions options;
        pysnn::populations_to_record(options.record, recordable) = {population};
        try {
            pysnn::simulate(network, x.data(), 1, options);
        } catch (const std::invalid_argument& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(message_of("balance", "pool") ==
          "record: balance of 'pool', but neurons of the model 'max_pool' have none");
    CHECK(message_of("balance", "out") ==
          "record: balance of 'out', but neurons of the model 'readout' have none");
    CHECK(message_of("potentials", "pool") ==
          "record: potentials of 'pool', but neurons of the model 'max_pool' have none");
    CHECK(message_of("potentials", "out").empty());
    pysnn::Simulation simulation(network, 1, {});
    CHECK_THROWS_WITH_AS(simulation.membrane_potential(1), doctest::Contains("'pool'"),
                         std::invalid_argument);
}
