// Convolutions of narrow pixels by tables, and shortcuts on the way into membranes.

#include <doctest/doctest.h>

#include <vector>

#include "compare.hpp"
#include "compiled.hpp"
#include "network_builder.hpp"

namespace {

using pysnn::detail::ConvWeights;
using Pair = NetworkBuilder::Pair;

bool has_tables(const pysnn::SpikingNetwork& network, std::int64_t population) {
    return !weights_of<ConvWeights>(network, population).pixel_tables.empty();
}

}  // namespace

TEST_CASE("tables of pixels of any number of channels, onto any number, equal the reference") {
    int num_tables = 0;
    unsigned seed = 0;
    for (const std::int64_t in_channels : {9, 10, 11, 12, 13, 15, 16, 17}) {
        for (const std::int64_t out_channels : {3, 16, 20, 32, 40}) {
            for (const pysnn::Precision precision : kPrecisions) {
                const NeuronKind& kind = kNeuronKinds[++seed % kNeuronKinds.size()];
                NetworkBuilder builder(seed, {in_channels, 4, 7}, precision);
                builder.add("out", kind,
                            {builder.conv("input", out_channels, {3, 3},
                                          {1 + seed % 2, 1 + seed / 2 % 2}, {1, 1})});
                const pysnn::SpikingNetwork network = builder.build();
                if (!has_tables(network, 0)) {
                    continue;
                }
                ++num_tables;
                INFO(in_channels, " to ", out_channels, " channels, ", kind.name, ", int16 ",
                     precision == pysnn::Precision::Int16);
                check_equals_reference(network, given_input(network, 2, 9, 0.2));
            }
        }
    }
    CHECK(num_tables > 20);
}

TEST_CASE("tables of pixels equal the reference for any stride and padding") {
    struct Geometry {
        Pair stride;
        pysnn::Padding padding;
    };
    const std::vector<Geometry> geometries{
        {{1, 1}, {0, 0}}, {{2, 2}, {1, 1}},       {{1, 2}, {0, 1, 1, 4}}, {{2, 1}, {2, 0}},
        {{3, 5}, {1, 1}}, {{1, 1}, {0, 2, 1, 0}}, {{1, 1}, {5, 0, 0, 4}}, {{2, 3}, {0, 0}},
    };
    for (std::size_t i = 0; i < geometries.size(); ++i) {
        for (const NeuronKind& kind : {kNeuronKinds[i % 4], kOtherKinds[i % kOtherKinds.size()]}) {
            const pysnn::Precision precision = kPrecisions[i / 4 % 2];
            INFO("geometry ", i, ", ", kind.name);
            NetworkBuilder builder(static_cast<unsigned>(i), {3, 5, 9}, precision);
            builder.add("source", kind, {builder.conv("input", 14, {1, 1})});
            builder.add(
                "out", kind,
                {builder.conv("source", 12, {3, 3}, geometries[i].stride, geometries[i].padding)});
            const pysnn::SpikingNetwork network = builder.build();
            REQUIRE(has_tables(network, 1));
            check_equals_reference(network, drawn_input(network, 2, 12, 0.8));
        }
    }
}

TEST_CASE("tables of pixels equal the reference whatever the steps of a chunk") {
    NetworkBuilder builder(3, {16, 3, 5}, pysnn::Precision::Float32);
    builder.add("first", kNeuronKinds[2], {builder.conv("input", 16, {3, 3}, {1, 1}, {1, 1})});
    builder.add("second", kNeuronKinds[2],
                {builder.conv("first", 16, {3, 3}, {1, 1}, {1, 1}), builder.identity("first")});
    const pysnn::SpikingNetwork network = builder.build();
    for (const std::int64_t num_steps : {1, 3, 4, 7, 31, 32, 33, 64, 65, 127, 128, 129, 300}) {
        INFO(num_steps, " steps");
        check_equals_reference(network, given_input(network, 1, num_steps, 0.15));
    }
}

TEST_CASE("shortcuts of any channels and strides beside a convolution equal the reference") {
    unsigned seed = 0;
    for (const std::int64_t channels : {6, 16, 32, 40, 64, 66}) {
        for (const std::int64_t stride : {1, 2}) {
            for (const NeuronKind& kind :
                 {kNeuronKinds[2], kNeuronKinds[1], kOtherKinds[0], kOtherKinds[3]}) {
                const pysnn::Precision precision = kPrecisions[++seed % 2];
                const std::int64_t wider = stride == 1 ? channels : 2 * channels;
                INFO(channels, " channels, stride ", stride, ", ", kind.name, ", int16 ",
                     precision == pysnn::Precision::Int16);
                NetworkBuilder builder(seed, {3, 5, 6}, precision);
                builder.add("source", kind, {builder.conv("input", channels, {1, 1})});
                builder.add(
                    "sum", kind,
                    {builder.conv("source", wider, {3, 3}, {stride, stride}, {1, 1}),
                     builder.identity("source", wider, (wider - channels) / 2, {stride, stride})});
                const pysnn::SpikingNetwork network = builder.build();
                check_equals_reference(network, drawn_input(network, 3, 10, 0.8));
                check_equals_reference(network, drawn_input(network, 2, 2, 0.8));
            }
        }
    }
}

TEST_CASE("constant currents into tiles equal the reference") {
    unsigned seed = 0;
    for (const std::int64_t channels : {1, 8, 16, 20, 32, 64, 70}) {
        for (const NeuronKind& kind : {kNeuronKinds[0], kNeuronKinds[3], kOtherKinds[0]}) {
            INFO(channels, " channels, ", kind.name);
            ++seed;
            NetworkBuilder builder(seed, {3, 4, 5}, kPrecisions[seed % 2]);
            builder.add("first", kind, {builder.conv("input", channels, {3, 3}, {1, 1}, {1, 1})});
            builder.add("second", kNeuronKinds[2], {builder.linear("first", 5)});
            const pysnn::SpikingNetwork network = builder.build();
            check_equals_reference(network,
                                   drawn_input(network, 3, 20, 0.9, 1, pysnn::Encoding::Constant));
        }
    }
}
