// What a simulation keeps of each population, and the arrays of a result.
#pragma once

#include <cstdint>
#include <pysnn/simulation.hpp>
#include <vector>

#include "base/array.hpp"
#include "record/recordable.hpp"

namespace pysnn::detail {

/// The recordables that options ask for, by population.
class RecordingPlan {
  public:
    RecordingPlan() = default;

    /// Throws:
    ///     std::invalid_argument: a name is that of no population, or of one that has not what is
    ///     asked for.
    RecordingPlan(const SpikingNetworkDescription& network, const RecordOptions& options);

    const RecordNeeds& needs(std::int64_t population) const { return needs_[population]; }
    const Array<const Recordable*>& of(std::int64_t population) const {
        return recordables_[population];
    }

    /// Takes what is kept of a chunk.
    void fill(std::int64_t population, const PopulationChunk& chunk,
              SimulationResult& result) const;

  private:
    Array<RecordNeeds> needs_;  // by population
    Array<Array<const Recordable*>> recordables_;
};

/// Gives the result the sizes of a call, all counts 0; memory that it has is used again.
///
/// Args:
///     input_rate: spikes of an input of 1 in a step, on average.
///
/// Throws:
///     OutOfMemory: it would not fit.
void prepare_result(const SpikingNetwork& network, const RecordingPlan& recording,
                    std::int64_t num_samples, std::int64_t first_step, std::int64_t num_steps,
                    double input_rate, SimulationResult& result);

/// Writes the output population's spikes of a chunk into the result, bit-packed, and a readout's
/// potentials.
void pack_outputs(const PopulationChunk& chunk, SimulationResult& result);

}  // namespace pysnn::detail
