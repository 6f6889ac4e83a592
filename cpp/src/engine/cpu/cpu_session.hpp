// The calls of one simulation on the CPU: workers, biases and state, kept from call to call.
#pragma once

#include <memory>
#include <optional>

#include "base/array.hpp"
#include "engine/cpu/cpu_program.hpp"
#include "engine/cpu/neuron_state.hpp"
#include "engine/cpu/runner.hpp"
#include "engine/cpu/schedule.hpp"
#include "engine/program.hpp"

namespace pysnn::detail {

class CpuSession : public Session {
  public:
    CpuSession(const CpuProgram& program, const Settings& settings, bool keeps_state);

    void run(const Call& call, Watch& watch, SimulationResult& result) override;
    void reset() override { is_initial_ = true; }
    PopulationState state(std::int64_t population) const override;
    void restore(const std::vector<PopulationState>& state) override;

  private:
    const Schedule& schedule_of(const Call& call);
    PopulationState initial_state(std::int64_t population) const;

    const CpuProgram& program_;
    const Settings& settings_;
    // Where the samples stand, and where the call at work leaves them; none if no state is kept.
    std::optional<NeuronState> now_;
    std::optional<NeuronState> next_;
    bool is_initial_ = true;
    Array<std::unique_ptr<Runner>> runners_;  // by worker
    Array<ScaledBias> bias_;                  // by population
    double bias_scale_ = -1.0;                // none yet
    std::optional<Schedule> of_intensities_;  // of calls that give numbers
    std::optional<Schedule> of_spikes_;       // of calls that give spikes
    int scheduled_threads_ = 0;
};

}  // namespace pysnn::detail
