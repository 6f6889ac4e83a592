// Convolutions, each way that the core takes through them.

#include <doctest/doctest.h>

#include <set>
#include <vector>

#include "compare.hpp"
#include "compiled.hpp"
#include "network_builder.hpp"

namespace {

using pysnn::detail::ConvWeights;

struct Geometry {
    pysnn::Shape input;
    NetworkBuilder::Pair kernel;
    NetworkBuilder::Pair stride;
    pysnn::Padding padding;
};

}  // namespace

TEST_CASE("Conv2d from and onto any number of channels equals the reference") {
    const std::vector<std::int64_t> channels{1,  2,  3,  12, 16,  17,  33,
                                             63, 64, 65, 96, 128, 130, 200};
    for (std::size_t i = 0; i < channels.size(); ++i) {
        for (const pysnn::Precision precision : kPrecisions) {
            const NeuronKind& kind = kNeuronKinds[i % kNeuronKinds.size()];
            const std::int64_t first = channels[(i + 5) % channels.size()];
            const std::int64_t second = channels[(i + 9) % channels.size()];
            INFO(channels[i], " to ", first, " to ", second, " channels, ", kind.name, ", int16 ",
                 precision == pysnn::Precision::Int16);
            NetworkBuilder builder(static_cast<unsigned>(i), {channels[i], 3, 5}, precision);
            builder.add("first", kind, {builder.conv("input", first, {2, 3}, {1, 1}, {1, 1})});
            builder.add("second", kNeuronKinds[(i / 3) % kNeuronKinds.size()],
                        {builder.conv("first", second, {3, 2}, {1, 1}, {0, 1})});
            const pysnn::SpikingNetwork network = builder.build();
            check_equals_reference(network, drawn_input(network, 2, 9, 0.6));
            check_equals_reference(network, given_input(network, 1, 9, 0.1));
        }
    }
}

TEST_CASE("Conv2d of any kernel, stride and padding equals the reference") {
    const std::vector<Geometry> geometries{
        {{2, 6, 7}, {1, 1}, {1, 1}, {0, 0}},        {{2, 6, 7}, {5, 1}, {1, 1}, {0, 0}},
        {{2, 6, 7}, {1, 5}, {1, 1}, {0, 2}},        {{3, 5, 8}, {3, 3}, {2, 1}, {1, 1}},
        {{3, 5, 8}, {2, 4}, {1, 3}, {0, 1}},        {{1, 9, 9}, {2, 2}, {4, 4}, {0, 0}},
        {{2, 3, 4}, {2, 2}, {1, 1}, {4, 5}},        {{5, 4, 3}, {3, 7}, {1, 1}, {1, 2}},
        {{5, 2, 9}, {6, 2}, {1, 2}, {2, 0}},        {{64, 3, 4}, {2, 3}, {2, 2}, {3, 3}},
        {{66, 4, 3}, {3, 5}, {1, 1}, {1, 1}},       {{20, 1, 30}, {1, 4}, {1, 3}, {0, 0}},
        {{7, 30, 1}, {4, 1}, {3, 1}, {0, 0}},       {{1, 1, 1}, {1, 1}, {3, 3}, {1, 1}},
        {{64, 5, 1}, {3, 1}, {1, 1}, {1, 0}},       {{63, 3, 4}, {3, 3}, {1, 1}, {1, 1}},
        {{2, 4, 5}, {10, 11}, {1, 1}, {3, 3}},      {{3, 6, 7}, {3, 3}, {1, 1}, {0, 2, 1, 0}},
        {{64, 4, 5}, {3, 2}, {2, 1}, {3, 0, 0, 4}}, {{2, 5, 6}, {4, 5}, {1, 2}, {1, 5, 2, 3}},
    };
    for (std::size_t i = 0; i < geometries.size(); ++i) {
        for (const pysnn::Precision precision : kPrecisions) {
            const Geometry& geometry = geometries[i];
            const NeuronKind& kind = kNeuronKinds[i % kNeuronKinds.size()];
            INFO("geometry ", i, ", ", kind.name, ", int16 ", precision == pysnn::Precision::Int16);
            NetworkBuilder builder(static_cast<unsigned>(i), geometry.input, precision);
            builder.add("spread", kNeuronKinds[0],
                        {builder.conv("input", geometry.input[0], {1, 1})});
            builder.add(
                "few", kind,
                {builder.conv("input", 6, geometry.kernel, geometry.stride, geometry.padding)});
            builder.add(
                "many", kNeuronKinds[(i + 1) % kNeuronKinds.size()],
                {builder.conv("spread", 70, geometry.kernel, geometry.stride, geometry.padding)});
            const pysnn::SpikingNetwork network = builder.build();
            check_equals_reference(network, drawn_input(network, 2, 11, 0.7));
            check_equals_reference(network, given_input(network, 2, 11, 0.15));
        }
    }
}

