// The kernels that make words of bits, by themselves: windows, the steps that have some, and draws.

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <vector>

#include "engine/cpu/kernels/kernels.hpp"
#include "philox.hpp"

namespace {

using pysnn::detail::kernels;
using pysnn::detail::kMaxChunk;
using pysnn::detail::kStepWords;

/// A word for each step, a third of them empty.
std::vector<std::uint64_t> drawn_words(std::mt19937_64& random) {
    std::vector<std::uint64_t> words(kMaxChunk);
    for (std::uint64_t& word : words) {
        word = random() % 3 == 0 ? 0 : random();
    }
    return words;
}

bool bit(std::uint64_t word, std::int64_t place) { return (word >> place & 1U) != 0; }

/// The bits of (low, high) from the place `shift` on.
std::uint64_t window(std::uint64_t low, std::uint64_t high, int shift) {
    std::uint64_t word = 0;
    for (int i = 0; i < 64; ++i) {
        const int place = shift + i;
        word |= std::uint64_t{place < 64 ? bit(low, place) : bit(high, place - 64)} << i;
    }
    return word;
}

bool is_occupied(const std::vector<std::uint64_t>& occupied, std::int64_t step) {
    return bit(occupied[static_cast<std::size_t>(step / 64)], step % 64);
}

/// Sets no bit of a step that does not count.
void check_end(const std::vector<std::uint64_t>& occupied, std::int64_t num_steps) {
    for (std::int64_t step = num_steps; step < kMaxChunk; ++step) {
        CHECK_FALSE(is_occupied(occupied, step));
    }
}

constexpr std::int64_t kNumSteps[] = {1, 63, 64, 65, kMaxChunk};

}  // namespace

TEST_CASE("windows are the bits that begin anywhere in two words, where the mask has bits") {
    std::mt19937_64 random(21);
    for (int shift = 0; shift < 64; ++shift) {
        const auto low = drawn_words(random);
        const auto high = drawn_words(random);
        const std::uint64_t mask = random();
        std::vector<std::uint64_t> words(kMaxChunk);
        kernels().window_words(low.data(), high.data(), shift, mask, kMaxChunk, words.data());
        std::vector<std::uint64_t> spread(kMaxChunk);
        kernels().spread_words(low.data(), high.data(), shift, mask, kMaxChunk, spread.data());
        for (std::size_t t = 0; t < words.size(); ++t) {
            const std::uint64_t expected = window(low[t], high[t], shift);
            CHECK(words[t] == (expected & mask));
            std::uint64_t expected_spread = 0;
            int from = 0;
            for (int place = 0; place < 64; ++place) {
                if (bit(mask, place)) {
                    expected_spread |= std::uint64_t{bit(expected, from++)} << place;
                }
            }
            CHECK(spread[t] == expected_spread);
        }
    }
}

TEST_CASE("bytes of windows tell the steps in which they are not 0, whatever bit is set") {
    std::mt19937_64 random(22);
    for (const std::int64_t num_steps : kNumSteps) {
        for (int place = 0; place < 8; ++place) {
            const auto low = drawn_words(random);
            const auto high = drawn_words(random);
            const std::uint64_t mask = place % 2 == 0 ? 0xFFU : std::uint64_t{1} << place;
            const int shift = 7 * place + 8;
            std::vector<std::uint8_t> bytes(kMaxChunk, 0xFF);
            std::vector<std::uint64_t> occupied(kStepWords);
            kernels().window_bytes(low.data(), high.data(), shift, mask, num_steps, bytes.data(),
                                   occupied.data());
            for (std::int64_t step = 0; step < num_steps; ++step) {
                const auto t = static_cast<std::size_t>(step);
                const std::uint64_t expected = window(low[t], high[t], shift) & mask;
                CHECK(bytes[t] == expected);
                CHECK(is_occupied(occupied, step) == (expected != 0));
            }
            check_end(occupied, num_steps);
        }
    }
}

TEST_CASE("steps are occupied in which some window has a bit of the mask") {
    std::mt19937_64 random(23);
    for (const std::int64_t num_steps : kNumSteps) {
        const auto first = drawn_words(random);
        const auto second = drawn_words(random);
        const std::uint64_t* windows[] = {first.data(), second.data()};
        const int shifts[] = {5, 40};
        const std::uint64_t mask = 0x3;
        std::vector<std::uint64_t> occupied(kStepWords);
        kernels().occupied_steps(windows, shifts, 2, mask, num_steps, occupied.data());
        for (std::int64_t step = 0; step < num_steps; ++step) {
            const auto t = static_cast<std::size_t>(step);
            CHECK(is_occupied(occupied, step) == (((first[t] >> 5 | second[t] >> 40) & mask) != 0));
        }
        check_end(occupied, num_steps);
    }
}

TEST_CASE("bits go into two words from any place on, beside those that are there") {
    std::mt19937_64 random(24);
    for (int first = 0; first < 64; ++first) {
        const auto in = drawn_words(random);
        const std::uint64_t mask = random() >> (first % 7 * 8);
        std::vector<std::uint64_t> before(2 * kMaxChunk);
        for (std::uint64_t& word : before) {
            word = random() & random();
        }
        std::vector<std::uint64_t> out = before;
        constexpr int kShift = 3;
        kernels().merge_words(in.data(), kShift, mask, first, kMaxChunk, out.data());
        for (std::size_t t = 0; t < in.size(); ++t) {
            std::uint64_t expected[2] = {before[t], before[t + kMaxChunk]};
            for (int place = 0; place < 64; ++place) {
                const int to = first + place;
                expected[to / 64] |= std::uint64_t{bit(in[t] >> kShift & mask, place)} << to % 64;
            }
            CHECK(out[t] == expected[0]);
            CHECK(out[t + kMaxChunk] == expected[1]);
        }
    }
}

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
        kernels().poisson(arguments, masks);
        for (std::size_t i = 0; i < words.size(); ++i) {
            for (std::size_t word = 0; word < 4; ++word) {
                CHECK((masks[word] >> i & 1U) == (words[i][word] < thresholds[i] ? 1U : 0U));
            }
        }
    }
}
