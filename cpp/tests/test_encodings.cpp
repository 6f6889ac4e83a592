// Evenly spaced spikes and constant currents, through every kind of projection.

#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <vector>

#include "compare.hpp"
#include "network_builder.hpp"
#include "networks.hpp"

namespace {

constexpr std::array<pysnn::Encoding, 2> kNoiseless{pysnn::Encoding::Regular,
                                                    pysnn::Encoding::Constant};

}  // namespace

TEST_CASE("input without chance equals the reference in networks of every kind") {
    for (const pysnn::Encoding encoding : kNoiseless) {
        INFO("constant ", encoding == pysnn::Encoding::Constant);
        for (unsigned seed = 0; seed < 3; ++seed) {
            const pysnn::SpikingNetwork network = mixed_network(seed);
            check_equals_reference(network, drawn_input(network, 3, 150, 0.5, seed, encoding));
        }
    }
}

TEST_CASE("constant current reaches populations with and without other sources") {
    for (const NeuronKind& kind : kNeuronKinds) {
        for (const pysnn::Precision precision : kPrecisions) {
            INFO(kind.name, ", int16 ", precision == pysnn::Precision::Int16);
            NetworkBuilder builder(3, {2, 8, 9}, precision);
            builder.add("conv", kind, {builder.conv("input", 17, {3, 2}, {2, 1}, {1, 0})});
            builder.add("pool", kind, {NetworkBuilder::pool("input", {2, 3}, {2, 3})});
            builder.add("fused", kind, {NetworkBuilder::pool("conv", {2, 2}, {2, 2})});
            builder.add("flat", kind, {builder.linear("input", 130)});
            // The input last, between and first.
            builder.add("joined", kind,
                        {builder.linear("flat", 70), builder.linear("fused", 70),
                         builder.linear("input", 70)});
            builder.add("image", kind,
                        {builder.conv("conv", 5, {2, 2}), builder.conv("input", 5, {6, 3})},
                        {5, 3, 7});
            builder.add("out", kind,
                        {builder.linear("input", 9), builder.linear("joined", 9),
                         builder.linear("image", 9), builder.linear("pool", 9)});
            const pysnn::SpikingNetwork network = builder.build();
            check_equals_reference(network,
                                   drawn_input(network, 3, 40, 0.6, 2, pysnn::Encoding::Constant));
            check_equals_reference(network,
                                   drawn_input(network, 3, 40, 0.6, 2, pysnn::Encoding::Regular));
        }
    }
}

TEST_CASE("a simulation takes the encoding of its network unless it is told another") {
    for (const pysnn::Encoding encoding : kNoiseless) {
        const pysnn::SpikingNetwork plain = mixed_network(1);
        pysnn::SpikingNetworkDescription description = plain.description();
        description.encoding = encoding;
        const pysnn::SpikingNetwork network(description);
        const std::vector<float> x(static_cast<std::size_t>(network.num_inputs()), 0.7F);
        const auto spikes = [&](const pysnn::SpikingNetwork& of,
                                std::optional<pysnn::Encoding> given) {
            pysnn::SimulationOptions options;
            options.encoding = given;
            return simulate(of, x.data(), 1, options).num_spikes;
        };
        CHECK(spikes(network, std::nullopt) == spikes(plain, encoding));
        CHECK(spikes(network, pysnn::Encoding::Poisson) == spikes(plain, std::nullopt));
        CHECK(spikes(network, std::nullopt) != spikes(plain, std::nullopt));
        CHECK(pysnn::pack(network).packed_for() == encoding);
    }
}
