// Networks of signed, bipolar, leaky and readout neurons, max pools and shortcuts, against the
// reference.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "compare.hpp"
#include "compiled.hpp"
#include "network_builder.hpp"

namespace {

using Pair = NetworkBuilder::Pair;

void check_all_encodings(const pysnn::SpikingNetwork& network, std::int64_t num_steps) {
    check_equals_reference(network, drawn_input(network, 2, num_steps, 0.6));
    check_equals_reference(network, given_input(network, 2, num_steps, 0.3));
    check_equals_reference(network,
                           drawn_input(network, 2, num_steps, 0.6, 1, pysnn::Encoding::Constant));
}

}  // namespace

TEST_CASE("convolutions and Linears between neurons of every model equal the reference") {
    for (const NeuronKind& kind : kOtherKinds) {
        for (const pysnn::Precision precision : kPrecisions) {
            // Both signs in one word, in a word each, in several.
            for (const std::int64_t channels : {3, 20, 32, 33, 64, 70}) {
                INFO(kind.name, ", ", channels, " channels, int16 ",
                     precision == pysnn::Precision::Int16);
                NetworkBuilder builder(static_cast<unsigned>(channels), {2, 6, 7}, precision);
                builder.add("first", kind,
                            {builder.conv("input", channels, {3, 3}, {1, 1}, {1, 1})});
                builder.add("second", kind, {builder.conv("first", 9, {2, 3}, {1, 2}, {1, 0})});
                builder.add(
                    "hidden", kind,
                    {builder.linear("second", channels), builder.linear("first", channels)});
                builder.add("out", kReadout, {builder.linear("hidden", 5)});
                check_all_encodings(builder.build(), 21);
            }
        }
    }
}

TEST_CASE("negative spikes are sent, and none beyond what was sent before") {
    NetworkBuilder builder(3, {40}, pysnn::Precision::Float32);
    builder.add("signed", kOtherKinds[0], {builder.linear("input", 50)});
    builder.add("bipolar", kOtherKinds[2], {builder.linear("signed", 30)});
    const pysnn::SpikingNetwork network = builder.build();
    const TestInput input = given_input(network, 3, 300, 0.4);
    check_active_and_equal(network, input);
    pysnn::SimulationOptions options;
    options.record.spikes = {"signed", "bipolar"};
    options.record.counts = {"signed", "bipolar"};
    const pysnn::SimulationResult result =
        pysnn::simulate_spikes(network, input.spikes.data(), 300, 3, options);
    for (const pysnn::PopulationRecord& record : result.records) {
        CHECK(std::count(record.spikes.begin(), record.spikes.end(), -1) > 100);
    }
    CHECK(*std::min_element(result.records[0].counts.begin(), result.records[0].counts.end()) == 0);
    CHECK(*std::min_element(result.records[1].counts.begin(), result.records[1].counts.end()) < 0);
}

TEST_CASE("convolutions by tables from and to signed neurons equal the reference") {
    for (const std::int64_t channels : {1, 2, 12, 16, 33}) {
        INFO(channels, " channels");
        NetworkBuilder builder(static_cast<unsigned>(channels), {1, 11, 12},
                               pysnn::Precision::Float32);
        builder.add("first", kOtherKinds[0], {builder.conv("input", channels, {5, 5})});
        builder.add("second", kOtherKinds[0], {builder.conv("first", 20, {4, 4})});
        builder.add("out", kOtherKinds[1], {builder.linear("second", 6)});
        const pysnn::SpikingNetwork network = builder.build();
        CHECK(weights_of<pysnn::detail::ConvWeights>(network, 0).tables.columns > 0);
        CHECK((weights_of<pysnn::detail::ConvWeights>(network, 1).tables.columns > 0) ==
              (channels <= 2));
        check_all_encodings(network, 30);
        check_equals_reference(network, given_input(network, 2, 140, 0.8));
    }
}

TEST_CASE(
    "average pools of any window, behind and of neurons of every model, equal the reference") {
    struct Case {
        pysnn::Shape input;
        Pair kernel;
        Pair stride;
        pysnn::Padding padding;
        bool ceil_mode;
        bool count_include_pad;
    };
    const std::vector<Case> cases{
        {{3, 6, 8}, {2, 2}, {2, 2}, {}, false, true},
        {{3, 7, 9}, {2, 2}, {2, 2}, {}, false, true},       // a rest that is left out
        {{3, 7, 9}, {2, 3}, {2, 2}, {}, true, true},        // a rest with windows of its own
        {{3, 7, 9}, {3, 3}, {2, 2}, {1, 1}, false, true},   // overlapping, padded
        {{3, 7, 9}, {3, 3}, {2, 2}, {1, 1}, false, false},  // with divisors of their own
        {{3, 6, 5}, {3, 2}, {1, 2}, {1, 0, 0, 1}, true, false},
        {{3, 4, 4}, {4, 4}, {1, 1}, {}, false, true},  // one window
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        for (const std::int64_t channels : {3, 32, 66}) {
            for (const bool is_signed : {false, true}) {
                INFO("case ", i, ", ", channels, " channels, signed ", is_signed);
                const Case& each = cases[i];
                const NeuronKind& kind = is_signed ? kOtherKinds[0] : kNeuronKinds[0];
                NetworkBuilder builder(
                    static_cast<unsigned>(i), each.input,
                    i % 2 == 0 ? pysnn::Precision::Float32 : pysnn::Precision::Int16);
                pysnn::PoolSynapses pool(each.kernel, each.stride);
                pool.padding = each.padding;
                pool.ceil_mode = each.ceil_mode;
                pool.count_include_pad = each.count_include_pad;
                builder.add("conv", kind, {builder.conv("input", channels, {1, 1})});
                builder.add("pool", kind, {{"conv", pool}});
                builder.add("input pool", kOtherKinds[i % 6], {{"input", pool}});
                builder.add("out", kReadout,
                            {builder.linear("pool", 4), builder.linear("input pool", 4)});
                check_all_encodings(builder.build(), 25);
            }
        }
    }
}

