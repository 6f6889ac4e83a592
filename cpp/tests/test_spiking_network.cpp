// Descriptions of spiking networks: what is refused, how it is rounded, when two are equal.

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "network_builder.hpp"

namespace {

using pysnn::NeuronModel;
using Description = pysnn::SpikingNetworkDescription;

pysnn::Population population(const char* name, pysnn::Shape shape, NeuronModel neuron,
                             std::vector<pysnn::Projection> projections) {
    pysnn::Population made;
    made.name = name;
    made.shape = std::move(shape);
    made.neuron = neuron;
    made.reset = neuron == NeuronModel::If ? pysnn::ResetMode::Zero : pysnn::ResetMode::Subtract;
    made.projections = std::move(projections);
    return made;
}

pysnn::Projection linear(const char* source, std::int64_t out, std::int64_t in) {
    return {
        source,
        pysnn::Linear{out, in, std::vector<float>(static_cast<std::size_t>(out * in), 0.25F), {}}};
}

pysnn::Projection identity(const char* source, std::int64_t channels) {
    pysnn::IdentitySynapses synapses;
    synapses.weight.assign(static_cast<std::size_t>(channels), 0.5F);
    return {source, synapses};
}

/// An image of signed neurons, a max pool of it, a vector and a readout.
Description valid() {
    Description description;
    description.input_shape = {2, 4, 4};
    description.populations = {
        population("image", {2, 4, 4}, NeuronModel::Signed, {identity("input", 2)}),
        population("pool", {2, 2, 2}, NeuronModel::MaxPool,
                   {NetworkBuilder::max_pool("image", {2, 2}, {2, 2})}),
        population("flat", {3}, NeuronModel::If, {linear("pool", 3, 8)}),
        population("out", {2}, NeuronModel::Readout, {linear("flat", 2, 3)})};
    return description;
}

std::string message_of(const std::function<void(Description&)>& damage) {
    Description description = valid();
    damage(description);
    try {
        const pysnn::SpikingNetwork network(description);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("what does not go with a neuron model is refused by name") {
    struct Case {
        const char* message;
        std::function<void(Description&)> damage;
    };
    const std::vector<Case> cases{
        {"'pool': threshold is 2, but neurons of the model 'max_pool' have none",
         [](auto& d) { d.populations[1].threshold = {2.0F}; }},
        {"'out': threshold is an array, but neurons of the model 'readout' have none",
         [](auto& d) { d.populations[3].threshold = {1.0F, 1.0F}; }},
        {"'pool': initial_potential is 0.5, but",
         [](auto& d) { d.populations[1].initial_potential = {0.5F}; }},
        {"'image': threshold has 3 values, expected 1, 2 or 32",
         [](auto& d) { d.populations[0].threshold.assign(3, 1.0F); }},
        {"'image': negative_threshold is -1 at index 0, expected values of at least 0",
         [](auto& d) { d.populations[0].negative_threshold = {-1.0F}; }},
        {"'flat': negative_threshold is 1, but neurons of the model 'if' have none",
         [](auto& d) { d.populations[2].negative_threshold = {1.0F}; }},
        {"'flat': leak is 0.5, but neurons of the model 'if' have none",
         [](auto& d) { d.populations[2].leak = {0.5F}; }},
        {"'flat': leak is 1.5 at index 0, expected values above 0 and at most 1",
         [](auto& d) {
             d.populations[2].neuron = NeuronModel::Leaky;
             d.populations[2].leak = {1.5F};
         }},
        {"'flat': delay is 3, but neurons of the model 'if' have none",
         [](auto& d) { d.populations[2].delay = 3; }},
        {"'out': delay is -1, expected at least 0", [](auto& d) { d.populations[3].delay = -1; }},
        {"'image': reset is 'zero', but neurons of the model 'signed' take 'subtract'",
         [](auto& d) { d.populations[0].reset = pysnn::ResetMode::Zero; }},
        {"'image': refractory_period is 0.01 s, but neurons of the model 'signed' have none",
         [](auto& d) { d.populations[0].refractory_period = 0.01; }},
        {"'pool': bias has 2 values, but neurons of the model 'max_pool' have none",
         [](auto& d) { d.populations[1].bias = {0.0F, 0.0F}; }},
        {"'image': bias has 1 values, expected none, 2 or 32",
         [](auto& d) { d.populations[0].bias = {0.0F}; }},
        {"'flat' is a readout, but not the last one, 'out'",
         [](auto& d) {
             d.populations[2].neuron = NeuronModel::Readout;
             d.populations[2].reset = pysnn::ResetMode::Subtract;
         }},
        {"'pool' has a projection of kind MaxPool2d, but neurons of the model 'signed'",
         [](auto& d) { d.populations[1].neuron = NeuronModel::Signed; }},
        {"'image': neurons of the model 'max_pool' take one projection",
         [](auto& d) { d.populations[0].neuron = NeuronModel::MaxPool; }},
        {"'pool': a max pool of the network's input is not supported",
         [](auto& d) { d.populations[1].projections[0].source = "input"; }},
        {"'out': scale_factors has 2 values, but a readout's potentials share one scale",
         [](auto& d) { d.scale_factors = {{1.0}, {1.0}, {1.0}, {1.0, 2.0}}; }},
        {"input_scale is 0, expected a finite value above 0", [](auto& d) { d.input.scale = 0.0; }},
        {"input_affine has 1 scales and 0 shifts", [](auto& d) { d.input.affine_scale = {1.0}; }},
        {"input_affine: shift has 3 values, expected 1 or 2",
         [](auto& d) {
             d.input.affine_scale = {1.0};
             d.input.affine_shift = {1.0, 1.0, 1.0};
         }},
        {"Identity weight has 1 values, expected 2",
         [](auto& d) { d.populations[0].projections[0] = identity("input", 1); }},
        {"Identity reaches channels 1 to 2, but out_channels is 2",
         [](auto& d) {
             auto& synapses =
                 std::get<pysnn::IdentitySynapses>(d.populations[0].projections[0].synapses);
             synapses.out_channels = 2;
             synapses.first_channel = 1;
         }},
        {"MaxPool2d padding is (2, 2), expected at most half of the kernel, which is (2, 2)",
         [](auto& d) {
             std::get<pysnn::MaxPoolSynapses>(d.populations[1].projections[0].synapses).padding = {
                 2, 2};
         }},
    };
    CHECK(message_of([](Description&) {}).empty());
    for (const Case& each : cases) {
        const std::string message = message_of(each.damage);
        CHECK_MESSAGE(message.find(each.message) != std::string::npos, message, " has no ",
                      each.message);
    }
}

TEST_CASE("populations behind signed ones send negative spikes where they can") {
    const pysnn::SpikingNetwork network(valid());
    CHECK(network.sends_negative(0));
    CHECK(network.sends_negative(1));
    CHECK_FALSE(network.sends_negative(2));
    CHECK_FALSE(network.sends_negative(3));
    CHECK_THROWS_AS(network.sends_negative(4), std::invalid_argument);
    const auto& synapses = network.description().populations[0].projections[0].synapses;
    CHECK(std::get<pysnn::IdentitySynapses>(synapses).out_channels == 2);
}

TEST_CASE("weights of the input are scaled before their grid is found, once") {
    Description description = valid();
    const pysnn::SpikingNetwork plain(description);
    description.input.scale = 4.0;
    const pysnn::SpikingNetwork scaled(description);
    const auto weight_of = [](const pysnn::SpikingNetwork& network) {
        return std::get<pysnn::IdentitySynapses>(
                   network.description().populations[0].projections[0].synapses)
            .weight;
    };
    CHECK(weight_of(plain) == std::vector<float>(2, 0.5F));
    CHECK(weight_of(scaled) == std::vector<float>(2, 2.0F));
    CHECK(scaled != plain);
    // It brings its grid now.
    CHECK(pysnn::SpikingNetwork(scaled.description()) == scaled);
}

TEST_CASE("pools whose windows have divisors of their own share a grid by channel") {
    Description description;
    description.input_shape = {2, 3, 3};
    pysnn::PoolSynapses pool({2, 2}, {2, 2});
    pool.ceil_mode = true;
    pool.count_include_pad = false;
    description.populations = {population("pool", {2, 2, 2}, NeuronModel::If, {{"input", pool}})};
    const pysnn::SpikingNetwork network(description);
    const pysnn::Population& made = network.description().populations[0];
    CHECK(made.grid.size() == 2);
    const auto& weight = std::get<pysnn::PoolSynapses>(made.projections[0].synapses).weight;
    CHECK(weight == std::vector<float>{0.25F, 0.5F, 0.5F, 1.0F, 0.25F, 0.5F, 0.5F, 1.0F});
    // All windows have the sum 1, which is 2^24 units.
    CHECK(made.grid[0] == std::ldexp(1.0F, -24));
    CHECK(pysnn::SpikingNetwork(network.description()) == network);

    pool.padding = {1, 1, 1, 1};
    pool.ceil_mode = false;
    pool.count_include_pad = true;
    description.populations[0].projections = {{"input", pool}};
    const pysnn::SpikingNetwork padded(description);
    const auto& shared =
        std::get<pysnn::PoolSynapses>(padded.description().populations[0].projections[0].synapses)
            .weight;
    CHECK(shared == std::vector<float>(2, 0.25F));
}

TEST_CASE("a population's own bias is on its grid, by channel or by neuron") {
    Description description = valid();
    description.precision = pysnn::Precision::Int16;
    description.populations[0].bias = {0.3F, -0.7F};
    const pysnn::SpikingNetwork by_channel(description);
    const pysnn::Population& made = by_channel.description().populations[0];
    CHECK(made.bias.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        const double units = double{made.bias[i]} / double{made.grid[i]};
        CHECK(units == std::nearbyint(units));
        CHECK((std::fabs(double{made.bias[i]}) + 0.5) / double{made.grid[i]} <= 32767.0);
        CHECK(made.bias[i] == doctest::Approx(i == 0 ? 0.3 : -0.7).epsilon(1e-3));
    }
    CHECK(pysnn::SpikingNetwork(by_channel.description()) == by_channel);

    // Neurons of an image that a Linear feeds have grids of their own.
    description.populations[0].projections = {linear("input", 32, 32)};
    const pysnn::SpikingNetwork spread(description);
    CHECK(spread.description().populations[0].grid.size() == 32);
    CHECK(spread.description().populations[0].bias.size() == 32);
    CHECK(spread.description().populations[0].bias[15] == doctest::Approx(0.3).epsilon(1e-3));
    CHECK(spread.description().populations[0].bias[16] == doctest::Approx(-0.7).epsilon(1e-3));
}

TEST_CASE("networks whose neurons have the same values are equal, however they are given") {
    Description description = valid();
    description.populations[0].threshold = {1.0F, 2.0F};
    const pysnn::SpikingNetwork by_channel(description);
    std::vector<float>& threshold = description.populations[0].threshold;
    threshold.assign(16, 1.0F);
    threshold.resize(32, 2.0F);
    CHECK(pysnn::SpikingNetwork(description) == by_channel);
    threshold[3] = 1.5F;
    CHECK(pysnn::SpikingNetwork(description) != by_channel);
    for (const auto& change : std::vector<std::function<void(Description&)>>{
             [](auto& d) { d.populations[0].negative_threshold = {0.5F}; },
             [](auto& d) { d.populations[0].neuron = NeuronModel::Bipolar; },
             [](auto& d) { d.populations[3].delay = 1; },
             [](auto& d) { d.populations[3].bias = {0.5F, 0.25F}; },
             [](auto& d) { d.input.is_signed = true; },
             [](auto& d) { d.input.affine_scale = d.input.affine_shift = {0.5}; },
         }) {
        Description changed = valid();
        change(changed);
        CHECK(pysnn::SpikingNetwork(changed) != pysnn::SpikingNetwork(valid()));
    }
}