TEST_CASE("Conv2d in blocks of channels and of kernel rows equals the reference") {
    struct Case {
        std::int64_t channels;
        NetworkBuilder::Pair kernel;
        std::size_t num_blocks;
    };
    const std::vector<Case> cases{
        {130, {3, 3}, 2},  // channels
        {40, {7, 7}, 3},   // kernel rows
        {128, {5, 5}, 4},  // both
        {200, {1, 3}, 1},  // neither
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        for (const pysnn::Precision precision : kPrecisions) {
            for (const std::size_t kind : {i % 2, 2 + i % 2}) {
                INFO(cases[i].channels, " channels, ", kNeuronKinds[kind].name, ", int16 ",
                     precision == pysnn::Precision::Int16);
                NetworkBuilder builder(static_cast<unsigned>(i), {2, 6, 8}, precision);
                builder.add("source", kNeuronKinds[0],
                            {builder.conv("input", cases[i].channels, {1, 1})});
                builder.add("blocks", kNeuronKinds[kind],
                            {builder.conv("source", 70, cases[i].kernel, {1, 1}, {2, 1})});
                builder.add("small", kNeuronKinds[kind],
                            {builder.conv("source", 3, cases[i].kernel, {1, 2}, {1, 1})});
                const pysnn::SpikingNetwork network = builder.build();
                REQUIRE(weights_of<ConvWeights>(network, 1).blocks.size() == cases[i].num_blocks);
                check_active_and_equal(network, drawn_input(network, 5, 8, 0.6));
                check_equals_reference(network, given_input(network, 2, 8, 0.1));
            }
        }
    }
}

TEST_CASE("Conv2d over images too tall for one list equals the reference") {
    struct Case {
        Geometry geometry;
        std::int64_t out_channels;
    };
    const std::vector<Case> cases{
        {{{64, 400, 3}, {3, 3}, {1, 1}, {1, 0}}, 3},
        {{{33, 900, 5}, {2, 5}, {2, 1}, {0, 0}}, 20},
        {{{130, 500, 3}, {4, 3}, {3, 1}, {2, 0}}, 2},
        {{{3, 5500, 5}, {9, 5}, {7, 1}, {0, 0}}, 65},
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Geometry& geometry = cases[i].geometry;
        INFO(geometry.input[1], " rows");
        NetworkBuilder builder(static_cast<unsigned>(i), geometry.input, kPrecisions[i % 2]);
        builder.add("out", kNeuronKinds[i % kNeuronKinds.size()],
                    {builder.conv("input", cases[i].out_channels, geometry.kernel, geometry.stride,
                                  geometry.padding)});
        const pysnn::SpikingNetwork network = builder.build();
        const pysnn::detail::ConvBlock& block = weights_of<ConvWeights>(network, 0).blocks.front();
        REQUIRE(geometry.input[1] * block.ids_per_row > 65536);
        check_active_and_equal(network, given_input(network, 2, 6, 0.02));
    }
}

TEST_CASE("kernel rows with more inputs than an event can name equal the reference") {
    for (const std::int64_t channels : {63, 64}) {
        NetworkBuilder builder(1, {channels, 2, 1100},
                               kPrecisions[static_cast<std::size_t>(channels) % 2]);
        builder.add("out", kNeuronKinds[2], {builder.conv("input", 5, {2, 1090}, {1, 3}, {1, 4})});
        const pysnn::SpikingNetwork network = builder.build();
        REQUIRE(weights_of<ConvWeights>(network, 0).blocks.back().first_kernel_column > 0);
        check_active_and_equal(network, given_input(network, 1, 8, 0.05));
    }
}

