// What a call schedules: sizes against closed forms, and which ops in which case.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

#include "compiled.hpp"
#include "network_builder.hpp"

namespace {

using namespace pysnn::detail;

constexpr std::int64_t kMiB = 1024 * 1024;

/// Two populations of `width` neurons, a multiple of 64.
pysnn::SpikingNetwork wide_network(std::int64_t width) {
    NetworkBuilder builder(1, {1}, pysnn::Precision::Float32);
    builder.add("hidden", kNeuronKinds[0], {builder.linear("input", width)});
    pysnn::SpikingNetworkDescription description = builder.build().description();
    pysnn::Population output = description.populations.front();
    output.name = "output";
    description.populations.push_back(output);
    return pysnn::SpikingNetwork(description);
}

/// Memory of the slots of a wide network: four bytes for each of its weights. Both populations have
/// a row for each bit of the input's word, another for its silence, and one of zeros.
std::int64_t slots_bytes(std::int64_t width) {
    return std::clamp<std::int64_t>(4 * 2 * (64 + 64 + 1) * 4 * width, 4 * kMiB, 64 * kMiB);
}

pysnn::SpikingNetwork pooled_network() {
    NetworkBuilder builder(2, {1, 12, 14}, pysnn::Precision::Float32);
    builder.add("conv", kNeuronKinds[0], {builder.conv("input", 12, {5, 5})});
    builder.add("pool", kNeuronKinds[0], {NetworkBuilder::pool("conv", {2, 2}, {2, 2})});
    builder.add("output", kNeuronKinds[0], {builder.linear("pool", 5)});
    return builder.build();
}

pysnn::SimulationOptions threads(int num_threads) {
    pysnn::SimulationOptions options;
    options.num_threads = num_threads;
    return options;
}

}  // namespace

TEST_CASE("slots are as many as hold 128 steps of spikes and membranes in memory by the weights") {
    for (const std::int64_t width : {64, 640, 6400, 64000, 320000, 640000}) {
        INFO(width, " neurons");
        // A bit for each neuron and step, and four bytes for each neuron.
        const std::int64_t bytes = 2 * (width / 8 * 128 + 4 * width) + 1;
        CHECK(Scheduled(wide_network(width), 1000, threads(1)).schedule.num_slots ==
              std::clamp<std::int64_t>(slots_bytes(width) / bytes, 1, 32));
    }
}

TEST_CASE("what is recorded step by step takes room in the slots") {
    const pysnn::SpikingNetwork network = wide_network(6400);
    const std::int64_t bytes = 2 * (6400 / 8 * 128 + 4 * 6400) + 1;
    for (const auto record : {&pysnn::RecordOptions::potentials, &pysnn::RecordOptions::balance}) {
        pysnn::SimulationOptions options = threads(1);
        options.record.*record = {"hidden"};
        CHECK(Scheduled(network, 1000, options).schedule.num_slots ==
              slots_bytes(6400) / (bytes + 4 * 128 * 6400));
    }
    pysnn::SimulationOptions options = threads(1);
    options.record.spikes = {"hidden", "output"};
    options.record.counts = {"hidden"};
    CHECK(Scheduled(network, 1000, options).schedule.num_slots == 32);
}

TEST_CASE("portions give every thread two or more, and never exceed the slots") {
    const pysnn::SpikingNetwork network = wide_network(64);
    for (const int num_threads : {1, 2, 3, 8}) {
        for (const std::int64_t num_samples : {0, 1, 2, 7, 16, 64, 100, 511, 512, 100000}) {
            INFO(num_threads, " threads, ", num_samples, " samples");
            const Schedule schedule =
                Scheduled(network, num_samples, threads(num_threads)).schedule;
            CHECK(schedule.portion ==
                  std::clamp<std::int64_t>(num_samples / (2 * num_threads), 1, 32));
            CHECK((schedule.portion == 1 || schedule.portion * 2 * num_threads <= num_samples));
            pysnn::SimulationOptions options = threads(num_threads);
            options.stop_margin = 1;
            CHECK(Scheduled(network, num_samples, options).schedule.portion ==
                  std::clamp<std::int64_t>(num_samples / (2 * num_threads), 1, 64));
        }
    }
}

