// Lists and numbers of the bits of spike masks, in every way that the instruction set at hand has
// of finding them.

#include <doctest/doctest.h>

#include <algorithm>
#include <pysnn/system.hpp>
#include <random>
#include <vector>

#include "engine/cpu/kernels/kernels.hpp"
#include "platform/targets.hpp"

namespace pysnn::detail::avx512 {
extern const Kernels kKernels;
}

namespace {

using pysnn::detail::kernels;
using pysnn::detail::kMaxChunk;
using pysnn::detail::kStepWords;
using pysnn::detail::ListArguments;
using pysnn::detail::WordIds;
using pysnn::detail::WordKernels;

/// The selected kernels, and those that AVX-512 has on machines without VBMI2.
std::vector<WordKernels> all_word_kernels() {
    std::vector<WordKernels> all{kernels().words};
#ifdef PYSNN_X86
    if (pysnn::cpu_target() == "avx512") {
        all.push_back(pysnn::detail::avx512::kKernels.words);
    }
#endif
    return all;
}

/// Words of which some are empty, some full, and some have a few or many bits.
std::vector<std::uint64_t> words_of_all_sorts(std::size_t count, std::mt19937_64& random) {
    std::vector<std::uint64_t> words(count);
    for (std::uint64_t& word : words) {
        switch (random() % 5) {
            case 0:
                word = 0;
                break;
            case 1:
                word = ~std::uint64_t{0};
                break;
            case 2:
                word = random() & random() & random() & random();
                break;
            default:
                word = random() | random();
                break;
        }
    }
    return words;
}

bool bit(std::uint64_t word, std::int64_t place) { return (word >> place & 1U) != 0; }

struct Lists {
    std::vector<std::uint16_t> events;
    std::vector<std::uint32_t> offsets;
    std::vector<std::uint64_t> occupied;

    explicit Lists(ListArguments& arguments)
        : events(static_cast<std::size_t>(
              arguments.num_steps * arguments.num_rows * arguments.words_per_row * 64 + 64)),
          offsets(static_cast<std::size_t>(arguments.num_steps * (arguments.num_rows + 1))),
          occupied(static_cast<std::size_t>(arguments.num_rows * kStepWords)) {
        arguments.events = events.data();
        arguments.offsets = offsets.data();
        arguments.occupied = occupied.data();
    }
};

}  // namespace

TEST_CASE("list_rows names the set bits of each row in each step, in order and without gaps") {
    constexpr std::int64_t kRows = 3;
    constexpr std::int64_t kIdsPerRow = 380;  // rows may share a word's last bits
    constexpr std::int64_t kSteps = 70;
    const std::vector<WordIds> ids{{0, 64}, {64, 1}, {65, 64}, {129, 31}, {160, 33}, {193, 64}};
    const std::int64_t num_words = static_cast<std::int64_t>(ids.size());
    std::mt19937_64 random(3);
    for (const WordKernels& kernels : all_word_kernels()) {
        auto bits = words_of_all_sorts(ids.size() * kRows * kMaxChunk, random);
        std::vector<const std::uint64_t*> words;
        for (std::int64_t i = 0; i < kRows * num_words; ++i) {
            std::uint64_t* word = bits.data() + i * kMaxChunk;
            const int unused = 64 - ids[static_cast<std::size_t>(i % num_words)].count;
            std::transform(word, word + kMaxChunk, word,
                           [&](std::uint64_t all) { return all << unused >> unused; });
            words.push_back(word);
        }
        ListArguments arguments;
        arguments.words = words.data();
        arguments.num_rows = kRows;
        arguments.words_per_row = num_words;
        arguments.ids_per_row = kIdsPerRow;
        arguments.word_ids = ids.data();
        arguments.num_steps = kSteps;
        Lists made(arguments);
        const std::int64_t size = kernels.list_rows(arguments);

        std::vector<std::uint16_t> events;
        for (std::int64_t step = 0; step < kSteps; ++step) {
            for (std::int64_t row = 0; row < kRows; ++row) {
                const std::size_t before = events.size();
                CHECK(arguments.offsets[step * (kRows + 1) + row] == before);
                for (std::int64_t place = 0; place < num_words * 64; ++place) {
                    const auto word = static_cast<std::size_t>(place / 64);
                    if (bit(words[static_cast<std::size_t>(row * num_words) + word][step],
                            place % 64)) {
                        events.push_back(static_cast<std::uint16_t>(row * kIdsPerRow +
                                                                    ids[word].first + place % 64));
                    }
                }
                CHECK(bit(arguments.occupied[row * kStepWords + step / 64], step % 64) ==
                      (events.size() != before));
            }
            CHECK(arguments.offsets[step * (kRows + 1) + kRows] == events.size());
        }
        REQUIRE(size == static_cast<std::int64_t>(events.size()));
        made.events.resize(events.size());
        CHECK(made.events == events);
    }
}

