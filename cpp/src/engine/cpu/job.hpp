#pragma once

#include <cstdint>
#include <pysnn/simulation.hpp>
#include <vector>

#include "base/aligned_buffer.hpp"
#include "base/watch.hpp"
#include "engine/cpu/plan.hpp"

namespace pysnn::detail {

/// Membrane potentials and refractory counters of every sample, by population, by lane.
struct NeuronState {
    std::vector<AlignedBuffer<float>> potential;        // (num_samples, padded)
    std::vector<AlignedBuffer<float>> refractory_left;  // as potential; empty without a period
};

/// Biases of a population for one call, by lane: scaled and back on the grid.
struct ScaledBias {
    AlignedBuffer<float> floats;
    AlignedBuffer<std::int16_t> shorts;  // in units of the grid; only where weights are int16
};

/// What all blocks of one call share. Spans are those of the arrays in the public interface.
struct Job {
    const Plan* plan = nullptr;
    const SpikingNetworkDescription* description = nullptr;
    std::int64_t num_samples = 0;
    std::int64_t num_steps = 0;
    std::int64_t first_step = 0;
    const float* x = nullptr;  // one of x and spikes
    const std::uint8_t* spikes = nullptr;
    double probability_scale = 1.0;         // max_rate * dt
    Encoding encoding = Encoding::Poisson;  // of x
    std::uint64_t seed = 0;
    const std::uint64_t* sample_ids = nullptr;  // null: row numbers
    std::int64_t stop_margin = 0;               // 0: no sample ends early
    std::int64_t stop_interval = 16;
    std::vector<ScaledBias> bias;         // by population
    std::vector<float> refractory_steps;  // by population
    std::vector<char> record_spikes;      // by population
    std::vector<char> record_potentials;
    std::vector<char> record_counts;
    std::vector<char> record_balance;
    const NeuronState* before = nullptr;  // null: initial potentials
    NeuronState* after = nullptr;         // null: the state is dropped
    SimulationResult* result = nullptr;
    Watch* watch = nullptr;

    /// Whether inputs are currents that a sample's every step begins with.
    bool has_constant_input() const { return x != nullptr && encoding == Encoding::Constant; }
    bool has_constant_current(std::size_t population) const {
        return has_constant_input() && plan->populations[population].num_input_projections > 0;
    }
    /// The first projection that brings spikes.
    std::size_t first_projection(std::size_t population) const {
        return has_constant_input() ? plan->populations[population].num_input_projections : 0;
    }
    /// Whether membranes take finished sums out of memory, after all passes of the population:
    /// where what they take in is counted, and where there is no pass.
    bool updates_apart(std::size_t population) const {
        return record_balance[population] != 0 ||
               first_projection(population) == plan->populations[population].projections.size();
    }
};

/// A job with the settings that do not change from call to call, checked.
///
/// Throws:
///     std::invalid_argument: a setting is out of its range, or names no population.
Job make_job(const SpikingNetwork& network, std::int64_t num_samples,
             const SimulationOptions& options);

/// Scales the biases for a call.
///
/// Throws:
///     std::invalid_argument: scale is outside [0, 1].
void set_bias(Job& job, double scale);

/// Gives the result the sizes of the job, all counts 0; memory that it has is used again.
///
/// Throws:
///     OutOfMemory: it would not fit.
void prepare_result(const Job& job, SimulationResult& result);

}  // namespace pysnn::detail
