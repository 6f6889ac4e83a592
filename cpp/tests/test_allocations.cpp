// A stream allocates nothing after its first calls.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "counted_allocations.hpp"
#include "network_builder.hpp"

namespace {

/// Wide enough that lists of its spikes over some steps outgrow what is kept for a single one.
pysnn::SpikingNetwork dense_network(pysnn::Precision precision) {
    NetworkBuilder builder(1, {300}, precision);
    builder.add("hidden 1", kNeuronKinds[0], {builder.linear("input", 1000)});
    builder.add("hidden 2", kNeuronKinds[1], {builder.linear("hidden 1", 100)});
    builder.add("output", kNeuronKinds[2], {builder.linear("hidden 2", 10)});
    return builder.build();
}

/// Both kinds of convolution, a fused and a lone pool, and two projections into one population.
pysnn::SpikingNetwork conv_network(pysnn::Precision precision) {
    NetworkBuilder builder(2, {1, 16, 16}, precision);
    builder.add("conv 1", kNeuronKinds[0], {builder.conv("input", 12, {5, 5})});
    builder.add("pool 1", kNeuronKinds[0], {NetworkBuilder::pool("conv 1", {2, 2}, {2, 2})});
    builder.add("conv 2", kNeuronKinds[3], {builder.conv("pool 1", 20, {3, 3}, {1, 1}, {1, 1})});
    builder.add("pool 2", kNeuronKinds[0], {NetworkBuilder::pool("conv 2", {2, 2}, {2, 2})});
    builder.add("output", kNeuronKinds[0],
                {builder.linear("pool 2", 10), builder.linear("conv 2", 10)});
    return builder.build();
}

/// Spikes of both signs through a max pool, a shortcut and an average pool that overlaps.
pysnn::SpikingNetwork signed_network(pysnn::Precision precision) {
    const NeuronKind& kind = kOtherKinds[0];
    NetworkBuilder builder(3, {2, 12, 12}, precision);
    builder.add("conv 1", kind, {builder.conv("input", 12, {3, 3})});
    builder.add("max pool", kMaxPool, {NetworkBuilder::max_pool("conv 1", {2, 2}, {2, 2})});
    builder.add(
        "conv 2", kind,
        {builder.conv("max pool", 12, {3, 3}, {1, 1}, {1, 1}), builder.identity("max pool")});
    builder.add("pool", kind, {NetworkBuilder::pool("conv 2", {3, 3}, {1, 1})});
    builder.add("output", kind, {builder.linear("pool", 10)});
    return builder.build();
}

/// Tables of pixels and lists of events, each with two shortcuts, and after these none.
pysnn::SpikingNetwork residual_network(pysnn::Precision precision) {
    const NeuronKind& kind = kNeuronKinds[0];
    NetworkBuilder builder(4, {3, 10, 10}, precision);
    builder.add("conv 1", kind, {builder.conv("input", 16, {3, 3}, {1, 1}, {1, 1})});
    builder.add("conv 2", kind,
                {builder.conv("conv 1", 16, {3, 3}, {1, 1}, {1, 1}), builder.identity("conv 1")});
    builder.add("conv 3", kind,
                {builder.conv("conv 2", 16, {3, 3}, {1, 1}, {1, 1}), builder.identity("conv 2"),
                 builder.identity("conv 1")});
    builder.add("conv 4", kind, {builder.conv("conv 3", 32, {3, 3}, {1, 1}, {1, 1})});
    builder.add("conv 5", kind,
                {builder.conv("conv 4", 32, {3, 3}, {1, 1}, {1, 1}), builder.identity("conv 4")});
    builder.add("output", kind, {builder.linear("conv 5", 10)});
    return builder.build();
}

struct Subject {
    std::string name;
    pysnn::SpikingNetwork network;
    std::int64_t num_steps;
    bool records;
    bool from_all;

