// The neurons of all samples of a simulation, between calls.
#pragma once

#include <cstdint>
#include <vector>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/cpu_program.hpp"
#include "engine/cpu/sample_slot.hpp"
#include "engine/settings.hpp"

namespace pysnn::detail {

/// Membrane potentials, refractory counters and counts of spikes, by population, by lane.
class NeuronState {
  public:
    /// Uninitialised memory for all samples of a simulation.
    NeuronState(const CpuProgram& program, const Settings& settings);

    void load(SampleSlot& slot) const;
    void store(const SampleSlot& slot);

    /// In the order of the public interface.
    PopulationState state(std::int64_t population) const;
    void restore(const std::vector<PopulationState>& state);

    /// What every sample begins with.
    static void load_initial(const CpuProgram& program, const Settings& settings, SampleSlot& slot);

  private:
    struct Neurons {
        const PackedPopulation* packed = nullptr;
        AlignedBuffer<float> potential;             // (num_samples, padded)
        AlignedBuffer<float> refractory_left;       // as potential; empty without a period
        AlignedBuffer<std::int32_t> sent;           // (num_samples, num_sent())
        AlignedBuffer<std::int32_t> source_counts;  // (num_samples, num_source_counts())
    };

    std::int64_t num_samples_;
    Array<Neurons> populations_;
};

}  // namespace pysnn::detail
