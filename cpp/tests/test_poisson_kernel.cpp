// The Poisson kernel by itself: bounds that hardly any draw meets.

#include <doctest/doctest.h>

#include <array>
#include <random>

#include "engine/cpu/kernels/kernels.hpp"
#include "philox.hpp"

TEST_CASE("a word below its input's bound is a spike, and one that equals it is none") {
    std::mt19937 random(11);
    std::array<std::uint64_t, 64> inputs{};
    for (std::uint64_t& input : inputs) {
        input = random();
    }
    std::array<std::uint64_t, 64> thresholds{};
    pysnn::detail::PoissonArguments arguments;
    arguments.inputs = inputs.data();
    arguments.thresholds = thresholds.data();
    arguments.seed = 0xFEDCBA9876543210U;
    arguments.sample_id = 0x89ABCDEF01234567U;
    arguments.quad = 0xFFFFFFF0U;
    std::array<std::array<std::uint32_t, 4>, 64> words{};
    for (std::size_t i = 0; i < words.size(); ++i) {
        words[i] = philox(
            {static_cast<std::uint32_t>(inputs[i]), arguments.quad, 0x01234567U, 0x89ABCDEFU},
            {0x76543210U, 0xFEDCBA98U});
    }
    for (std::size_t step = 0; step < 4; ++step) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            thresholds[i] = words[i][step] + (i % 3 == 0 ? 1U : 0U);
        }
        std::uint64_t masks[4] = {};
        pysnn::detail::kernels().poisson(arguments, masks);
        for (std::size_t i = 0; i < words.size(); ++i) {
            for (std::size_t word = 0; word < 4; ++word) {
                CHECK((masks[word] >> i & 1U) == (words[i][word] < thresholds[i] ? 1U : 0U));
            }
        }
    }
}