TEST_CASE("tables of subset sums and the gathers that replace them equal the reference") {
    std::set<std::int64_t> columns;
    bool several_parts = false;
    bool several_tiles = false;
    bool gathered = false;
    unsigned seed = 0;
    for (const NetworkBuilder::Pair kernel :
         {NetworkBuilder::Pair{1, 4}, {2, 12}, {3, 3}, {5, 5}, {7, 4}, {7, 5}, {4, 9}, {9, 2}}) {
        for (const std::int64_t in_channels : {1, 2, 3, 4}) {
            for (const std::int64_t out_channels : {3, 12, 20, 40, 64, 65, 130}) {
                const NeuronKind& kind = kNeuronKinds[++seed % kNeuronKinds.size()];
                NetworkBuilder builder(seed, {in_channels, 8, 15}, kPrecisions[seed / 2 % 2]);
                builder.add("out", kind,
                            {builder.conv("input", out_channels, kernel, {1, 1 + seed % 2},
                                          {seed % 3 + 1, (seed + 1) % 2})});
                const pysnn::SpikingNetwork network = builder.build();
                const pysnn::detail::SubsetTables& tables =
                    weights_of<ConvWeights>(network, 0).tables;
                if (tables.columns == 0) {
                    continue;
                }
                columns.insert(tables.columns);
                several_parts = several_parts || tables.num_parts > 1;
                several_tiles = several_tiles || out_channels > 64;
                // With fewer lookups tables serve even where hardly anything spikes.
                gathered = gathered || kernel[0] * tables.num_parts > 8;
                INFO(in_channels, " to ", out_channels, " channels, kernel of ", kernel[0], ", ",
                     kernel[1], ", ", tables.columns, " columns, ", kind.name);
                check_equals_reference(network, given_input(network, 1, 9, 0.6));
                check_equals_reference(network, given_input(network, 1, 9, 0.01));
                check_equals_reference(network, drawn_input(network, 1, 9, 0.9));
            }
        }
    }
    CHECK(columns.count(1) + columns.count(2) == 2);
    CHECK(several_parts);
    CHECK(several_tiles);
    CHECK(gathered);
}

TEST_CASE("tables equal the reference whatever the image leaves of their columns and rows") {
    for (std::int64_t size = 5; size < 14; ++size) {
        NetworkBuilder builder(static_cast<unsigned>(size), {1, 18 - size, size},
                               pysnn::Precision::Float32);
        builder.add("four", kNeuronKinds[0], {builder.conv("input", 12, {1, 4})});
        builder.add("two", kNeuronKinds[0], {builder.conv("input", 12, {5, 5})});
        builder.add("pooled", kNeuronKinds[0],
                    {NetworkBuilder::pool("two", {14 - size, 1}, {14 - size, 1})});
        builder.add("stepping", kNeuronKinds[3],
                    {builder.conv("input", 16, {2, 5}, {2, 2}, {3, 4})});
        const pysnn::SpikingNetwork network = builder.build();
        REQUIRE(weights_of<ConvWeights>(network, 0).tables.columns == 4);
        REQUIRE(weights_of<ConvWeights>(network, 1).tables.columns == 2);
        REQUIRE(weights_of<ConvWeights>(network, 3).tables.columns > 1);
        for (const double density : {0.005, 0.8}) {
            check_equals_reference(network, given_input(network, 3, 140, density));
        }
    }
}

TEST_CASE("samples that share a pass over a convolution's weights equal the reference") {
    for (const std::int64_t channels : {20, 130}) {
        NetworkBuilder builder(1, {2, 5, 6}, pysnn::Precision::Float32);
        builder.add("first", kNeuronKinds[0], {builder.conv("input", channels, {2, 2})});
        // More weights than stay near, so that samples take turns tile by tile.
        builder.add("second", kNeuronKinds[0],
                    {builder.conv("first", 200, {4, 4}, {1, 1}, {1, 1})});
        const pysnn::SpikingNetwork network = builder.build();
        check_active_and_equal(network, given_input(network, 13, 6, 0.4));
        check_equals_reference(network, given_input(network, 13, 6, 0.02));
    }
}
