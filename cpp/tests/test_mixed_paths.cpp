// Pools, populations of several projections, steps at rest, early stop.

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "compare.hpp"
#include "compiled.hpp"
#include "network_builder.hpp"
#include "reference_simulation.hpp"

TEST_CASE("a pool that runs with its convolution equals the reference and the pool on its own") {
    for (const std::int64_t channels : {1, 3, 12, 16, 17, 33, 63}) {
        for (const pysnn::Precision precision : kPrecisions) {
            const NeuronKind& kind = kNeuronKinds[static_cast<std::size_t>(channels) % 4];
            INFO(channels, " channels, ", kind.name, ", int16 ",
                 precision == pysnn::Precision::Int16);
            NetworkBuilder builder(static_cast<unsigned>(channels), {2, 8, 10}, precision);
            builder.add("conv", kind, {builder.conv("input", channels, {3, 3}, {1, 1}, {1, 1})});
            builder.add("pool", kNeuronKinds[static_cast<std::size_t>(channels) % 2],
                        {NetworkBuilder::pool("conv", {2, 2}, {2, 2})});
            builder.add("conv2", kind, {builder.conv("pool", 20, {3, 2})});
            builder.add("pool2", kNeuronKinds[2], {NetworkBuilder::pool("conv2", {2, 4}, {2, 4})});
            const pysnn::SpikingNetwork network = builder.build();
            // Fused where nothing is recorded, not fused where all is.
            REQUIRE(fused_pools(network) == std::vector<std::int64_t>{1, -1, 3, -1});
            for (const double density : {0.01, 0.5}) {
                check_equals_reference(network, given_input(network, 3, 19, density));
            }
            check_equals_reference(network, drawn_input(network, 3, 19, 0.6));
        }
    }
}

TEST_CASE("a pool inside of its convolution's tables equals the reference") {
    struct Case {
        pysnn::Shape input;
        std::int64_t channels;
        NetworkBuilder::Pair kernel;
        NetworkBuilder::Pair stride;
        std::size_t conv_kind;
        std::size_t pool_kind;
    };
    const std::vector<Case> cases{
        {{1, 12, 14}, 12, {5, 5}, {1, 1}, 0, 0},  // both rest in silence
        {{1, 12, 14}, 16, {5, 5}, {1, 1}, 2, 2},  // neither does
        {{1, 9, 11}, 7, {4, 4}, {1, 1}, 0, 0},    // few channels
        {{1, 10, 9}, 1, {5, 4}, {1, 1}, 2, 2},    // one
        {{1, 11, 14}, 12, {5, 5}, {2, 1}, 0, 0},  // rows that share no lookup
        {{1, 12, 14}, 12, {5, 5}, {1, 1}, 0, 2},  // resets that differ
        {{1, 12, 14}, 12, {5, 5}, {1, 1}, 0, 1},  // a refractory pool
        {{1, 12, 14}, 12, {5, 5}, {1, 1}, 3, 2},  // behind refractory neurons
        {{1, 6, 6}, 12, {5, 5}, {1, 1}, 0, 0},    // a pool of one position
        {{1, 7, 12}, 12, {6, 5}, {1, 1}, 2, 2},   // of one row
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Case& each = cases[i];
        INFO("case ", i);
        NetworkBuilder builder(static_cast<unsigned>(i), each.input, pysnn::Precision::Float32);
        builder.add("conv", kNeuronKinds[each.conv_kind],
                    {builder.conv("input", each.channels, each.kernel, each.stride)});
        builder.add("pool", kNeuronKinds[each.pool_kind],
                    {NetworkBuilder::pool("conv", {2, 2}, {2, 2})});
        builder.add("out", kNeuronKinds[0], {builder.linear("pool", 5)});
        const pysnn::SpikingNetwork network = builder.build();
        REQUIRE(fused_pools(network) == std::vector<std::int64_t>{1, -1, -1});
        REQUIRE(weights_of<pysnn::detail::ConvWeights>(network, 0).tables.columns == 2);
        for (const double density : {0.02, 0.6}) {
            check_equals_reference(network, given_input(network, 3, 19, density));
        }
        check_active_and_equal(network, drawn_input(network, 4, 70, 0.8));
    }
}

