// Which ops a call runs on the CPU, in which order and how: decided once, walked by the runner.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/cpu_program.hpp"
#include "engine/program.hpp"

namespace pysnn::detail {

/// Biases of a population for one call, by lane: scaled and back on the grid.
struct ScaledBias {
    AlignedBuffer<float> floats;
    AlignedBuffer<std::int16_t> shorts;  // in units of the grid; only where weights are int16
};

/// How a call's inputs reach the network.
enum class InputMode {
    Constant,  // a current that every step of a sample begins with
    Drawn,     // spikes made of intensities, chunk by chunk
    Given,     // spikes that the caller has
};

/// A population for one call.
struct Target {
    std::int64_t population = 0;
    const PackedPopulation* packed = nullptr;
    const ScaledBias* bias = nullptr;
    float refractory_steps = 0.0F;
    bool has_constant_current = false;  // sums begin with a base of the sample, not with the bias
    bool records_potentials = false;
};

/// One projection's share of a population's currents: what Linear, convolution and pool work out.
/// That of a max pool works out its spikes.
///
/// The last share takes the sums into the membranes; those before it leave them in the slots'
/// carries, and so does the last where the population has an op for its membranes.
struct Share : Target {
    const PackedProjection* projection = nullptr;
    bool is_first = false;  // of those that bring spikes
    bool is_last = false;   // and takes the sums into the membranes
    bool may_rest = false;  // steps without events may be left out
    bool uses_int16 = false;
};

/// A pool that runs column by column with the convolution whose spikes nothing else reads, so that
/// these are never merged into rows.
struct FusedPool {
    Share share;
    bool runs_in_tables = false;  // even inside of the kernel for tables
};

/// Ops, each for all samples at work over a chunk of steps.
struct PrepareOp {
    std::int64_t population = 0;  // whose spikes are counted from 0
    std::int64_t cleared = 0;     // whose spike words become 0: the population, or its fused pool
    std::int64_t carry_size = 0;  // of the slot's carry and potentials, for this population
    std::int64_t potentials_size = 0;
};
struct LinearOp {
    Share share;
    bool may_use_baseline = false;   // sums may begin with a baseline of the input
    bool rebuilds_baseline = false;  // given spikes have one of their own in each chunk
};
struct ConvolutionOp {
    Share share;
    std::optional<FusedPool> pool;
    std::int64_t band_rows = 0;  // output rows whose lists are made at once
    bool takes_turns = false;    // samples one after the other, not all for each tile
    bool uses_pixel_tables = false;
    Array<Share> shortcuts;  // identity synapses that reach the same neurons
};
struct PoolOp {
    Share share;
};
struct MaxPoolOp {
    Share share;
};
struct ConstantOp {  // currents are the base alone, the same in every step
    Share share;     // of no projection
};
struct CountOp {  // synaptic operations
    Share share;
};
struct MembraneOp {
    Target target;
    bool is_constant = false;    // currents are the base alone, the same in every step
    bool counts_charge = false;  // for the record "balance"
};
struct RecordOp {
    Target target;
    bool is_output = false;
};
using Op = std::variant<PrepareOp, LinearOp, ConvolutionOp, PoolOp, MaxPoolOp, ConstantOp, CountOp,
                        MembraneOp, RecordOp>;

/// All that is decided for a call.
struct Schedule {
    InputMode input = InputMode::Drawn;
    bool writes_input_words = false;  // something other than a Linear reads the input's spikes
    bool lists_input = false;         // a Linear reads them
    Array<Op> ops;
    const Array<ScaledBias>* bias = nullptr;  // by population

    std::int64_t num_slots = 1;  // samples at work at once
    std::int64_t portion = 1;    // samples that a worker takes at once
    std::int64_t max_chunk_steps = 1;
    std::int64_t check_interval = 0;  // chunks end where samples may stop; 0: they may not

    /// Whether a baseline pays for so many steps.
    static bool uses_baseline(std::int64_t num_steps);

    /// Steps of the chunk that begins at a step of the call.
    std::int64_t chunk_steps(const Call& call, std::int64_t begin) const;
};

/// Args:
///     bias: by population, for this call; read by the ops while they run.
Schedule make_schedule(const CpuProgram& program, const Settings& settings, const Call& call,
                       const Array<ScaledBias>& bias);

}  // namespace pysnn::detail
