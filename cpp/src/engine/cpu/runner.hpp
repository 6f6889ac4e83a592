// A worker of the CPU engine: walks the schedule, chunk by chunk, for the samples that it is given.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/array.hpp"
#include "base/watch.hpp"
#include "engine/cpu/input/constant_current.hpp"
#include "engine/cpu/neuron_state.hpp"
#include "engine/cpu/ops/constant.hpp"
#include "engine/cpu/ops/convolution/convolution.hpp"
#include "engine/cpu/ops/linear.hpp"
#include "engine/cpu/ops/max_pool.hpp"
#include "engine/cpu/ops/pool.hpp"
#include "engine/cpu/sample_slot.hpp"
#include "engine/cpu/schedule.hpp"
#include "engine/input_map.hpp"

namespace pysnn::detail {

/// What the workers of one call share.
struct RunningCall {
    const Call& call;
    const Schedule& schedule;
    const NeuronState* before;  // null: the initial state
    NeuronState* after;         // null: the state is dropped
    SimulationResult& result;   // each worker writes its samples' part
    Watch& watch;
};

/// Simulates portions of samples, population by population over chunks of steps.
///
/// A feed-forward network needs no lockstep: a population may run all steps of a chunk before the
/// next one starts. One tile of weights then serves many steps and samples from the nearest cache,
/// and memory is bounded by the slots and the chunk.
class Runner {
  public:
    Runner(const CpuProgram& program, const Settings& settings);

    /// Simulates all steps of samples [first, first + count) and writes their part of the result.
    void run(const RunningCall& running, std::int64_t first, std::int64_t count, bool is_caller);

  private:
    /// Calls the caller's callbacks if their time has come; true where the call is to end.
    bool must_stop();

    bool start_sample(SampleSlot& slot);
    bool advance(SampleSlot& slot);
    void run_chunk();
    void start_input(SampleSlot& slot);
    void take_inputs(SampleSlot& slot);
    void run_op(const PrepareOp& op);
    void run_op(const LinearOp& op);
    void run_op(const ConvolutionOp& op);
    void run_op(const PoolOp& op);
    void run_op(const MaxPoolOp& op);
    void run_op(const ConstantOp& op);
    void run_op(const CountOp& op);
    void run_op(const MembraneOp& op);
    void run_op(const RecordOp& op);
    PopulationChunk chunk_of(const SampleSlot& slot, std::int64_t population) const;
    std::int64_t result_index(const SampleSlot& slot, std::int64_t population) const;
    double lead_of(const SampleSlot& slot, std::int64_t next_step) const;

    const CpuProgram& program_;
    const Settings& settings_;
    const RunningCall* running_ = nullptr;
    Array<std::unique_ptr<SampleSlot>> slots_;
    Array<SampleSlot*> active_;
    std::int64_t next_sample_ = 0;  // of the portion, not yet begun
    std::int64_t end_sample_ = 0;
    const InputMap input_map_;
    Array<double> fractions_;  // (num_inputs) of the sample that is being started
    ConstantCurrent constant_current_;
    LinearRunner linear_;
    ConvolutionRunner convolution_;
    PoolRunner pool_;
    MaxPoolRunner max_pool_;
    ConstantRunner constant_;
    std::function<bool()> must_stop_;
    bool is_caller_ = false;  // runs on the thread that the callbacks belong to
};

}  // namespace pysnn::detail
