#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "event_list.hpp"
#include "plan.hpp"

namespace pysnn::detail {

/// Steps that the generator's counter can tell apart.
inline constexpr std::int64_t kMaxSteps = std::int64_t{1} << 34;

/// 2^32 times the probability of a spike, rounded half to even: a 32-bit word below it is a spike.
std::uint64_t spike_threshold(float x, double probability_scale);

/// Throws std::invalid_argument unless dt is finite and above 0.
void check_dt(double dt);

/// max_rate * dt, checked.
///
/// Throws:
///     std::invalid_argument: dt is not above 0, max_rate is negative, or the product is above 1.
double checked_probability_scale(double dt, double max_rate);

/// Throws std::invalid_argument naming the first value of x (num_samples, num_inputs) outside [0,
/// 1].
void check_intensities(const float* x, std::int64_t num_samples, std::int64_t num_inputs);

/// Throws std::invalid_argument naming the first value of spikes (num_steps, num_samples,
/// num_inputs) above 1.
void check_spikes(const std::uint8_t* spikes, std::int64_t num_steps, std::int64_t num_samples,
                  std::int64_t num_inputs);

/// Draws the Poisson spikes of one sample, chunk by chunk.
///
/// Inputs of probability 0 and 1 are set apart once: only what may go either way is drawn.
class PoissonEncoder {
  public:
    /// Args:
    ///     x: (num_inputs) in the order of the API; events carry the internal order.
    void set_sample(const float* x, const NeuronOrder& order, double probability_scale,
                    std::uint64_t seed, std::uint64_t sample_id);

    /// Replaces the list by the spikes of steps [first_step, first_step + num_steps).
    void encode(std::int64_t first_step, std::int64_t num_steps, EventList& events);

  private:
    std::vector<std::uint64_t> inputs_;      // counter words, padded to a multiple of 64
    std::vector<std::uint64_t> thresholds_;  // 0 where padded: never a spike
    std::vector<std::uint32_t> ids_;         // internal index of each drawn input
    std::vector<std::uint32_t> always_;      // internal index of inputs of probability 1
    std::vector<std::uint64_t> masks_;       // (num groups of 64, 4 steps)
    std::uint64_t seed_ = 0;
    std::uint64_t sample_id_ = 0;
};

/// Replaces the list by given spikes of one sample.
///
/// Args:
///     spikes: the sample's inputs in the chunk's first step, in the order of the API.
///     step_stride: distance to the next step.
void list_spikes(const std::uint8_t* spikes, std::int64_t step_stride, std::int64_t num_steps,
                 const NeuronOrder& order, EventList& events);

}  // namespace pysnn::detail
