// Networks without the weights that their simulations do not read.
#include <doctest/doctest.h>

#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "compare.hpp"
#include "network_builder.hpp"
#include "networks.hpp"

namespace {

/// Shortcuts, pools and depthwise convolutions of an input, and spikes of both signs behind it.
pysnn::SpikingNetwork signed_network(pysnn::Precision precision) {
    const NeuronKind& kind = kOtherKinds[0];
    NetworkBuilder builder(6, {16, 8, 8}, precision);
    builder.add("depthwise", kind, {builder.conv("input", 16, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 16)});
    builder.add("shortcut", kind, {builder.identity("input"), builder.identity("depthwise")});
    builder.add("pool", kind, {NetworkBuilder::pool("input", {2, 2}, {2, 2})});
    builder.add(
        "grouped", kind,
        {builder.conv("shortcut", 16, {2, 2}, {2, 2}, {}, {1, 1}, 2), builder.identity("pool")});
    builder.add("output", kind, {builder.linear("grouped", 10)});
    return builder.build();
}

/// Every kind of synapses, some of them from the input and from populations at once.
pysnn::SpikingNetwork network_of_all_kinds(pysnn::Precision precision) {
    const NeuronKind& kind = kNeuronKinds[1];
    NetworkBuilder builder(5, {3, 12, 12}, precision);
    builder.add("conv", kind, {builder.conv("input", 16, {3, 3}, {1, 1}, {1, 1})});
    builder.add("max pool", kMaxPool, {NetworkBuilder::max_pool("conv", {2, 2}, {2, 2})});
    builder.add("residual", kind,
                {builder.conv("max pool", 16, {3, 3}, {1, 1}, {1, 1}), builder.identity("max pool"),
                 builder.conv("input", 16, {2, 2}, {2, 2})});
    builder.add("pool", kind, {NetworkBuilder::pool("residual", {2, 2}, {2, 2})});
    builder.add("joined", kind, {builder.linear("pool", 70), builder.linear("input", 70)});
    builder.add("output", kReadout, {builder.linear("joined", 10)});
    return builder.build();
}

pysnn::SimulationOptions options_of(const pysnn::SpikingNetwork& network, const TestInput& input) {
    pysnn::SimulationOptions options;
    options.num_steps = input.num_steps;
    options.max_rate = input.max_rate;
    options.seed = input.seed;
    options.encoding = input.encoding;
    options.num_threads = 1;
    for (const pysnn::Population& population : network.description().populations) {
        options.record.spikes.push_back(population.name);
        if (population.neuron != pysnn::NeuronModel::MaxPool) {
            options.record.potentials.push_back(population.name);
        }
    }
    return options;
}

void check_same(const pysnn::SimulationResult& a, const pysnn::SimulationResult& b) {
    CHECK(a.output_spikes == b.output_spikes);
    CHECK(a.output_negative_spikes == b.output_negative_spikes);
    CHECK(a.output_potentials == b.output_potentials);
    CHECK(a.num_input_spikes == b.num_input_spikes);
    CHECK(a.num_spikes == b.num_spikes);
    CHECK(a.synaptic_operations == b.synaptic_operations);
    REQUIRE(a.records.size() == b.records.size());
    for (std::size_t k = 0; k < a.records.size(); ++k) {
        CHECK(a.records[k].spikes == b.records[k].spikes);
        CHECK(a.records[k].potentials == b.records[k].potentials);
        CHECK(a.records[k].balance.input_charge == b.records[k].balance.input_charge);
        CHECK(a.records[k].balance.excess_charge == b.records[k].balance.excess_charge);
    }
}

void check_packed_equals(const pysnn::SpikingNetwork& network) {
    for (const pysnn::Encoding encoding : pysnn::kEncodings) {
        INFO(pysnn::name_of(encoding));
        const TestInput input = drawn_input(network, 3, 40, 0.5, 1, encoding);
        const pysnn::SimulationOptions options = options_of(network, input);
        const auto whole = simulate(network, input.x.data(), input.num_samples, options);
        const pysnn::SpikingNetwork packed = pysnn::pack(network, encoding);
        CHECK(packed.packed_for() == encoding);
        check_same(whole, simulate(packed, input.x.data(), input.num_samples, options));
        pysnn::SimulationOptions charged = options;
        charged.record = {};
        charged.record.balance = {network.description().populations.front().name};
        check_same(simulate(network, input.x.data(), input.num_samples, charged),
                   simulate(packed, input.x.data(), input.num_samples, charged));
        pysnn::SimulationOptions stopping = options;
        stopping.record = {};
        stopping.stop_margin = 1.0;
        stopping.stop_interval = 4;
        check_same(simulate(network, input.x.data(), input.num_samples, stopping),
                   simulate(packed, input.x.data(), input.num_samples, stopping));
        if (encoding != pysnn::Encoding::Constant) {
            check_same(simulate_spikes(network, input.spikes.data(), input.num_steps,
                                       input.num_samples, options),
                       simulate_spikes(packed, input.spikes.data(), input.num_steps,
                                       input.num_samples, options));
        }
    }
}

std::int64_t num_loaded_weights(const pysnn::SpikingNetwork& network, bool of_input) {
    std::size_t count = 0;
    for (const pysnn::Population& population : network.description().populations) {
        for (const pysnn::Projection& projection : population.projections) {
            if ((projection.source == pysnn::kInputName) != of_input) {
                continue;
            }
            if (const auto* linear = std::get_if<pysnn::Linear>(&projection.synapses)) {
                count += linear->weight.capacity();
            } else if (const auto* conv = std::get_if<pysnn::Conv2d>(&projection.synapses)) {
                count += conv->weight.capacity();
            }
        }
    }
    return static_cast<std::int64_t>(count);
}

}  // namespace

