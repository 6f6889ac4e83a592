// The kernel of max pools by itself, against counts that are kept one by one: counts far below the
// largest, more steps than it runs at once, and windows of any number of sources.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "engine/cpu/kernels/kernels.hpp"

namespace {

using pysnn::detail::Deficits;
using pysnn::detail::kernels;
using pysnn::detail::kMaxChunk;
using pysnn::detail::MaxPoolArguments;

constexpr std::size_t kChannels = 64;
constexpr auto kSteps = static_cast<std::size_t>(kMaxChunk);

using Counts = std::array<std::int32_t, kChannels>;
using Words = std::vector<std::uint64_t>;

Counts largest(const std::vector<Counts>& sources) {
    Counts counts = sources[0];
    for (const Counts& source : sources) {
        for (std::size_t c = 0; c < kChannels; ++c) {
            counts[c] = std::max(counts[c], source[c]);
        }
    }
    return counts;
}

/// A window of sources that spike at random, some channels of each hardly ever.
struct Window {
    std::vector<Counts> sources;
    Counts sent;
    std::vector<Words> words;  // positive spikes by source, then negative ones
    std::size_t num_sources;
    bool is_signed;
    std::uint64_t channels;
    int shift;

    Window(std::size_t num_sources_, bool is_signed_, std::int32_t range, std::size_t num_channels,
           std::mt19937_64& random)
        : sources(num_sources_),
          words(num_sources_ * (is_signed_ ? 2 : 1), Words(kSteps)),
          num_sources(num_sources_),
          is_signed(is_signed_),
          channels(~std::uint64_t{0} >> (kChannels - num_channels)),
          shift(static_cast<int>(random() % (kChannels + 1 - num_channels))) {
        for (std::size_t i = 0; i < num_sources; ++i) {
            const std::uint64_t eager = random();
            for (std::size_t c = 0; c < num_channels; ++c) {
                sources[i][c] =
                    static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(range + 1));
            }
            for (std::size_t step = 0; step < kSteps; ++step) {
                words[i][step] = random() & (random() | eager);
                if (is_signed) {
                    words[num_sources + i][step] = random() & random() & ~words[i][step];
                }
            }
        }
        sent = largest(sources);
    }

    bool spikes(std::size_t word, std::size_t step, std::size_t channel) const {
        const std::uint64_t bits = words[word][step] >> shift & channels;
        return (bits >> channel & 1U) != 0;
    }

    /// Takes in a step, count by count; returns the pool's positive and negative spikes.
    std::array<std::uint64_t, 2> step_by_counts(std::size_t step) {
        std::array<std::uint64_t, 2> fired{};
        for (std::size_t i = 0; i < num_sources; ++i) {
            for (std::size_t c = 0; c < kChannels; ++c) {
                sources[i][c] += spikes(i, step, c) ? 1 : 0;
                sources[i][c] -= is_signed && spikes(num_sources + i, step, c) ? 1 : 0;
            }
        }
        const Counts now = largest(sources);
        for (std::size_t c = 0; c < kChannels; ++c) {
            fired[0] |= std::uint64_t{now[c] > sent[c]} << c;
            fired[1] |= std::uint64_t{now[c] < sent[c]} << c;
        }
        sent = now;
        return fired;
    }
};

void check_against_counts(Window window, std::size_t num_steps) {
    std::vector<const std::uint64_t*> words;
    for (const Words& source : window.words) {
        words.push_back(source.data());
    }
    const std::vector<int> shifts(words.size(), window.shift);
    std::vector<std::int32_t> counts;
    for (const Counts& source : window.sources) {
        counts.insert(counts.end(), source.begin(), source.end());
    }
    Counts sent = window.sent;
    const auto sources_at_once = static_cast<std::size_t>(Deficits::kSources);
    std::vector<Deficits> deficits((window.num_sources + sources_at_once - 1) / sources_at_once);
    Words masks(kSteps);
    Words negative_masks(kSteps);
    MaxPoolArguments arguments;
    arguments.num_steps = static_cast<std::int64_t>(num_steps);
    arguments.windows = words.data();
    arguments.shifts = shifts.data();
    arguments.num_windows = static_cast<int>(window.num_sources);
    arguments.channels = window.channels;
    arguments.counts = counts.data();
    arguments.sent = sent.data();
    arguments.deficits = deficits.data();
    arguments.masks = masks.data();
    arguments.negative_masks = window.is_signed ? negative_masks.data() : nullptr;
    const std::int64_t num_spikes = kernels().max_pool(arguments);

    std::int64_t num_expected = 0;
    for (std::size_t step = 0; step < num_steps; ++step) {
        INFO("step ", step);
        const std::array<std::uint64_t, 2> fired = window.step_by_counts(step);
        REQUIRE(masks[step] == fired[0]);
        REQUIRE(negative_masks[step] == fired[1]);
        for (std::size_t c = 0; c < kChannels; ++c) {
            num_expected += static_cast<std::int64_t>((fired[0] >> c & 1U) + (fired[1] >> c & 1U));
        }
    }
    CHECK(num_spikes == num_expected);
    CHECK(sent == window.sent);
    for (std::size_t i = 0; i < window.num_sources; ++i) {
        CHECK(std::equal(window.sources[i].begin(), window.sources[i].end(),
                         counts.begin() + static_cast<std::ptrdiff_t>(i * kChannels)));
    }
}

}  // namespace

TEST_CASE("a max pool sends what the largest count of its window does") {
    std::mt19937_64 random(7);
    for (const bool is_signed : {false, true}) {
        for (const std::size_t num_sources : {1, 3, 4, 5, 9}) {
            // From all counts alike to some that cannot reach the largest in a chunk.
            for (const std::int32_t range : {0, 1, 20, 126, 127, 128, 200, 100000}) {
                for (const std::size_t num_steps : {1, 32, 33, 64, 65, 128}) {
                    for (const std::size_t num_channels : {1, 20, 64}) {
                        INFO((is_signed ? "signed, " : ""), num_sources, " sources, range ", range,
                             ", ", num_steps, " steps, ", num_channels, " channels");
                        check_against_counts(
                            Window(num_sources, is_signed, range, num_channels, random), num_steps);
                    }
                }
            }
        }
    }
}

TEST_CASE("a count catches up with the largest from as far below as the steps go") {
    for (const std::int32_t below : {126, 127, 128}) {
        INFO(below, " below");
        std::mt19937_64 random(1);
        Window window(2, false, 0, kChannels, random);
        window.sources[1].fill(below);
        window.sent.fill(below);
        window.words[0].assign(kSteps, ~std::uint64_t{0});
        window.words[1].assign(kSteps, 0);
        check_against_counts(window, kSteps);
    }
}