TEST_CASE("pools that cannot run with their convolution equal the reference") {
    for (const std::int64_t channels : {5, 17, 33, 63, 64, 65, 130}) {
        for (const pysnn::Precision precision : kPrecisions) {
            const NeuronKind& kind = kNeuronKinds[static_cast<std::size_t>(channels) % 4];
            INFO(channels, " channels, ", kind.name, ", int16 ",
                 precision == pysnn::Precision::Int16);
            NetworkBuilder builder(static_cast<unsigned>(channels), {2, 6, 7}, precision);
            builder.add("conv", kNeuronKinds[0], {builder.conv("input", channels, {1, 2})});
            // Windows that overlap; a second reader of the same population; a pool of a pool.
            builder.add("overlap", kind, {NetworkBuilder::pool("conv", {2, 2}, {2, 1})});
            builder.add("beside", kind, {NetworkBuilder::pool("conv", {3, 2}, {3, 2})});
            builder.add("pooled", kNeuronKinds[1],
                        {NetworkBuilder::pool("overlap", {3, 5}, {3, 5})});
            builder.add("input pool", kind, {NetworkBuilder::pool("input", {2, 7}, {2, 7})});
            builder.add("out", kNeuronKinds[2],
                        {builder.linear("pooled", 3), builder.linear("beside", 3)});
            const pysnn::SpikingNetwork network = builder.build();
            REQUIRE(fused_pools(network) == std::vector<std::int64_t>(6, -1));
            check_equals_reference(network, given_input(network, 2, 14, 0.4));
            check_equals_reference(network, drawn_input(network, 2, 14, 0.6));
        }
    }
}

