#pragma once

#include <cstdint>
#include <pysnn/simulation.hpp>
#include <vector>

#include "aligned_buffer.hpp"
#include "encoding.hpp"
#include "event_list.hpp"
#include "plan.hpp"
#include "watch.hpp"

namespace pysnn::detail {

/// Membrane potentials and refractory counters of every sample, by population, in internal order.
struct NeuronState {
    std::vector<AlignedBuffer<float>> potential;  // (num_samples, padded)
    std::vector<AlignedBuffer<float>>
        refractory_left;  // (num_samples, padded); empty without a period
};

/// What all blocks of one call share. Spans are those of the arrays in the public interface.
struct Job {
    const Plan* plan = nullptr;
    std::int64_t num_samples = 0;
    std::int64_t num_steps = 0;
    std::int64_t first_step = 0;
    const float* x = nullptr;  // one of x and spikes
    const std::uint8_t* spikes = nullptr;
    double probability_scale = 1.0;  // max_rate * dt
    std::uint64_t seed = 0;
    const std::uint64_t* sample_ids = nullptr;  // null: row numbers
    std::vector<AlignedBuffer<float>> bias;  // by population, (padded), scaled and back on the grid
    std::vector<float> refractory_steps;     // by population
    std::vector<char> record_spikes;         // by population
    std::vector<char> record_potentials;
    std::vector<char> record_counts;
    const NeuronState* before = nullptr;  // null: initial potentials
    NeuronState* after = nullptr;         // null: the state is dropped
    SimulationResult* result = nullptr;
    Watch* watch = nullptr;
};

/// Simulates blocks of samples, layer by layer over chunks of steps; one for each worker.
///
/// A feed-forward network needs no lockstep: a population may run all steps of a chunk before the
/// next one starts. One slab of weights then serves many steps and samples from the nearest cache,
/// and memory is bounded by the block and the chunk.
class BlockRunner {
  public:
    explicit BlockRunner(const Job& job);

    /// Samples of a block, at most.
    static std::int64_t block_size(const Job& job, int num_threads);

    /// Simulates all steps of samples [first, first + count) and writes their part of the result.
    void run(std::int64_t first, std::int64_t count, bool is_caller);

  private:
    struct SampleSlot {
        PoissonEncoder encoder;
        std::int64_t operations = 0;  // synaptic operations of the population at work in the chunk
        std::vector<EventList> events;                      // the input, then each population
        std::vector<AlignedBuffer<float>> potential;        // by population
        std::vector<AlignedBuffer<float>> refractory_left;  // by population
    };

    /// Calls the caller's callbacks if their time has come; true where the call is to end.
    bool must_stop();

    void load_state(std::int64_t sample, SampleSlot& slot);
    void store_state(std::int64_t sample, const SampleSlot& slot);
    void encode_inputs(std::int64_t sample, SampleSlot& slot);
    void run_population(std::size_t population);
    void run_linear(std::size_t population);
    void run_mixed(std::size_t population, std::size_t slot_index);
    NeuronView neurons(std::size_t population, SampleSlot& slot) const;
    void collect(std::size_t population, std::int64_t sample, SampleSlot& slot,
                 const std::uint64_t* masks);
    void record(std::size_t population, std::int64_t sample, const EventList& events);
    void record_potentials(std::size_t population, std::int64_t sample);
    void pack_outputs(std::int64_t sample, const EventList& events);

    const Job& job_;
    std::int64_t chunk_steps_;
    std::vector<SampleSlot> slots_;
    AlignedBuffer<std::uint64_t>
        masks_;                        // (slot, step of the chunk, word) of the population at work
    AlignedBuffer<float> current_;     // of one population, one step
    AlignedBuffer<float> potentials_;  // (step of the chunk, padded), where they are recorded
    bool is_caller_ = false;           // runs on the thread that the callbacks belong to
    std::int64_t first_sample_ = 0;
    std::int64_t num_slots_ = 0;    // samples of the block at work
    std::int64_t chunk_begin_ = 0;  // steps since the call's first
    std::int64_t chunk_size_ = 0;
};

}  // namespace pysnn::detail
