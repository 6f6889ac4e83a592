// Encodings: what a number stands for, and the checks of what drives a network.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>
#include <vector>

namespace pysnn::detail {

/// Steps that the generator's counter can tell apart.
inline constexpr std::int64_t kMaxSteps = std::int64_t{1} << 34;

/// 2^32 times the probability of a spike, rounded half to even: a 32-bit word below it is a spike.
///
/// Args:
///     x: in [0, 1].
std::uint64_t spike_threshold(double x, double probability_scale);

/// Where in its interval between two evenly spaced spikes an input begins, times 2^32. Multiples of
/// the golden ratio lie evenly for any number of inputs.
std::uint64_t regular_phase(std::uint64_t input);

/// Constant currents are sums of whole multiples of weight / kCurrentUnits.
inline constexpr double kCurrentUnits = 16777216.0;  // 2^24

/// The multiple that stands for an intensity in [-1, 1], rounded half to even; at most
/// kCurrentUnits either way.
double current_units(double x, double probability_scale);

/// Throws std::invalid_argument unless dt is finite and above 0.
void check_dt(double dt);

/// max_rate * dt, checked.
///
/// Throws:
///     std::invalid_argument: dt is not above 0, max_rate is negative, or the product is above 1.
double checked_probability_scale(double dt, double max_rate);

/// Throws std::invalid_argument unless there is one id for each sample, or none at all.
void check_sample_ids(const std::vector<std::uint64_t>& sample_ids, std::int64_t num_samples);

/// The id under which a sample of the batch is drawn: its row where none are given.
inline std::uint64_t sample_id(const std::vector<std::uint64_t>& sample_ids, std::int64_t sample) {
    return static_cast<std::uint64_t>(sample_ids.empty()
                                          ? static_cast<std::uint64_t>(sample)
                                          : sample_ids[static_cast<std::size_t>(sample)]);
}

/// Throws std::invalid_argument unless bias_scale is in [0, 1].
void check_bias_scale(double bias_scale);

/// Throws std::invalid_argument naming the first value of x (num_samples, num_inputs) outside [0,
/// 1], with `is_signed` outside [-1, 1].
///
/// Args:
///     advice: at the end of the message.
void check_intensities(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                       bool is_signed, const char* advice);

/// Throws std::invalid_argument naming the first value of x (num_samples, num_inputs) outside of
/// the network's InputRange.
void check_intensities(const float* x, std::int64_t num_samples,
                       const SpikingNetworkDescription& network);

/// Throws std::invalid_argument naming the first value of spikes (num_steps, num_samples,
/// num_inputs) that is not 0 or 1, or with `is_signed` -1.
void check_spikes(const std::uint8_t* spikes, std::int64_t num_steps, std::int64_t num_samples,
                  std::int64_t num_inputs);
void check_spikes(const std::int8_t* spikes, std::int64_t num_steps, std::int64_t num_samples,
                  std::int64_t num_inputs, bool is_signed);

}  // namespace pysnn::detail
