// The generators of input spikes, 64 inputs at a time.
#pragma once

#include <cstdint>

namespace pysnn::detail {

/// Inputs that may spike or not.
struct InputBundle {
    const std::uint64_t* inputs = nullptr;      // (64): numbers of the inputs
    const std::uint64_t* thresholds = nullptr;  // (64): spike_threshold(); 0 is never a spike
};

/// Draws Poisson spikes of steps [first_step, first_step + num_steps): bit i of words[t] is input i
/// in the t-th of them.
void draw_poisson(const InputBundle& bundle, std::uint64_t seed, std::uint64_t sample_id,
                  std::int64_t first_step, std::int64_t num_steps, std::uint64_t* words);

/// As draw_poisson(), evenly spaced.
void space_evenly(const InputBundle& bundle, std::int64_t first_step, std::int64_t num_steps,
                  std::uint64_t* words);

}  // namespace pysnn::detail
