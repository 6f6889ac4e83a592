// Runs a network in the core and in the reference and checks that they agree.
#pragma once

#include <cstdint>
#include <pysnn/pysnn.hpp>
#include <vector>

/// Input of a batch: intensities with the spikes that they give, or spikes alone.
struct TestInput {
    std::int64_t num_samples = 0;
    std::int64_t num_steps = 0;
    std::vector<float> x;             // (num_samples, num_inputs); empty: the spikes are given
    std::vector<std::int8_t> spikes;  // (num_steps, num_samples, num_inputs)
    double max_rate = 800.0;
    std::uint64_t seed = 5;
    pysnn::Encoding encoding = pysnn::Encoding::Poisson;  // of x
};

/// Intensities of all sorts: 0, 1, exactly 1/2 of a spike, likelier to spike than not or not.
///
/// Args:
///     bright: Share of the inputs that are not 0.
TestInput drawn_input(const pysnn::SpikingNetwork& network, std::int64_t num_samples,
                      std::int64_t num_steps, double bright, unsigned seed = 1,
                      pysnn::Encoding encoding = pysnn::Encoding::Poisson);

/// Numbers all over the network's InputRange, whose scale and affine are made of powers of two
/// where spikes are drawn.
TestInput ranged_input(const pysnn::SpikingNetwork& network, std::int64_t num_samples,
                       std::int64_t num_steps, pysnn::Encoding encoding, unsigned seed = 1);

/// As drawn_input(), every intensity the same, at a rate that makes it the probability of a spike.
TestInput uniform_input(const pysnn::SpikingNetwork& network, std::int64_t num_samples,
                        std::int64_t num_steps, float probability);

/// Spike trains of which a quarter of the steps are silent.
///
/// Args:
///     density: Of the spikes in the other steps.
TestInput given_input(const pysnn::SpikingNetwork& network, std::int64_t num_samples,
                      std::int64_t num_steps, double density, unsigned seed = 1);

/// How much of a comparison's time the reference said that neurons fired.
struct Activity {
    double least = 1.0;  // share of (neuron, step) with a spike, of the quietest population
    double most = 0.0;   // and of the busiest
};

/// Simulates the input with everything recorded, with charge counted, with nothing recorded and in
/// two calls, and compares all that comes out, to the bit, with ReferenceSimulation.
Activity check_equals_reference(const pysnn::SpikingNetwork& network, const TestInput& input);

/// As check_equals_reference(), for neurons that must fire in some but not in all steps.
void check_active_and_equal(const pysnn::SpikingNetwork& network, const TestInput& input);
