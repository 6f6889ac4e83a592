// Checks that the loops of the ceilings compute what they say.
#include "ceiling_check.hpp"

#include <array>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/aligned_buffer.hpp"

namespace pysnn::benchmarks {
namespace {

using detail::AlignedBuffer;

template <typename T>
void demand_equal(T found, T expected, const std::string& what) {
    if (found != expected) {
        throw std::runtime_error(what + " gives " + std::to_string(found) + ", expected " +
                                 std::to_string(expected));
    }
}

// Philox4x32-10 as its paper has it: Salmon et al., SC 2011.
std::uint32_t plain_philox(std::array<std::uint32_t, 4> c, std::uint64_t seed) {
    auto key0 = static_cast<std::uint32_t>(seed);
    auto key1 = static_cast<std::uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t product0 = std::uint64_t{0xD2511F53U} * c[0];
        const std::uint64_t product1 = std::uint64_t{0xCD9E8D57U} * c[2];
        c = {static_cast<std::uint32_t>(product1 >> 32) ^ c[1] ^ key0,
             static_cast<std::uint32_t>(product1),
             static_cast<std::uint32_t>(product0 >> 32) ^ c[3] ^ key1,
             static_cast<std::uint32_t>(product0)};
        key0 += 0x9E3779B9U;
        key1 += 0xBB67AE85U;
    }
    return c[0] ^ c[1] ^ c[2] ^ c[3];
}

void check_philox(const CeilingKernels& kernels) {
    constexpr std::uint64_t kSeed = 0x0123456789ABCDEFU;
    constexpr std::int64_t kTurns = 5;
    std::uint32_t expected = 0;
    for (std::uint32_t turn = 0; turn < kTurns; ++turn) {
        for (std::uint32_t lane = 0; lane < kernels.words_per_turn / 4; ++lane) {
            expected ^= plain_philox({lane, turn, static_cast<std::uint32_t>(kSeed),
                                      static_cast<std::uint32_t>(kSeed >> 32)},
                                     kSeed);
        }
    }
    demand_equal(kernels.philox(kSeed, kTurns), expected, "philox");
}

// Numbers so small that all of their sums are exact.
template <typename T>
AlignedBuffer<T> small_numbers(std::int64_t bytes) {
    AlignedBuffer<T> numbers(static_cast<std::size_t>(bytes) / sizeof(T));
    for (std::int64_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = static_cast<T>(i * 7 % 11);
    }
    return numbers;
}

template <typename T, typename Sum>
void check_sums(Sum (*stream)(const void*, std::int64_t, std::int64_t),
                Sum (*rows)(const void*, const std::int32_t*, std::int64_t, std::int64_t),
                const std::string& type) {
    constexpr std::int64_t kRepeats = 3;
    const AlignedBuffer<T> numbers = small_numbers<T>(8 * kBlockBytes);
    const T* first = numbers.data();
    const auto all = std::accumulate(first, first + numbers.size(), Sum{0});
    demand_equal(stream(first, 8 * kBlockBytes, kRepeats), kRepeats * all, type + "_stream");

    const std::vector<std::int32_t> listed = {0, 3, 4, 17, 31};
    constexpr std::int64_t kRowSize = kRowBytes / static_cast<std::int64_t>(sizeof(T));
    Sum expected{0};
    for (const std::int32_t row : listed) {
        expected += std::accumulate(first + row * kRowSize, first + (row + 1) * kRowSize, Sum{0});
    }
    const auto count = static_cast<std::int64_t>(listed.size());
    demand_equal(rows(first, listed.data(), count, kRepeats), kRepeats * expected, type + "_rows");
}

}  // namespace

void check(const CeilingKernels& kernels) {
    constexpr std::int64_t kTurns = 1000;
    demand_equal(kernels.float_registers(kTurns),
                 static_cast<double>(kTurns * kernels.adds_per_turn), "float32_registers");
    demand_equal(kernels.int16_registers(kTurns), kTurns * 2 * kernels.adds_per_turn,
                 "int16_registers");
    check_sums<float, double>(kernels.float_stream, kernels.float_rows, "float32");
    check_sums<std::uint16_t, std::int64_t>(kernels.int16_stream, kernels.int16_rows, "int16");
    check_philox(kernels);
}

}  // namespace pysnn::benchmarks
