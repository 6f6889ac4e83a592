#pragma once

#include <cstdint>
#include <functional>
#include <pysnn/export.hpp>

namespace pysnn {

/// Which steps of the evenly spaced spike trains belong to a batch.
struct RegularOptions {
    double dt = 1e-3;          // s
    double max_rate = 1000.0;  // Hz, rate of an input of 1; dt * max_rate <= 1
    std::int64_t first_step = 0;
    int num_threads = 0;  // 0: as default_num_threads() says

    // Called on the calling thread only, while it works, several times a second.
    std::function<bool()> should_stop;  // true: give up with Interrupted
};

/// Makes evenly spaced spike trains: input i spikes x_i * max_rate * dt times a step on average.
///
/// With p = rint(x * (max_rate * dt) * 2^32) and phase(i) = (2^31 + i * 0x9E3779B9) mod 2^32 there
/// is a spike in step t where floor(((t + 1) * p + phase(i)) / 2^32) > floor((t * p + phase(i)) /
/// 2^32). The phases spread the inputs evenly over time: in one phase, inputs of the same intensity
/// would all spike at once. simulate() with Encoding::Regular makes the same trains.
///
/// Args:
///     x: (num_samples, num_inputs), each in [0, 1].
///     num_steps: steps to make, from options.first_step on.
///     spikes: (num_steps, num_samples, num_inputs), filled with 0 and 1.
///
/// Throws:
///     std::invalid_argument: an x outside [0, 1] or not finite, or dt * max_rate above 1.
///     Interrupted: options.should_stop returned true.
PYSNN_API void regular_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                              std::int64_t num_steps, const RegularOptions& options,
                              std::uint8_t* spikes);

}  // namespace pysnn