TEST_CASE("list_ids names the bits that are set after flipping") {
    constexpr std::int64_t kWords = 5;
    constexpr std::int64_t kSteps = 65;
    std::mt19937_64 random(4);
    for (const WordKernels& kernels : all_word_kernels()) {
        const auto bits = words_of_all_sorts(kWords * kMaxChunk, random);
        const auto flips = words_of_all_sorts(kWords, random);
        std::vector<const std::uint64_t*> words;
        std::vector<std::uint16_t> ids;
        for (std::int64_t i = 0; i < kWords; ++i) {
            words.push_back(bits.data() + i * kMaxChunk);
        }
        for (std::int64_t i = 0; i < kWords * 64; ++i) {
            ids.push_back(static_cast<std::uint16_t>(random()));
        }
        ListArguments arguments;
        arguments.words = words.data();
        arguments.words_per_row = kWords;
        arguments.ids = ids.data();
        arguments.flips = flips.data();
        arguments.num_steps = kSteps;
        Lists made(arguments);
        const std::int64_t size = kernels.list_ids(arguments);

        std::vector<std::uint16_t> events;
        for (std::int64_t step = 0; step < kSteps; ++step) {
            const std::size_t before = events.size();
            CHECK(arguments.offsets[2 * step] == before);
            for (std::int64_t i = 0; i < kWords * 64; ++i) {
                const auto word = static_cast<std::size_t>(i / 64);
                if (bit(words[word][step] ^ flips[word], i % 64)) {
                    events.push_back(ids[static_cast<std::size_t>(i)]);
                }
            }
            CHECK(arguments.offsets[2 * step + 1] == events.size());
            CHECK(bit(arguments.occupied[step / 64], step % 64) == (events.size() != before));
        }
        REQUIRE(size == static_cast<std::int64_t>(events.size()));
        made.events.resize(events.size());
        CHECK(made.events == events);
    }
}

TEST_CASE("list_steps names the set bits of a chunk") {
    std::mt19937_64 random(5);
    for (const WordKernels& kernels : all_word_kernels()) {
        for (int round = 0; round < 50; ++round) {
            const auto words = words_of_all_sorts(kStepWords, random);
            std::vector<std::uint16_t> steps(kMaxChunk + 64);
            const std::int64_t size = kernels.list_steps(words.data(), steps.data());
            std::vector<std::uint16_t> expected;
            for (std::int64_t step = 0; step < kMaxChunk; ++step) {
                if (bit(words[static_cast<std::size_t>(step / 64)], step % 64)) {
                    expected.push_back(static_cast<std::uint16_t>(step));
                }
            }
            REQUIRE(size == static_cast<std::int64_t>(expected.size()));
            steps.resize(expected.size());
            CHECK(steps == expected);
        }
    }
}

TEST_CASE("count_bits counts what the mask leaves") {
    std::mt19937_64 random(6);
    for (const WordKernels& kernels : all_word_kernels()) {
        for (const std::int64_t num_words : {0, 1, 7, 8, 9, 100, 128}) {
            const auto words = words_of_all_sorts(static_cast<std::size_t>(num_words), random);
            for (const std::uint64_t mask :
                 {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{random()}}) {
                std::int64_t count = 0;
                for (const std::uint64_t word : words) {
                    for (std::int64_t place = 0; place < 64; ++place) {
                        count += static_cast<std::int64_t>(bit(word & mask, place));
                    }
                }
                CHECK(kernels.count_bits(words.data(), num_words, mask) == count);
            }
        }
    }
}
