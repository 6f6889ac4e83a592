// Philox by the kernels, and evenly spaced spikes by phases.

#include "engine/cpu/input/generators.hpp"

#include <algorithm>

#include "engine/cpu/kernels/kernels.hpp"
#include "engine/encoding.hpp"

namespace pysnn::detail {

void draw_poisson(const InputBundle& bundle, std::uint64_t seed, std::uint64_t sample_id,
                  std::int64_t first_step, std::int64_t num_steps, std::uint64_t* words) {
    const std::int64_t end = first_step + num_steps;
    PoissonArguments arguments;
    arguments.seed = seed;
    arguments.sample_id = sample_id;
    arguments.inputs = bundle.inputs;
    arguments.thresholds = bundle.thresholds;
    for (std::int64_t quad = first_step / 4; quad * 4 < end; ++quad) {
        std::uint64_t masks[4];
        arguments.quad = static_cast<std::uint32_t>(quad);
        kernels().poisson(arguments, masks);
        const std::int64_t from = std::max(quad * 4, first_step);
        for (std::int64_t step = from; step < std::min(quad * 4 + 4, end); ++step) {
            words[step - first_step] = masks[step % 4];
        }
    }
}

// An input's phase grows by its threshold in every step; it spikes where it passes 2^32.
void space_evenly(const InputBundle& bundle, std::int64_t first_step, std::int64_t num_steps,
                  std::uint64_t* words) {
    constexpr std::uint64_t kLow = 0xFFFFFFFFU;
    const auto steps_before = static_cast<std::uint64_t>(first_step);
    std::uint64_t phases[kMaskBits];
    for (std::int64_t i = 0; i < kMaskBits; ++i) {
        // Modulo 2^64 and then 2^32: what overflows is whole turns.
        phases[i] = (regular_phase(bundle.inputs[i]) + steps_before * bundle.thresholds[i]) & kLow;
    }
    for (std::int64_t step = 0; step < num_steps; ++step) {
        std::uint64_t word = 0;
        for (std::int64_t i = 0; i < kMaskBits; ++i) {
            const std::uint64_t phase = phases[i] + bundle.thresholds[i];
            word |= phase >> 32 << i;
            phases[i] = phase & kLow;
        }
        words[step] = word;
    }
}

}  // namespace pysnn::detail
