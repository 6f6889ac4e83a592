#pragma once

#include <cstdint>

#include "../plan.hpp"

namespace pysnn::detail {

/// Spikes of one source over the steps of a chunk: events[offsets[t]] .. events[offsets[t + 1]] are
/// the neurons (internal order) that fire in step t.
struct EventView {
    const std::uint32_t* events = nullptr;
    const std::uint32_t* offsets = nullptr;
};

/// Parts of a population's update that every step of a call shares.
struct NeuronView {
    float* potential = nullptr;  // membrane potentials
    float* refractory_left =
        nullptr;  // steps for which input is still dropped; null where there is no period
    const float* threshold = nullptr;
    const float* bias = nullptr;  // added to every step's current
    float refractory_steps = 0.0F;
    ResetMode reset = ResetMode::Zero;
};

inline constexpr int kMaxLinearSources = 8;  // more projections take the path of mixed populations

/// One tile of kMaskBits neurons, one sample, all steps of a chunk: membranes stay in registers.
struct LinearTileArguments {
    int num_sources = 0;
    const float* weight[kMaxLinearSources] = {};  // the tile of each projection
    EventView events[kMaxLinearSources];
    std::int64_t width = 0;  // columns, a multiple of 16
    std::int64_t num_steps = 0;
    NeuronView neurons;              // arrays begin at the tile
    std::uint64_t* masks = nullptr;  // spikes of the tile in step t at t * mask_stride
    std::int64_t mask_stride = 0;
    float* potentials = nullptr;  // membrane after step t at t * potential_stride, or null
    std::int64_t potential_stride = 0;
};

/// Sixty-four inputs that spike with probabilities strictly between 0 and 1.
struct PoissonArguments {
    const std::uint64_t* inputs = nullptr;  // 64 input indices
    const std::uint64_t* thresholds =
        nullptr;  // 64 bounds, below 2^32: a word below its bound is a spike
    std::uint64_t seed = 0;
    std::uint64_t sample_id = 0;
    std::uint32_t quad = 0;  // step / 4
};

/// The inner loops, compiled once for each instruction set. All give the same bits.
struct Kernels {
    void (*linear_tile)(const LinearTileArguments& arguments);

    /// Adds the synapses of events onto `current` (internal order, all neurons of the population);
    /// returns how many synapses these were.
    std::int64_t (*linear_events)(const LinearTiles& tiles, const std::uint32_t* events,
                                  std::int64_t num_events, float* current);
    std::int64_t (*conv_events)(const ConvRuns& runs, const std::uint32_t* events,
                                std::int64_t num_events, float* current);
    std::int64_t (*pool_events)(const PoolRuns& runs, const std::uint32_t* events,
                                std::int64_t num_events, float* current);

    /// Takes `current` into the membranes of num_words * kMaskBits neurons, finds who fires, and
    /// sets `current` back to the bias.
    void (*update_neurons)(const NeuronView& neurons, float* current, std::int64_t num_words,
                           std::uint64_t* masks);

    /// Draws four steps of 64 inputs: bit i of masks[w] is the spike of input i in step 4 * quad +
    /// w.
    void (*poisson)(const PoissonArguments& arguments, std::uint64_t masks[4]);
};

/// The kernels of the selected instruction set.
const Kernels& kernels();

}  // namespace pysnn::detail
