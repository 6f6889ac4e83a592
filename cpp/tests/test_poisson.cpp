// Poisson spikes are those of the counted generator.
#include <doctest/doctest.h>

#include <array>
#include <pysnn/input.hpp>
#include <vector>

#include "philox.hpp"

TEST_CASE("the generator of this test gives the published vectors of Philox4x32-10") {
    CHECK(philox({0, 0, 0, 0}, {0, 0}) ==
          std::array<std::uint32_t, 4>{0x6627E8D5U, 0xE169C58DU, 0xBC57AC4CU, 0x9B00DBD8U});
    CHECK(
        philox({0xFFFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFU}, {0xFFFFFFFFU, 0xFFFFFFFFU}) ==
        std::array<std::uint32_t, 4>{0x408F276DU, 0x41C83B0EU, 0xA20BC7C6U, 0x6D5451FDU});
    CHECK(
        philox({0x243F6A88U, 0x85A308D3U, 0x13198A2EU, 0x03707344U}, {0xA4093822U, 0x299F31D0U}) ==
        std::array<std::uint32_t, 4>{0xD16CFE09U, 0x94FDCCEBU, 0x5001E420U, 0x24126EA1U});
}

TEST_CASE("spikes follow the counters that the documentation names") {
    constexpr std::int64_t kInputs = 131;
    constexpr std::int64_t kSteps = 10;
    std::vector<float> x(kInputs);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = static_cast<float>(i) / 130.0F;
    }
    pysnn::PoissonOptions options;
    options.seed = 0x0123456789ABCDEFU;
    options.sample_ids = {0xFEDCBA9876543210U};
    options.first_step = 5;
    std::vector<std::uint8_t> spikes(static_cast<std::size_t>(kSteps * kInputs));
    pysnn::poisson_spikes(x.data(), 1, kInputs, kSteps, options, spikes.data());
    for (std::int64_t t = 0; t < kSteps; ++t) {
        for (std::int64_t i = 0; i < kInputs; ++i) {
            const std::int64_t step = options.first_step + t;
            const auto words =
                philox({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(step / 4),
                        0x76543210U, 0xFEDCBA98U},
                       {0x89ABCDEFU, 0x01234567U});
            const double bound = static_cast<double>(x[static_cast<std::size_t>(i)]) * 4294967296.0;
            const bool expected =
                static_cast<double>(words[static_cast<std::size_t>(step % 4)]) < bound;
            REQUIRE(spikes[static_cast<std::size_t>(t * kInputs + i)] == (expected ? 1 : 0));
        }
    }
}