    pysnn::Simulation simulation() const {
        pysnn::SimulationOptions options;
        options.num_threads = 1;
        if (records) {
            for (const pysnn::Population& population : network.description().populations) {
                options.record.spikes.push_back(population.name);
                if (population.neuron != pysnn::NeuronModel::MaxPool) {
                    options.record.potentials.push_back(population.name);
                }
                options.record.counts.push_back(population.name);
            }
        }
        return {network, 1, options};
    }
};

std::vector<Subject> subjects() {
    std::vector<Subject> list;
    for (const pysnn::Precision precision : kPrecisions) {
        const std::string bits = precision == pysnn::Precision::Int16 ? ", int16" : ", float32";
        const pysnn::SpikingNetwork dense = dense_network(precision);
        const pysnn::SpikingNetwork conv = conv_network(precision);
        const pysnn::SpikingNetwork with_signs = signed_network(precision);
        const pysnn::SpikingNetwork residual = residual_network(precision);
        for (const std::int64_t num_steps : {1, 20}) {
            for (const auto& [records, from_all] :
                 {std::pair{false, false}, {false, true}, {true, false}}) {
                list.push_back({"dense" + bits, dense, num_steps, records, from_all});
                list.push_back({"convolutional" + bits, conv, num_steps, records, from_all});
                list.push_back({"signed" + bits, with_signs, num_steps, records, from_all});
                list.push_back({"residual" + bits, residual, num_steps, records, from_all});
            }
        }
    }
    return list;
}

/// Calls once, then asserts that further calls allocate nothing. Each gets the share of its inputs
/// that are to be on: from none, which needs the least memory, to all, or the other way round, as
/// busy samples may take other ways than quiet ones.
void check_calls(const pysnn::Simulation& simulation, bool from_all,
                 const std::function<void(double)>& call) {
    constexpr int kCalls = 12;
    const auto share = [&](int i) {
        const double raised = static_cast<double>(i) / (kCalls - 1);
        return from_all ? 1.0 - raised : raised;
    };
    call(share(0));
    std::int64_t num_spikes = 0;
    const std::int64_t before = num_allocations();
    for (int i = 1; i < kCalls; ++i) {
        call(share(i));
        for (const std::int32_t count : simulation.spike_counts()) {
            num_spikes += count;
        }
    }
    CHECK(num_allocations() - before == 0);
    CHECK(num_spikes > 0);
}

}  // namespace

TEST_CASE("allocations are counted, aligned ones too") {
    const std::int64_t before = num_allocations();
    const std::vector<int> plain(3);
    struct alignas(128) Wide {
        char bytes[128];
    };
    const std::vector<Wide> aligned(3);
    // Clang leaves out allocations whose address nobody sees.
    const void* volatile seen = plain.data();
    CHECK(seen != nullptr);
    seen = aligned.data();
    CHECK(seen != nullptr);
    CHECK(num_allocations() - before == 2);
}

TEST_CASE("under intensities, calls after the first allocate nothing, whatever comes") {
    for (const Subject& subject : subjects()) {
        CAPTURE(subject.name);
        CAPTURE(subject.num_steps);
        CAPTURE(subject.records);
        CAPTURE(subject.from_all);
        std::mt19937 random(3);
        std::uniform_real_distribution<float> uniform(0.0F, 1.0F);
        std::vector<float> x(static_cast<std::size_t>(subject.network.num_inputs()));
        pysnn::SimulationResult result;
        pysnn::Simulation simulation = subject.simulation();
        check_calls(simulation, subject.from_all, [&](double share) {
            // Some probabilities of 1 among them.
            std::generate(x.begin(), x.end(), [&] {
                return uniform(random) < share ? std::min(2.0F * uniform(random), 1.0F) : 0.0F;
            });
            simulation.run(x.data(), subject.num_steps, result);
        });
    }
}

TEST_CASE("under spike trains, calls after the first allocate nothing, whatever comes") {
    for (const Subject& subject : subjects()) {
        CAPTURE(subject.name);
        CAPTURE(subject.num_steps);
        CAPTURE(subject.records);
        CAPTURE(subject.from_all);
        std::mt19937 random(3);
        std::vector<std::uint8_t> spikes(
            static_cast<std::size_t>(subject.num_steps * subject.network.num_inputs()));
        pysnn::SimulationResult result;
        pysnn::Simulation simulation = subject.simulation();
        check_calls(simulation, subject.from_all, [&](double share) {
            std::bernoulli_distribution coin(share);
            std::generate(spikes.begin(), spikes.end(), [&] { return coin(random) ? 1 : 0; });
            simulation.run_spikes(spikes.data(), subject.num_steps, result);
        });
    }
}
