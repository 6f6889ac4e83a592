// What a state must be for a simulation to go on from it.
#pragma once

#include <pysnn/simulation.hpp>

#include "engine/settings.hpp"

namespace pysnn::detail {

/// Throws:
///     std::invalid_argument: no simulation with these settings can be in that state; names the
///     population, what came and what was expected.
void check_state(const SpikingNetwork& network, const Settings& settings,
                 const SimulationState& state);

}  // namespace pysnn::detail
