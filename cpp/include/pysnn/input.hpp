// What drives a network: real numbers under an encoding, and the spike trains made of them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <pysnn/export.hpp>
#include <vector>

namespace pysnn {

/// How input intensities drive the network.
enum class Encoding {
    Poisson,   // random spikes, as poisson_spikes() draws them
    Regular,   // evenly spaced spikes, as regular_spikes() makes them
    Constant,  // no spikes: the mean current of each step
};

inline constexpr std::array<Encoding, 3> kEncodings{Encoding::Poisson, Encoding::Regular,
                                                    Encoding::Constant};

/// Its name in messages and in Python.
PYSNN_API const char* name_of(Encoding encoding) noexcept;

/// What the samples of a batch are to the network, beside their numbers.
struct Stimulus {
    double dt = 1e-3;          // s
    double max_rate = 1000.0;  // Hz, rate of an input of 1; dt * max_rate <= 1
    std::uint64_t seed = 0;    // of Poisson spikes
    // Of intensities; empty: that which the network is packed for, else that of its description,
    // else Poisson.
    std::optional<Encoding> encoding;
    double bias_scale = 1.0;                // in [0, 1], factor on biases under given spike trains
    std::vector<std::uint64_t> sample_ids;  // (num_samples), empty: 0, 1, 2, ...
};

/// Which spike trains to make. encoding and bias_scale are not read; seed and sample_ids only by
/// poisson_spikes().
struct SpikeTrainOptions : Stimulus {
    std::int64_t first_step = 0;
    int num_threads = 0;  // 0: as default_num_threads() says

    // Called on the calling thread only, while it works, several times a second.
    std::function<bool()> should_stop;  // true: give up with Interrupted
};
using PoissonOptions = SpikeTrainOptions;
using RegularOptions = SpikeTrainOptions;

/// Draws Poisson spike trains: in a step, input i spikes with probability x_i * max_rate * dt.
///
/// The draw of (seed, sample id, input, step) is Philox4x32-10 (Salmon et al. 2011) with the key
/// seed and the counter (input, step / 4, id low, id high), word step % 4; it is a spike where word
/// < rint(x * (max_rate * dt) * 2^32). simulate() draws the same trains.
///
/// Args:
///     x: (num_samples, num_inputs), each in [0, 1].
///     num_steps: steps to make, from options.first_step on.
///     spikes: (num_steps, num_samples, num_inputs), filled with 0 and 1.
///
/// Throws:
///     std::invalid_argument: an x outside [0, 1] or not finite, or dt * max_rate above 1.
///     Interrupted: options.should_stop returned true.
PYSNN_API void poisson_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                              std::int64_t num_steps, const SpikeTrainOptions& options,
                              std::uint8_t* spikes);

/// As poisson_spikes() of |x|, with spikes that have the sign of x: each x is in [-1, 1], and
/// spikes are -1, 0 or 1.
PYSNN_API void poisson_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                              std::int64_t num_steps, const SpikeTrainOptions& options,
                              std::int8_t* spikes);

/// Makes evenly spaced spike trains: input i spikes x_i * max_rate * dt times a step on average.
///
/// With p = rint(x * (max_rate * dt) * 2^32) and phase(i) = (2^31 + i * 0x9E3779B9) mod 2^32 there
/// is a spike in step t where floor(((t + 1) * p + phase(i)) / 2^32) > floor((t * p + phase(i)) /
/// 2^32). The phases spread the inputs evenly over time: in one phase, inputs of the same intensity
/// would all spike at once. simulate() with Encoding::Regular makes the same trains. Arguments and
/// errors are those of poisson_spikes().
PYSNN_API void regular_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                              std::int64_t num_steps, const SpikeTrainOptions& options,
                              std::uint8_t* spikes);

/// As regular_spikes() of |x|, with spikes that have the sign of x.
PYSNN_API void regular_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                              std::int64_t num_steps, const SpikeTrainOptions& options,
                              std::int8_t* spikes);

}  // namespace pysnn
