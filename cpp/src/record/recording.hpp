#pragma once

#include <cstdint>

#include "engine/cpu/job.hpp"
#include "engine/cpu/sample_slot.hpp"

namespace pysnn::detail {

/// Writes a population's spikes of the slot's chunk where the result was asked to keep them.
void record_population(const Job& job, std::size_t population, const SampleSlot& slot);

/// Writes the output population's spikes of the slot's chunk into the result, bit-packed.
void pack_outputs(const Job& job, const SampleSlot& slot);

/// Adds the output spikes of the slot's chunk to `counts` (num_outputs).
void count_outputs(const Job& job, const SampleSlot& slot, std::uint32_t* counts);

/// Adds the output spikes of a result to `counts` (num_samples, num_outputs).
void add_spike_counts(const SimulationResult& result, std::vector<std::uint32_t>& counts);

}  // namespace pysnn::detail
