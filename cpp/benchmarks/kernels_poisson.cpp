// Random words of Poisson input.

#include <array>
#include <memory>
#include <random>

#include "engine/cpu/kernels/kernels.hpp"
#include "kernels_case.hpp"

namespace pysnn::benchmarks {
namespace {

using detail::kernels;

using Quad = std::array<std::uint32_t, 4>;

// One round of Philox4x32, written down from Salmon et al., SC 2011.
Quad plain_round(const Quad& counter, std::uint32_t key0, std::uint32_t key1) {
    const std::uint64_t first = counter[0] * std::uint64_t{0xD2511F53U};
    const std::uint64_t second = counter[2] * std::uint64_t{0xCD9E8D57U};
    Quad next;
    next[0] = static_cast<std::uint32_t>(second >> 32) ^ counter[1] ^ key0;
    next[1] = static_cast<std::uint32_t>(second);
    next[2] = static_cast<std::uint32_t>(first >> 32) ^ counter[3] ^ key1;
    next[3] = static_cast<std::uint32_t>(first);
    return next;
}

struct PoissonWork {
    PoissonWork() {
        std::mt19937 random(1);
        for (std::size_t i = 0; i < 64; ++i) {
            inputs[i] = 3 * i + 100;
            thresholds[i] = random();
        }
        arguments.inputs = inputs.data();
        arguments.thresholds = thresholds.data();
        arguments.seed = 0x0123456789ABCDEFU;
        arguments.sample_id = 0xFEDCBA9876543210U;
    }

    void run(std::int64_t repeats) {
        for (std::int64_t i = 0; i < repeats; ++i) {
            arguments.quad = static_cast<std::uint32_t>(i);
            kernels().poisson(arguments, masks);
        }
    }

    void check() {
        arguments.quad = 7;
        kernels().poisson(arguments, masks);
        for (std::size_t i = 0; i < 64; ++i) {
            Quad words{static_cast<std::uint32_t>(inputs[i]), 7, 0x76543210U, 0xFEDCBA98U};
            for (std::uint32_t round = 0; round < 10; ++round) {
                words = plain_round(words, 0x89ABCDEFU + round * 0x9E3779B9U,
                                    0x01234567U + round * 0xBB67AE85U);
            }
            for (int step = 0; step < 4; ++step) {
                demand_equal(
                    (masks[step] >> i & 1U) != 0,
                    words[static_cast<std::size_t>(step)] < thresholds[i],
                    "the spike of input " + std::to_string(i) + " in step " + std::to_string(step));
            }
        }
    }

    alignas(64) std::array<std::uint64_t, 64> inputs{};
    alignas(64) std::array<std::uint64_t, 64> thresholds{};
    std::uint64_t masks[4] = {};
    detail::PoissonArguments arguments;
};

}  // namespace

void add_poisson_cases(std::vector<KernelCase>& cases) {
    auto work = std::make_shared<PoissonWork>();
    cases.push_back({"poisson", "64 inputs", "4 steps a call", "words", 4.0 * 64.0, 4.0,
                     [work](std::int64_t repeats) { work->run(repeats); },
                     [work] { work->check(); }});
}

}  // namespace pysnn::benchmarks
