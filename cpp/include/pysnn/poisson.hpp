#pragma once

#include <cstdint>
#include <functional>
#include <pysnn/export.hpp>
#include <vector>

namespace pysnn {

/// Which draws of the counter-based generator belong to a batch.
struct PoissonOptions {
    double dt = 1e-3;          // s
    double max_rate = 1000.0;  // Hz, rate of an input of 1; dt * max_rate <= 1
    std::uint64_t seed = 0;
    std::vector<std::uint64_t> sample_ids;  // (num_samples), empty: 0, 1, 2, ...
    std::int64_t first_step = 0;
    int num_threads = 0;  // 0: as default_num_threads() says

    // Called on the calling thread only, while it draws, several times a second.
    std::function<bool()> should_stop;  // true: give up with Interrupted
};

/// Draws Poisson spike trains: in a step, input i spikes with probability x_i * max_rate * dt.
///
/// The draw of (seed, sample id, input, step) is Philox4x32-10 (Salmon et al. 2011) with the key
/// seed and the counter (input, step / 4, id low, id high), word step % 4; it is a spike where word
/// < rint(x * (max_rate * dt) * 2^32). simulate() draws the same trains.
///
/// Args:
///     x: (num_samples, num_inputs), each in [0, 1].
///     num_steps: steps to draw, from options.first_step on.
///     spikes: (num_steps, num_samples, num_inputs), filled with 0 and 1.
///
/// Throws:
///     std::invalid_argument: an x outside [0, 1] or not finite, or dt * max_rate above 1.
///     Interrupted: options.should_stop returned true.
PYSNN_API void poisson_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                              std::int64_t num_steps, const PoissonOptions& options,
                              std::uint8_t* spikes);

}  // namespace pysnn
