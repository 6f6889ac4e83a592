// Inputs of any range, with a sign and an affine, through every kind of projection and encoding.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "compare.hpp"
#include "network_builder.hpp"

namespace {

constexpr std::array<pysnn::Encoding, 3> kAll{pysnn::Encoding::Poisson, pysnn::Encoding::Regular,
                                              pysnn::Encoding::Constant};

const std::vector<pysnn::InputRange> kRanges{
    {4.0, false, {}, {}},
    {0.5, true, {}, {}},
    {8.0, true, {2.0}, {-0.25}},
    {2.0, false, {0.5, -4.0}, {0.125, 1.0}},
};

/// Every kind of projection from the input, alone and beside others.
pysnn::SpikingNetwork network_of(const pysnn::InputRange& range, std::int64_t channels,
                                 pysnn::Precision precision) {
    NetworkBuilder builder(static_cast<unsigned>(channels), {channels, 7, 6}, precision);
    builder.takes(range);
    pysnn::PoolSynapses pool({3, 3}, {2, 2});
    pool.padding = {1, 1};
    pool.count_include_pad = false;
    builder.add("conv", kNeuronKinds[2], {builder.conv("input", 5, {3, 3}, {1, 1}, {1, 1})});
    builder.add("pool", kOtherKinds[0], {{"input", pool}});
    builder.add("shortcut", kOtherKinds[0], {builder.identity("input", 0, 2)});
    builder.add("hidden", kNeuronKinds[1],
                {builder.linear("input", 30), builder.linear("conv", 30)});
    builder.add("out", kReadout,
                {builder.linear("hidden", 4), builder.linear("shortcut", 4),
                 builder.linear("pool", 4), builder.linear("input", 4)});
    return builder.build();
}

std::string message_of(const pysnn::SpikingNetwork& network, const std::vector<float>& x) {
    try {
        pysnn::simulate(network, x.data(), 1, {});
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

pysnn::SpikingNetwork small_network(const pysnn::InputRange& range) {
    NetworkBuilder builder(1, {2, 1, 1}, pysnn::Precision::Float32);
    builder.takes(range);
    builder.add("out", kNeuronKinds[0], {builder.linear("input", 3)});
    return builder.build();
}

}  // namespace

TEST_CASE("inputs of any range equal the reference") {
    for (std::size_t r = 0; r < kRanges.size(); ++r) {
        for (const std::int64_t channels : {2, 40}) {
            if (channels != 2 && kRanges[r].affine_scale.size() == 2) {
                continue;
            }
            for (const pysnn::Precision precision : kPrecisions) {
                const pysnn::SpikingNetwork network = network_of(kRanges[r], channels, precision);
                for (const pysnn::Encoding encoding : kAll) {
                    INFO("range ", r, ", ", channels, " channels, ", name_of(encoding), ", int16 ",
                         precision == pysnn::Precision::Int16);
                    check_equals_reference(network, ranged_input(network, 2, 30, encoding));
                    check_equals_reference(network, ranged_input(network, 2, 4, encoding));
                }
            }
        }
    }
}

TEST_CASE("given spikes of either sign equal the reference") {
    const pysnn::SpikingNetwork network =
        network_of({1.0, true, {}, {}}, 3, pysnn::Precision::Float32);
    TestInput input = given_input(network, 3, 40, 0.4);
    for (std::size_t i = 0; i < input.spikes.size(); i += 3) {
        input.spikes[i] = static_cast<std::int8_t>(-input.spikes[i]);
    }
    check_equals_reference(network, input);
}

TEST_CASE("a range that is no power of two, and an affine that rounds, equal the reference") {
    const pysnn::SpikingNetwork network =
        network_of({3.3, true, {1.0 / 3.0}, {0.1}}, 2, pysnn::Precision::Float32);
    TestInput input = ranged_input(network, 2, 30, pysnn::Encoding::Constant);
    for (float& x : input.x) {
        x *= 0.99F;  // within the range however it rounds
    }
    check_equals_reference(network, input);
}

TEST_CASE("signed spikes are those of the magnitudes, with the sign of x") {
    const std::vector<float> x{-1.0F, -0.5F, 0.0F, 0.25F, 1.0F};
    std::vector<float> magnitudes;
    for (const float value : x) {
        magnitudes.push_back(value < 0.0F ? -value : value);
    }
    constexpr std::int64_t kSteps = 200;
    std::vector<std::int8_t> spikes(5 * kSteps);
    std::vector<std::uint8_t> unsigned_spikes(5 * kSteps);
    pysnn::PoissonOptions options;
    options.max_rate = 700.0;
    for (const bool is_regular : {false, true}) {
        if (is_regular) {
            pysnn::regular_spikes(x.data(), 1, 5, kSteps, options, spikes.data());
            pysnn::regular_spikes(magnitudes.data(), 1, 5, kSteps, options, unsigned_spikes.data());
        } else {
            pysnn::poisson_spikes(x.data(), 1, 5, kSteps, options, spikes.data());
            pysnn::poisson_spikes(magnitudes.data(), 1, 5, kSteps, options, unsigned_spikes.data());
        }
        for (std::size_t i = 0; i < spikes.size(); ++i) {
            REQUIRE(spikes[i] == (i % 5 < 2 ? -unsigned_spikes[i] : unsigned_spikes[i]));
        }
        CHECK(std::count(spikes.begin(), spikes.end(), -1) > 100);
    }
    CHECK_THROWS_WITH_AS(
        pysnn::poisson_spikes(x.data(), 1, 5, kSteps, options, unsigned_spikes.data()),
        doctest::Contains("x is -1 at [0, 0], expected values in [0, 1]"), std::invalid_argument);
}

TEST_CASE("numbers outside of the range are refused, and the message names input_scale") {
    CHECK(message_of(small_network({}), {0.5F, -0.25F}).find("x is -0.25 at [0, 1]") == 0);
    CHECK(message_of(small_network({}), {0.5F, -0.25F}).find("input_scale") != std::string::npos);
    CHECK(message_of(small_network({2.0, true, {}, {}}), {-2.5F, 0.0F}) ==
          "x is -2.5 at [0, 0], expected values in [-2, 2], as input_scale is 2");
    CHECK(message_of(small_network({2.0, false, {1.0}, {-1.0}}), {1.0F, 0.5F}) ==
          "x is 0.5 at [0, 1], of which input_affine makes -0.5, expected values in [0, 2], as "
          "input_scale is 2");
    CHECK(message_of(small_network({2.0, true, {}, {}}), {-2.0F, 2.0F}).empty());
    const std::vector<std::int8_t> spikes{0, -1};
    CHECK_THROWS_WITH_AS(pysnn::simulate_spikes(small_network({}), spikes.data(), 1, 1, {}),
                         doctest::Contains("spikes is -1 at step 0, [0, 1], expected 0 or 1"),
                         std::invalid_argument);
    const std::vector<std::uint8_t> large{0, 255};
    CHECK_THROWS_WITH_AS(
        pysnn::simulate_spikes(small_network({1.0, true, {}, {}}), large.data(), 1, 1, {}),
        doctest::Contains("spikes is 255 at step 0, [0, 1], expected 0 or 1"),
        std::invalid_argument);
}
