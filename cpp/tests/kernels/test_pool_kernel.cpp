// The pooling kernel by itself: which membranes it takes for numbers of spikes, and that it stays
// within its tile.

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <pysnn/system.hpp>
#include <vector>

#include "engine/cpu/kernels/kernels.hpp"

namespace {

using pysnn::detail::kernels;
using pysnn::detail::NeuronRule;
using pysnn::detail::PoolArguments;

constexpr std::int64_t kChannels = 64;
constexpr float kWeight = 0.25F;
constexpr std::int8_t kLimit = 3;
constexpr std::uint64_t kAll = ~std::uint64_t{0};

/// A tile of 64 channels that gets `num_spikes` spikes in its only step, from windows all set.
///
/// The thresholds contradict the limits of spike numbers on purpose, as those of no plan do:
/// without end, so that neurons fire exactly where numbers of spikes stand for membranes.
struct PoolTile {
    std::array<float, kChannels> potential{};
    std::array<float, kChannels> threshold{};
    std::array<float, kChannels> weight{};
    std::array<float, kChannels> base{};
    std::array<float, kChannels> left{};
    std::array<std::int8_t, kChannels> limit{};
    std::vector<const std::uint64_t*> windows;
    std::vector<int> shifts;
    std::uint16_t step = 0;
    std::uint64_t fired = 0;
    PoolArguments arguments;

    explicit PoolTile(int num_spikes)
        : windows(static_cast<std::size_t>(num_spikes), &kAll),
          shifts(static_cast<std::size_t>(num_spikes), 0) {
        threshold.fill(std::numeric_limits<float>::infinity());
        weight.fill(kWeight);
        limit.fill(kLimit);
        arguments.tile.steps = &step;
        arguments.tile.num_steps = 1;
        arguments.tile.width = kChannels;
        arguments.tile.base = base.data();
        arguments.tile.neurons.potential = potential.data();
        arguments.tile.neurons.threshold = threshold.data();
        arguments.tile.masks = &fired;
        arguments.tile.mask_stride = 1;
        arguments.weight = weight.data();
        arguments.windows = windows.data();
        arguments.shifts = shifts.data();
        arguments.num_windows = num_spikes;
        arguments.limit = limit.data();
    }

    /// Whether the membranes were taken for numbers of spikes: all fire then, or none.
    bool runs_in_bytes() {
        const std::int64_t num_fired = kernels().pool(arguments);
        CHECK((num_fired == 0 || num_fired == kChannels));
        CHECK(fired == (num_fired == 0 ? 0 : kAll));
        return num_fired != 0;
    }
};

bool has_byte_pools() { return pysnn::cpu_target() == "avx512"; }

}  // namespace

TEST_CASE("a pool counts spikes in bytes where every membrane is a number from 0 to its limit") {
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
        for (const float spikes : {0.0F, 1.0F, 3.0F}) {
            INFO("channel ", channel, ", ", spikes, " spikes");
            PoolTile tile(kLimit + 1);
            tile.potential[channel] = spikes * kWeight;
            CHECK(tile.runs_in_bytes() == has_byte_pools());
        }
    }
}

TEST_CASE("a single membrane that is no number from 0 to its limit keeps a pool from counting") {
    // 253 and 256 would be -3 and 0 as bytes, 2^31 and 1e30 are no integers of 32 bits.
    for (const float spikes : {-1.0F, -2.0F, -256.0F, 0.5F, 2.75F, 4.0F, 126.0F, 127.0F, 128.0F,
                               253.0F, 256.0F, 2147483648.0F, 1e30F}) {
        for (std::size_t channel = 0; channel < kChannels; ++channel) {
            INFO("channel ", channel, ", ", spikes, " spikes");
            PoolTile tile(kLimit + 1);
            tile.potential[channel] = spikes * kWeight;
            CHECK_FALSE(tile.runs_in_bytes());
            CHECK(tile.potential[channel] == spikes * kWeight + (kLimit + 1) * kWeight);
        }
    }
}

TEST_CASE("pools of the least and the largest limit fire one spike beyond it") {
    for (const std::int8_t limit : {std::int8_t{0}, std::int8_t{126}}) {
        for (const bool fires : {false, true}) {
            INFO("limit ", static_cast<int>(limit), ", fires: ", fires);
            PoolTile tile(fires ? 1 : 0);
            tile.limit.fill(limit);
            tile.potential.fill(static_cast<float>(limit) * kWeight);
            CHECK(tile.runs_in_bytes() == (fires && has_byte_pools()));
        }
    }
}

TEST_CASE("a pool counts no spikes for rules that bytes cannot hold") {
    SUBCASE("reset by subtraction") {
        PoolTile tile(kLimit + 1);
        tile.arguments.tile.neurons.rule = NeuronRule::ResetBySubtraction;
        CHECK_FALSE(tile.runs_in_bytes());
    }
    SUBCASE("a refractory period") {
        PoolTile tile(kLimit + 1);
        tile.arguments.tile.neurons.refractory_left = tile.left.data();
        tile.arguments.tile.neurons.refractory_steps = 2.0F;
        CHECK_FALSE(tile.runs_in_bytes());
    }
}

TEST_CASE("a pool leaves what lies behind its tile alone, however wide it is") {
    for (const std::int64_t width : {16, 32, 48, 64}) {
        for (const NeuronRule rule : {NeuronRule::ResetToZero, NeuronRule::ResetBySubtraction}) {
            INFO(width, " channels");
            // A shift of its windows behind the last channel would be one by 64.
            constexpr std::int64_t kBehind = 64;
            const auto size = static_cast<std::size_t>(width + kBehind);
            std::vector<float> potential(size, 0.5F);
            std::vector<float> threshold(size, 0.0F);
            std::vector<float> ones(size, 1.0F);
            std::uint64_t fired = 0;
            PoolTile tile(1);
            tile.arguments.tile.width = width;
            tile.arguments.tile.base = ones.data();
            tile.arguments.tile.neurons.potential = potential.data();
            tile.arguments.tile.neurons.threshold = threshold.data();
            tile.arguments.tile.neurons.rule = rule;
            tile.arguments.tile.masks = &fired;
            tile.arguments.weight = ones.data();
            tile.arguments.limit = nullptr;
            CHECK(kernels().pool(tile.arguments) == width);
            CHECK(fired == kAll >> (64 - width));
            for (std::size_t i = static_cast<std::size_t>(width); i < size; ++i) {
                CHECK(potential[i] == 0.5F);
            }
        }
    }
}