TEST_CASE("a packed network gives the same spikes under its encoding") {
    for (unsigned seed = 0; seed < 3; ++seed) {
        check_packed_equals(mixed_network(seed));
    }
    for (const pysnn::Precision precision : kPrecisions) {
        check_packed_equals(network_of_all_kinds(precision));
        check_packed_equals(signed_network(precision));
    }
}

TEST_CASE("a packed network is simulated under its encoding unless another one is given") {
    const pysnn::SpikingNetwork network = mixed_network(2);
    const std::vector<float> x(static_cast<std::size_t>(network.num_inputs()), 0.7F);
    for (const pysnn::Encoding encoding : pysnn::kEncodings) {
        pysnn::SimulationOptions options;
        const auto packed = simulate(pysnn::pack(network, encoding), x.data(), 1, options);
        options.encoding = encoding;
        check_same(packed, simulate(network, x.data(), 1, options));
    }
}

TEST_CASE("a simulation of a packed network goes on from call to call and from a state") {
    pysnn::SpikingNetwork network = network_of_all_kinds(pysnn::Precision::Float32);
    const TestInput input = drawn_input(network, 2, 30, 0.5, 1, pysnn::Encoding::Constant);
    const pysnn::SimulationOptions options = options_of(network, input);
    pysnn::Simulation whole(network, 2, options);
    pysnn::Simulation packed(pysnn::pack(std::move(network), pysnn::Encoding::Constant), 2,
                             options);
    check_same(whole.run(input.x.data(), 10), packed.run(input.x.data(), 10));
    packed.restore(whole.state());
    check_same(whole.run(input.x.data(), 20), packed.run(input.x.data(), 20));
}

TEST_CASE("packing leaves the weights that constant input reads, and none for spikes") {
    const pysnn::SpikingNetwork network = network_of_all_kinds(pysnn::Precision::Int16);
    const std::int64_t of_input = num_loaded_weights(network, true);
    for (const pysnn::Encoding encoding : pysnn::kEncodings) {
        const pysnn::SpikingNetwork packed = pysnn::pack(network, encoding);
        CHECK(num_loaded_weights(packed, false) == 0);
        CHECK(num_loaded_weights(packed, true) ==
              (encoding == pysnn::Encoding::Constant ? of_input : 0));
    }
    // Other copies keep theirs.
    CHECK(num_loaded_weights(network, true) == of_input);
    CHECK(num_loaded_weights(network, false) > 0);
}

TEST_CASE("a packed network refuses what its weights are gone for") {
    const pysnn::SpikingNetwork network = mixed_network(0);
    const std::vector<float> x(static_cast<std::size_t>(network.num_inputs()), 0.5F);
    const std::vector<std::uint8_t> spikes(x.size() * 4, 1);
    const auto with = [](pysnn::Encoding encoding) {
        pysnn::SimulationOptions options;
        options.encoding = encoding;
        options.num_steps = 4;
        return options;
    };
    const pysnn::SpikingNetwork drawn = pysnn::pack(network, pysnn::Encoding::Poisson);
    const pysnn::SpikingNetwork constant = pysnn::pack(network, pysnn::Encoding::Constant);
    CHECK_THROWS_WITH_AS(simulate(drawn, x.data(), 1, with(pysnn::Encoding::Constant)),
                         "input is constant, but the network is packed for poisson input",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(simulate(constant, x.data(), 1, with(pysnn::Encoding::Regular)),
                         "input is regular, but the network is packed for constant input",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(
        simulate_spikes(constant, spikes.data(), 4, 1, with(pysnn::Encoding::Constant)),
        "input is given as spikes, but the network is packed for constant input",
        std::invalid_argument);
    CHECK_NOTHROW(simulate(drawn, x.data(), 1, with(pysnn::Encoding::Regular)));
    CHECK_THROWS_AS(pysnn::to_bytes(drawn), std::invalid_argument);
    CHECK_THROWS_WITH_AS(pysnn::pack(drawn, pysnn::Encoding::Poisson),
                         "network is packed already, for poisson input", std::invalid_argument);
}

TEST_CASE("a packed network equals its copies alone") {
    const pysnn::SpikingNetwork network = mixed_network(0);
    CHECK_FALSE(network.packed_for().has_value());
    const pysnn::SpikingNetwork packed = pysnn::pack(network, pysnn::Encoding::Poisson);
    const pysnn::SpikingNetwork copy = packed;
    CHECK(packed == copy);
    CHECK(packed != network);
    CHECK(packed != pysnn::pack(network, pysnn::Encoding::Poisson));
}
