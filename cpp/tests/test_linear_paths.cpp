// Linear projections, each way that the core takes through them.

#include <doctest/doctest.h>

#include <vector>

#include "compare.hpp"
#include "compiled.hpp"
#include "network_builder.hpp"

namespace {

using pysnn::detail::LinearWeights;

}  // namespace

TEST_CASE("Linear onto any number of neurons equals the reference") {
    const std::vector<std::int64_t> widths{1,  2,  15, 16, 17,  31,  32,  33,  48,  49,  63, 64,
                                           65, 80, 95, 96, 112, 127, 128, 129, 145, 161, 200};
    for (std::size_t i = 0; i < widths.size(); ++i) {
        for (const pysnn::Precision precision : kPrecisions) {
            const NeuronKind& kind = kNeuronKinds[i % kNeuronKinds.size()];
            INFO(widths[i], " neurons, ", kind.name, ", int16 ",
                 precision == pysnn::Precision::Int16);
            NetworkBuilder builder(static_cast<unsigned>(i), {37}, precision);
            builder.add("wide", kind, {builder.linear("input", widths[i])});
            builder.add("out", kNeuronKinds[(i / 2 + 1) % kNeuronKinds.size()],
                        {builder.linear("wide", 9)});
            const pysnn::SpikingNetwork network = builder.build();
            check_equals_reference(network, drawn_input(network, 3, 21, 0.8));
            check_equals_reference(network, given_input(network, 3, 21, 0.4));
        }
    }
}

TEST_CASE("Linear in several row blocks equals the reference from the input and from neurons") {
    for (const NeuronKind& kind : kNeuronKinds) {
        for (const pysnn::Precision precision : kPrecisions) {
            INFO(kind.name, ", int16 ", precision == pysnn::Precision::Int16);
            NetworkBuilder builder(3, {2600}, precision);
            builder.add("narrow", kind, {builder.linear("input", 70)});
            builder.add("wide", kind, {builder.linear("narrow", 1345)});
            builder.add("out", kind, {builder.linear("wide", 70)});
            const pysnn::SpikingNetwork network = builder.build();
            REQUIRE(weights_of<LinearWeights>(network, 0).blocks.size() == 3);
            REQUIRE(weights_of<LinearWeights>(network, 2).blocks.size() == 2);
            check_active_and_equal(network, drawn_input(network, 9, 12, 0.7));
            check_active_and_equal(network, given_input(network, 9, 12, 0.6));
            check_equals_reference(network, drawn_input(network, 2, 5, 0.7));
        }
    }
}

TEST_CASE("Linear that reads rows of an image in several blocks equals the reference") {
    for (const pysnn::Precision precision : kPrecisions) {
        NetworkBuilder builder(4, {5, 14, 29}, precision);
        builder.add("image", kNeuronKinds[0], {builder.conv("input", 65, {3, 3}, {1, 2})});
        builder.add("both", kNeuronKinds[1],
                    {builder.linear("image", 33), builder.linear("input", 33)});
        const pysnn::SpikingNetwork network = builder.build();
        // The input's Linear goes first, whatever the order in the description.
        REQUIRE(weights_of<LinearWeights>(network, 1, 0).blocks.size() == 3);
        REQUIRE(weights_of<LinearWeights>(network, 1, 1).blocks.size() > 10);
        check_active_and_equal(network, drawn_input(network, 3, 10, 0.6));
        check_active_and_equal(network, given_input(network, 3, 10, 0.3));
    }
}

TEST_CASE("inputs of every probability equal the reference with and without a baseline") {
    for (const pysnn::Precision precision : kPrecisions) {
        NetworkBuilder builder(5, {1410}, precision);
        builder.add("hidden", kNeuronKinds[0], {builder.linear("input", 97)});
        builder.add("out", kNeuronKinds[2], {builder.linear("hidden", 5)});
        const pysnn::SpikingNetwork network = builder.build();
        REQUIRE(weights_of<LinearWeights>(network, 0).blocks.size() == 2);
        for (const float probability : {0.0F, 0.01F, 0.5F, 0.500001F, 0.99F, 1.0F}) {
            for (const std::int64_t num_steps : {7, 8, 20}) {
                INFO("probability ", probability);
                check_equals_reference(network, uniform_input(network, 2, num_steps, probability));
            }
        }
        for (const double density : {0.0, 0.5, 0.97, 1.0}) {
            for (const std::int64_t num_steps : {7, 8, 20}) {
                INFO("density ", density);
                check_equals_reference(network, given_input(network, 2, num_steps, density));
            }
        }
    }
}

TEST_CASE("any number of steps equals the reference, chunks of 128 and what is left of them") {
    for (const std::int64_t num_steps : {1, 2, 3, 4, 5, 6, 9, 10, 63, 64, 65, 127, 128, 129, 260}) {
        NetworkBuilder builder(6, {45}, kPrecisions[static_cast<std::size_t>(num_steps) % 2]);
        builder.add("hidden", kNeuronKinds[0], {builder.linear("input", 70)});
        builder.add("second", kNeuronKinds[1], {builder.linear("hidden", 50)});
        builder.add("out", kNeuronKinds[0],
                    {builder.linear("second", 10), builder.linear("hidden", 10)});
        const pysnn::SpikingNetwork network = builder.build();
        check_equals_reference(network, drawn_input(network, 2, num_steps, 0.8));
        check_equals_reference(network, given_input(network, 2, num_steps, 0.5));
    }
}

TEST_CASE("Linear onto images equals the reference whatever words their pixels share") {
    const std::vector<pysnn::Shape> shapes{{1, 7, 9},  {3, 5, 6},  {16, 3, 5},
                                           {17, 4, 1}, {33, 2, 4}, {63, 2, 2},
                                           {64, 2, 3}, {65, 2, 2}, {130, 1, 2}};
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        for (const pysnn::Precision precision : kPrecisions) {
            const NeuronKind& kind = kNeuronKinds[i % kNeuronKinds.size()];
            INFO(shapes[i][0], " channels, ", kind.name, ", int16 ",
                 precision == pysnn::Precision::Int16);
            const std::int64_t size = pysnn::num_elements(shapes[i]);
            NetworkBuilder builder(static_cast<unsigned>(i), {30}, precision);
            builder.add("image", kind, {builder.linear("input", size)}, shapes[i]);
            builder.add("conv", kNeuronKinds[1], {builder.conv("image", 5, {1, 1})});
            builder.add("again", kind,
                        {builder.linear("conv", size), builder.linear("image", size)}, shapes[i]);
            const pysnn::SpikingNetwork network = builder.build();
            check_equals_reference(network, drawn_input(network, 2, 15, 0.8));
            check_equals_reference(network, given_input(network, 2, 15, 0.5));
        }
    }
}

TEST_CASE("samples that share a pass over the weights equal the reference") {
    NetworkBuilder builder(8, {1300}, pysnn::Precision::Float32);
    builder.add("hidden", kNeuronKinds[0], {builder.linear("input", 20)});
    builder.add("image", kNeuronKinds[2], {builder.linear("hidden", 48)}, {3, 4, 4});
    builder.add("out", kNeuronKinds[1], {builder.linear("image", 6), builder.linear("input", 6)});
    const pysnn::SpikingNetwork network = builder.build();
    for (const std::int64_t num_samples : {1, 7, 61}) {
        check_equals_reference(network, drawn_input(network, num_samples, 12, 0.7));
        check_equals_reference(network, given_input(network, num_samples, 12, 0.4));
    }
}