TEST_CASE("projections of every kind onto one population equal the reference in any order") {
    std::vector<int> order{0, 1, 2, 3, 4};
    unsigned seed = 0;
    do {
        // Every fifth of the 120 orders.
        if (++seed % 5 != 0) {
            continue;
        }
        const NeuronKind& kind = kNeuronKinds[seed / 5 % kNeuronKinds.size()];
        INFO("order ", seed, ", ", kind.name);
        NetworkBuilder builder(seed, {2, 8, 9}, kPrecisions[seed % 2]);
        builder.add("image", kNeuronKinds[0], {builder.conv("input", 65, {5, 4})});
        builder.add("flat", kNeuronKinds[0], {builder.linear("input", 1300)});
        const std::vector<pysnn::Projection> all{
            builder.linear("input", 65 * 2 * 3),
            builder.linear("flat", 65 * 2 * 3),
            builder.conv("image", 65, {3, 4}),
            NetworkBuilder::pool("image", {2, 2}, {2, 2}),
            builder.conv("input", 65, {3, 3}, {5, 3}),
        };
        std::vector<pysnn::Projection> projections;
        for (const int i : order) {
            projections.push_back(all[static_cast<std::size_t>(i)]);
        }
        builder.add("joined", kind, projections, {65, 2, 3});
        builder.add("out", kNeuronKinds[1], {builder.linear("joined", 4)});
        const pysnn::SpikingNetwork network = builder.build();
        check_active_and_equal(network, drawn_input(network, 2, 10, 0.5));
        check_equals_reference(network, given_input(network, 2, 10, 0.2));
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("several Linears from the input onto one population equal the reference") {
    for (const NeuronKind& kind : kNeuronKinds) {
        for (const pysnn::Precision precision : kPrecisions) {
            INFO(kind.name);
            NetworkBuilder builder(2, {1400}, precision);
            builder.add("hidden", kind, {builder.linear("input", 70), builder.linear("input", 70)});
            builder.add("out", kind,
                        {builder.linear("hidden", 9), builder.linear("input", 9),
                         builder.linear("hidden", 9), builder.linear("input", 9)});
            const pysnn::SpikingNetwork network = builder.build();
            check_equals_reference(network, drawn_input(network, 3, 12, 0.9));
            check_equals_reference(network, drawn_input(network, 3, 6, 0.9));
            check_equals_reference(network, given_input(network, 3, 12, 0.8));
        }
    }
}

TEST_CASE("steps in which nothing arrives change nothing, and neurons that may not rest run them") {
    for (const NeuronKind& kind : kNeuronKinds) {
        for (const pysnn::Precision precision : kPrecisions) {
            INFO(kind.name);
            NetworkBuilder builder(7, {2, 7, 6}, precision);
            builder.add("conv", kind, {builder.conv("input", 5, {3, 3})});
            builder.add("wide", kind, {builder.conv("conv", 66, {2, 2})});
            builder.add("pool", kind, {NetworkBuilder::pool("wide", {2, 1}, {2, 1})});
            builder.add("image", kind, {builder.linear("pool", 24)}, {4, 3, 2});
            builder.add("out", kind, {builder.linear("image", 6)});
            const pysnn::SpikingNetwork network = builder.build();
            CHECK(program_of(network).population(0).rests_in_silence ==
                  (&kind == &kNeuronKinds[0]));
            TestInput input = given_input(network, 3, 150, 0.3);
            // Long silences, from a chunk's first step on and over its end.
            const auto stride = static_cast<std::ptrdiff_t>(3 * network.num_inputs());
            std::fill(input.spikes.begin(), input.spikes.begin() + 20 * stride, std::int8_t{0});
            std::fill(input.spikes.begin() + 100 * stride, input.spikes.begin() + 135 * stride,
                      std::int8_t{0});
            check_active_and_equal(network, input);
        }
    }
}

TEST_CASE("samples that stop early in any slot equal the reference") {
    NetworkBuilder builder(9, {1, 5, 5}, pysnn::Precision::Float32);
    builder.add("conv", kNeuronKinds[0], {builder.conv("input", 6, {3, 3}, {1, 1}, {1, 0})});
    builder.add("hidden", kNeuronKinds[1], {builder.linear("conv", 30)});
    builder.add("out", kNeuronKinds[2], {builder.linear("hidden", 4), builder.linear("input", 4)});
    const pysnn::SpikingNetwork network = builder.build();
    // Blocks of 64 samples, twice as many as there are slots.
    constexpr std::int64_t kSamples = 260;
    constexpr std::int64_t kSteps = 50;
    const TestInput input = drawn_input(network, kSamples, kSteps, 0.4);
    pysnn::SimulationOptions options;
    options.num_steps = kSteps;
    options.max_rate = input.max_rate;
    options.seed = input.seed;
    options.num_threads = 1;
    options.stop_margin = 4;
    options.stop_interval = 6;
    const pysnn::SimulationResult result =
        pysnn::simulate(network, input.x.data(), kSamples, options);
    std::vector<std::int64_t> stopped;
    std::vector<std::int64_t> operations;
    std::vector<std::uint8_t> output;
    for (std::int64_t sample = 0; sample < kSamples; ++sample) {
        ReferenceSimulation reference(network, options.dt, options.max_rate * options.dt);
        std::vector<std::int64_t> counts(4, 0);
        std::int64_t step = 0;
        do {
            const auto* row = input.spikes.data() + (step * kSamples + sample) * 25;
            const std::vector<std::int8_t> fired = reference.step({row, row + 25});
            std::uint8_t packed = 0;
            for (std::size_t i = 0; i < 4; ++i) {
                counts[i] += fired[i];
                packed = static_cast<std::uint8_t>(packed | fired[i] << i);
            }
            output.push_back(packed);
            ++step;
        } while (step < kSteps &&
                 (step % options.stop_interval != 0 || lead_of(counts) < options.stop_margin));
        stopped.push_back(step);
        output.resize(output.size() + static_cast<std::size_t>(kSteps - step), 0);
        for (const char* name : {"conv", "hidden", "out"}) {
            operations.push_back(reference.operations(name));
        }
    }
    CHECK(result.stopped_step == stopped);
    CHECK(result.output_spikes == output);
    CHECK(result.synaptic_operations == operations);
    CHECK(*std::min_element(stopped.begin(), stopped.end()) < 12);
    CHECK(*std::max_element(stopped.begin(), stopped.end()) == kSteps);
}
