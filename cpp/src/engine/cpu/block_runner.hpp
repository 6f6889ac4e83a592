#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/cpu/input/constant_current.hpp"
#include "engine/cpu/job.hpp"
#include "engine/cpu/ops/conv_pass.hpp"
#include "engine/cpu/ops/linear_pass.hpp"
#include "engine/cpu/ops/pool_pass.hpp"
#include "engine/cpu/sample_slot.hpp"

namespace pysnn::detail {

/// Simulates blocks of samples, layer by layer over chunks of steps; one for each worker.
///
/// A feed-forward network needs no lockstep: a population may run all steps of a chunk before the
/// next one starts. One tile of weights then serves many steps and samples from the nearest cache,
/// and memory is bounded by the block and the chunk.
class BlockRunner {
  public:
    explicit BlockRunner(const Job& job);

    /// Samples that one call of run() is best given.
    static std::int64_t block_size(const Job& job, int num_threads);

    /// Simulates all steps of samples [first, first + count) and writes their part of the result.
    void run(std::int64_t first, std::int64_t count, bool is_caller);

  private:
    /// Calls the caller's callbacks if their time has come; true where the call is to end.
    bool must_stop();

    bool start_sample(SampleSlot& slot);
    bool advance(SampleSlot& slot);
    void run_chunk();
    void load_state(SampleSlot& slot);
    void store_state(const SampleSlot& slot);
    void take_inputs(SampleSlot& slot);
    void run_population(std::size_t population);
    void run_pass(const Pass& pass, std::int64_t pool);
    void count_operations(const Pass& pass, const SampleSlot& slot);
    void finish_population(std::size_t population, const SampleSlot& slot);
    std::size_t result_index(std::size_t population, const SampleSlot& slot) const;
    bool is_decided(const SampleSlot& slot) const;

    const Job& job_;
    std::int64_t max_slots_;
    std::int64_t chunk_steps_;
    std::vector<std::unique_ptr<SampleSlot>> slots_;
    std::vector<SampleSlot*> active_;
    std::vector<char> is_fused_;    // by population: a pool that runs with its source
    std::int64_t next_sample_ = 0;  // of the block, not yet begun
    std::int64_t end_sample_ = 0;
    ConstantCurrent constant_current_;
    LinearPass linear_;
    ConvPass conv_;
    PoolPass pool_;
    std::function<bool()> must_stop_;
    bool is_caller_ = false;  // runs on the thread that the callbacks belong to
};

}  // namespace pysnn::detail