TEST_CASE("chunks have 128 steps, and end where samples may stop") {
    const pysnn::SpikingNetwork network = wide_network(64);
    pysnn::SimulationOptions options;
    options.num_steps = 300;
    const Scheduled plain(network, 1, options);
    CHECK(plain.schedule.chunk_steps(plain.call, 0) == 128);
    CHECK(plain.schedule.chunk_steps(plain.call, 256) == 44);
    options.stop_margin = 2;
    options.stop_interval = 100;
    const Scheduled stopping(network, 1, options);
    CHECK(stopping.schedule.chunk_steps(stopping.call, 0) == 100);
    CHECK(stopping.schedule.chunk_steps(stopping.call, 110) == 90);
    options.stop_interval = 200;
    const Scheduled seldom(network, 1, options);
    CHECK(seldom.schedule.chunk_steps(seldom.call, 0) == 128);
    CHECK(seldom.schedule.chunk_steps(seldom.call, 128) == 72);
}

TEST_CASE("a pool runs with its convolution unless something is kept that it would not leave") {
    const pysnn::SpikingNetwork network = pooled_network();
    const auto fuses = [&](const pysnn::RecordOptions& record) {
        pysnn::SimulationOptions options;
        options.record = record;
        const Scheduled scheduled(network, 1, options);
        const bool is_fused = scheduled.ops<ConvolutionOp>().front().pool.has_value();
        CHECK(scheduled.ops<PoolOp>().empty() == is_fused);
        // Each population is recorded, and each projection counted, either way.
        CHECK(scheduled.ops<RecordOp>().size() == 3);
        CHECK(scheduled.ops<CountOp>().size() == 3);
        return is_fused;
    };
    CHECK(fuses({}));
    CHECK(fuses({{"pool", "output"}, {"output"}, {"pool", "output"}, {"output"}}));
    CHECK_FALSE(fuses({{"conv"}, {}, {}, {}}));
    CHECK_FALSE(fuses({{}, {"conv"}, {}, {}}));
    CHECK_FALSE(fuses({{}, {"pool"}, {}, {}}));
    CHECK_FALSE(fuses({{}, {}, {"conv"}, {}}));
    CHECK_FALSE(fuses({{}, {}, {}, {"conv"}}));
    CHECK_FALSE(fuses({{}, {}, {}, {"pool"}}));
}

TEST_CASE("a population that only a constant current reaches has membranes and no sums") {
    const pysnn::SpikingNetwork network = pooled_network();
    pysnn::SimulationOptions options;
    options.encoding = pysnn::Encoding::Constant;
    const Scheduled scheduled(network, 1, options);
    CHECK(scheduled.schedule.input == InputMode::Constant);
    CHECK(scheduled.ops<ConvolutionOp>().empty());
    CHECK(scheduled.ops<MembraneOp>().empty());
    CHECK(scheduled.ops<ConstantOp>().size() == 1);
    CHECK(scheduled.ops<PoolOp>().size() == 1);
    CHECK(scheduled.ops<CountOp>().size() == 2);
}

TEST_CASE("charge that is counted takes a constant current to membranes of their own") {
    const pysnn::SpikingNetwork network = pooled_network();
    pysnn::SimulationOptions options;
    options.encoding = pysnn::Encoding::Constant;
    options.record.balance = {"conv"};
    const Scheduled scheduled(network, 1, options);
    CHECK(scheduled.ops<ConstantOp>().empty());
    REQUIRE(scheduled.ops<MembraneOp>().size() == 1);
    CHECK(scheduled.ops<MembraneOp>().front().is_constant);
}

TEST_CASE("a convolution takes identity synapses along, unless something counts the charge") {
    NetworkBuilder builder(2, {16, 5, 6}, pysnn::Precision::Float32);
    builder.add("first", kNeuronKinds[2], {builder.conv("input", 16, {3, 3}, {1, 1}, {1, 1})});
    builder.add("sum", kNeuronKinds[2],
                {builder.identity("first"), builder.conv("first", 16, {3, 3}, {1, 1}, {1, 1}),
                 builder.identity("input")});
    builder.add("output", kNeuronKinds[0], {builder.linear("sum", 5)});
    const pysnn::SpikingNetwork network = builder.build();
    const Scheduled scheduled(network, 1, threads(1));
    const auto convolutions = scheduled.ops<ConvolutionOp>();
    REQUIRE(convolutions.size() == 2);
    CHECK(convolutions.front().shortcuts.empty());
    CHECK(convolutions.back().shortcuts.size() == 2);
    CHECK(convolutions.back().uses_pixel_tables);
    CHECK(scheduled.ops<PoolOp>().empty());
    CHECK(scheduled.ops<CountOp>().size() == 5);

    pysnn::SimulationOptions options = threads(1);
    options.record.balance = {"sum"};
    const Scheduled counting(network, 1, options);
    CHECK(counting.ops<ConvolutionOp>().back().shortcuts.empty());
    CHECK(counting.ops<PoolOp>().size() == 2);
}
