// Model files from C++.
#include <doctest/doctest.h>

#include "networks.hpp"

TEST_CASE("a spiking network survives its own bytes") {
    const pysnn::SpikingNetwork network = mixed_network(3);
    const std::string bytes = pysnn::to_bytes(network);
    const pysnn::Model model = pysnn::model_from_bytes(bytes);
    REQUIRE(std::holds_alternative<pysnn::SpikingNetwork>(model));
    CHECK(std::get<pysnn::SpikingNetwork>(model) == network);
    CHECK(pysnn::to_bytes(std::get<pysnn::SpikingNetwork>(model)) == bytes);
}

TEST_CASE("bytes that end early are an error and nothing worse") {
    const std::string bytes = pysnn::to_bytes(mixed_network(3));
    for (std::size_t size = 0; size < bytes.size(); size += size < 4096 ? 1 : 997) {
        CHECK_THROWS_AS(pysnn::model_from_bytes(std::string_view(bytes).substr(0, size)),
                        pysnn::ModelFileError);
    }
}
