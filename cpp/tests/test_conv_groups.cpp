// Convolutions in groups and with dilation: against the reference, and against the ordinary
// convolutions that they are special cases of.

#include <doctest/doctest.h>

#include <vector>

#include "compare.hpp"
#include "network_builder.hpp"
#include "nodes/conv2d.hpp"

namespace {

using Pair = NetworkBuilder::Pair;

struct Case {
    const char* name;
    pysnn::Shape input;
    std::int64_t out_channels;
    Pair kernel;
    Pair stride;
    pysnn::Padding padding;
    Pair dilation;
    std::int64_t groups;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        {"two groups", {4, 6, 7}, 6, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 2},
        {"depthwise", {5, 6, 7}, 5, {3, 2}, {1, 2}, {1, 0}, {1, 1}, 5},
        {"depthwise, three outputs a channel", {3, 5, 5}, 9, {2, 2}, {2, 1}, {0, 1}, {1, 1}, 3},
        {"groups across words", {96, 3, 4}, 192, {2, 3}, {1, 1}, {1, 1}, {1, 1}, 3},
        {"depthwise, many channels", {130, 4, 3}, 130, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 130},
        {"dilated", {2, 9, 10}, 7, {3, 3}, {1, 1}, {2, 3}, {2, 3}, 1},
        {"dilated along one axis, with stride", {3, 8, 9}, 70, {1, 3}, {3, 2}, {0, 2}, {1, 2}, 1},
        {"dilated beyond the image", {2, 5, 5}, 4, {3, 3}, {1, 1}, {6, 7}, {6, 7}, 1},
        {"dilated, padded at one end", {3, 7, 8}, 5, {3, 2}, {2, 1}, {0, 4, 3, 1}, {2, 3}, 1},
        {"dilated groups", {6, 9, 8}, 4, {2, 3}, {2, 1}, {3, 2}, {4, 2}, 2},
    };
    return all;
}

pysnn::SpikingNetwork network_of(const Case& given, std::size_t kind, pysnn::Precision precision) {
    NetworkBuilder builder(static_cast<unsigned>(kind), given.input, precision);
    builder.add("spread", kNeuronKinds[0], {builder.conv("input", given.input[0], {1, 1})});
    for (const char* source : {"input", "spread"}) {
        builder.add(std::string("from ") + source, kNeuronKinds[kind],
                    {builder.conv(source, given.out_channels, given.kernel, given.stride,
                                  given.padding, given.dilation, given.groups)});
    }
    return builder.build();
}

// The same network with convolutions of one group and without dilation.
pysnn::SpikingNetwork dense(const pysnn::SpikingNetwork& network) {
    pysnn::SpikingNetworkDescription description = network.description();
    for (pysnn::Population& population : description.populations) {
        for (pysnn::Projection& projection : population.projections) {
            projection.synapses =
                pysnn::detail::dense_form(std::get<pysnn::Conv2d>(projection.synapses));
        }
    }
    return pysnn::SpikingNetwork(description);
}

}  // namespace

TEST_CASE("Conv2d in groups and with dilation equals the reference") {
    for (std::size_t i = 0; i < cases().size(); ++i) {
        for (const pysnn::Precision precision : kPrecisions) {
            const std::size_t kind = i % kNeuronKinds.size();
            INFO(cases()[i].name, ", ", kNeuronKinds[kind].name, ", int16 ",
                 precision == pysnn::Precision::Int16);
            const pysnn::SpikingNetwork network = network_of(cases()[i], kind, precision);
            check_equals_reference(network, drawn_input(network, 2, 9, 0.7));
            check_equals_reference(network, given_input(network, 2, 9, 0.15));
        }
    }
}

TEST_CASE("Conv2d in groups and with dilation spikes as its dense form and has fewer synapses") {
    for (std::size_t i = 0; i < cases().size(); ++i) {
        INFO(cases()[i].name);
        const pysnn::SpikingNetwork network =
            network_of(cases()[i], i % kNeuronKinds.size(), kPrecisions[i % 2]);
        const pysnn::SpikingNetwork filled = dense(network);
        const std::vector<float> x(static_cast<std::size_t>(network.num_inputs()), 0.5F);
        pysnn::SimulationOptions options;
        options.num_steps = 20;
        options.record.potentials = {"from input", "from spread"};
        const pysnn::SimulationResult result = pysnn::simulate(network, x.data(), 1, options);
        const pysnn::SimulationResult same = pysnn::simulate(filled, x.data(), 1, options);
        CHECK(result.output_spikes == same.output_spikes);
        CHECK(result.num_spikes == same.num_spikes);
        CHECK(result.records[1].potentials == same.records[1].potentials);
        CHECK(result.records[2].potentials == same.records[2].potentials);
        REQUIRE(result.num_spikes[0] > 0);
        CHECK(result.synaptic_operations[1] < same.synaptic_operations[1]);
        CHECK(result.synaptic_operations[2] < same.synaptic_operations[2]);
    }
}

TEST_CASE("a model file of version 2 gives back convolutions in groups and with dilation") {
    for (const Case& given : cases()) {
        const pysnn::SpikingNetwork network = network_of(given, 3, pysnn::Precision::Float32);
        const std::string bytes = pysnn::to_bytes(network);
        CHECK(bytes.find("format_version\\\":2") != std::string::npos);
        CHECK(std::get<pysnn::SpikingNetwork>(pysnn::model_from_bytes(bytes)) == network);
    }
}

TEST_CASE("networks that differ in dilation or groups alone are not equal") {
    const auto network_with = [](Pair dilation, std::int64_t groups) {
        pysnn::Conv2d conv;
        conv.out_channels = 2;
        conv.in_channels = 2;
        conv.kernel_size = {1, 1};
        conv.dilation = dilation;
        conv.groups = groups;
        conv.weight.assign(static_cast<std::size_t>(4 / groups), 1.0F);
        pysnn::SpikingNetworkDescription description;
        description.input_shape = {2, 3, 3};
        pysnn::Population population;
        population.name = "out";
        population.shape = {2, 3, 3};
        population.projections.push_back({pysnn::kInputName, conv});
        description.populations.push_back(population);
        return pysnn::SpikingNetwork(description);
    };
    CHECK(network_with({1, 1}, 1) == network_with({1, 1}, 1));
    CHECK(network_with({2, 1}, 1) != network_with({1, 1}, 1));
    CHECK(network_with({1, 2}, 1) != network_with({1, 1}, 1));
    CHECK(network_with({1, 1}, 2) != network_with({1, 1}, 1));
}