TEST_CASE("max pools of any window over spikes of either sign equal the reference") {
    struct Case {
        pysnn::Shape input;
        Pair kernel;
        Pair stride;
        pysnn::Padding padding;
        Pair dilation;
        bool ceil_mode;
    };
    const std::vector<Case> cases{
        {{2, 6, 8}, {2, 2}, {2, 2}, {}, {1, 1}, false},
        {{2, 7, 9}, {2, 2}, {2, 2}, {}, {1, 1}, true},
        {{2, 7, 9}, {3, 3}, {2, 2}, {1, 1}, {1, 1}, false},
        {{2, 7, 9}, {3, 3}, {1, 1}, {1, 1}, {2, 2}, false},
        {{2, 6, 5}, {3, 2}, {1, 2}, {1, 0, 0, 1}, {1, 1}, true},
        {{2, 4, 4}, {1, 1}, {1, 1}, {}, {1, 1}, false},
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        for (const std::int64_t channels : {3, 32, 66}) {
            for (const NeuronKind* kind : {&kNeuronKinds[2], &kOtherKinds[0], &kOtherKinds[2]}) {
                INFO("case ", i, ", ", channels, " channels of ", kind->name);
                const Case& each = cases[i];
                NetworkBuilder builder(static_cast<unsigned>(i + 1), each.input,
                                       pysnn::Precision::Float32);
                const auto pool = [&](const std::string& source) {
                    return NetworkBuilder::max_pool(source, each.kernel, each.stride, each.padding,
                                                    each.dilation, each.ceil_mode);
                };
                builder.add("conv", *kind, {builder.conv("input", channels, {1, 1})});
                builder.add("pool", kMaxPool, {pool("conv")});
                builder.add("again", kMaxPool, {NetworkBuilder::max_pool("pool", {1, 2}, {1, 1})});
                builder.add("out", *kind, {builder.linear("again", 7)});
                const pysnn::SpikingNetwork network = builder.build();
                CHECK(network.sends_negative(1) == network.sends_negative(0));
                check_all_encodings(network, 20);
                if (channels == 3) {
                    check_equals_reference(network, given_input(network, 2, 150, 0.4));
                }
            }
        }
    }
}

TEST_CASE("shortcuts of any channels, strides and padding equal the reference") {
    for (const pysnn::Precision precision : kPrecisions) {
        for (const std::int64_t channels : {3, 16, 32, 40, 64, 70}) {
            for (const NeuronKind* kind : {&kNeuronKinds[2], &kOtherKinds[0]}) {
                INFO(channels, " channels of ", kind->name);
                NetworkBuilder builder(static_cast<unsigned>(channels), {2, 6, 7}, precision);
                builder.add("first", *kind, {builder.conv("input", channels, {1, 1})});
                builder.add("sum", *kind,
                            {builder.conv("first", channels, {3, 3}, {1, 1}, {1, 1}),
                             builder.identity("first")});
                builder.add("joined", *kind,
                            {builder.identity("sum", channels + 75),
                             builder.identity("first", channels + 75, 75)});
                builder.add("shifted", *kind,
                            {builder.identity("joined", 0, 1, {2, 3}, {0, 1, 2, 0})});
                builder.add("vector", *kind, {builder.linear("shifted", channels)});
                builder.add("behind", *kind,
                            {builder.identity("vector", 2 * channels + 1, channels),
                             builder.linear("input", 2 * channels + 1)});
                builder.add("out", kReadout, {builder.linear("behind", 5)});
                check_all_encodings(builder.build(), 20);
            }
        }
    }
}

TEST_CASE("a shortcut of the input equals the reference") {
    NetworkBuilder builder(4, {5, 6, 7}, pysnn::Precision::Float32);
    builder.add("first", kOtherKinds[0], {builder.identity("input", 70, 60)});
    builder.add("out", kReadout, {builder.linear("first", 5)});
    check_all_encodings(builder.build(), 20);
}
