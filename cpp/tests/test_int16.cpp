// Membranes of int16 populations: integers where they are whole numbers of their grids and stay in
// the range in which float32 adds those without rounding, floats elsewhere.

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "compare.hpp"
#include "compiled.hpp"
#include "network_builder.hpp"

namespace {

constexpr NeuronKind kPlainKinds[] = {
    {"zero", pysnn::ResetMode::Zero, 0.0, false, false},
    {"zero, bias", pysnn::ResetMode::Zero, 0.0, true, false},
    {"subtract", pysnn::ResetMode::Subtract, 0.0, false, false},
    {"subtract, bias", pysnn::ResetMode::Subtract, 0.0, true, false},
};

/// A convolution and two Linears, all neurons with this threshold and this initial potential.
pysnn::SpikingNetwork network_of(const NeuronKind& kind, float threshold, float initial) {
    NetworkBuilder builder(11, {2, 6, 6}, pysnn::Precision::Int16);
    builder.add("conv", kind, {builder.conv("input", 19, {3, 3})});
    builder.add("hidden", kind, {builder.linear("conv", 150)});
    builder.add("out", kind, {builder.linear("hidden", 10)});
    pysnn::SpikingNetworkDescription description = builder.build().description();
    for (pysnn::Population& population : description.populations) {
        population.threshold = {threshold};
        population.initial_potential = {initial};
    }
    return pysnn::SpikingNetwork(description);
}

bool may_be_whole(const pysnn::SpikingNetwork& network) {
    const pysnn::detail::CpuProgram& program = program_of(network);
    for (std::int64_t k = 0; k < program.num_populations(); ++k) {
        if (program.population(k).limit.empty()) {
            return false;
        }
    }
    return true;
}

}  // namespace

TEST_CASE("int16 membranes equal the reference, whole numbers of their grids or not") {
    for (const NeuronKind& kind : kPlainKinds) {
        for (const float threshold : {1.0F, 0.75F, 0.3F}) {
            for (const float initial : {0.0F, 0.25F, 0.1F}) {
                INFO(kind.name, ", threshold ", threshold, ", initial potential ", initial);
                const pysnn::SpikingNetwork network = network_of(kind, threshold, initial);
                // 0.3 is no multiple of a power of two as large as the grids.
                CHECK(may_be_whole(network) ==
                      (kind.reset == pysnn::ResetMode::Zero || threshold != 0.3F));
                check_active_and_equal(network, drawn_input(network, 3, 30, 0.8));
                check_equals_reference(network, given_input(network, 2, 140, 0.4));
            }
        }
    }
}

TEST_CASE("int16 membranes equal the reference where float32 begins to round them") {
    // All weights negative and as large as the grid allows, so that membranes sink by 2^15 units a
    // step and pass 2^24 of them after 512.
    pysnn::SpikingNetworkDescription description;
    description.input_shape = {4};
    description.precision = pysnn::Precision::Int16;
    std::vector<float> weights(4 * 20);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        weights[i] = -0.2499F + 0.0001F * static_cast<float>(i % 7);
    }
    pysnn::Population sinking;
    sinking.name = "sinking";
    sinking.shape = {20};
    sinking.projections.push_back({pysnn::kInputName, pysnn::Linear{20, 4, weights, {}}});
    description.populations.push_back(sinking);
    const pysnn::SpikingNetwork network(description);
    REQUIRE(may_be_whole(network));
    check_equals_reference(network, given_input(network, 2, 900, 0.9));
}
