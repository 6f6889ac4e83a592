// Sums over a result's output spikes.
#pragma once

#include <cstdint>
#include <pysnn/simulation.hpp>
#include <vector>

namespace pysnn::detail {

/// Adds the output spikes of a result, negative ones as -1, to `counts` (num_samples, num_outputs).
void add_spike_counts(const SimulationResult& result, std::vector<std::int32_t>& counts);

}  // namespace pysnn::detail
