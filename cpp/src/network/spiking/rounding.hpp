// The grids that make all sums exact, and rounding to them.
#pragma once

#include <optional>
#include <pysnn/spiking_network.hpp>
#include <vector>

#include "nodes/rows.hpp"

namespace pysnn::detail {

/// Rounds a population's incoming weights and biases to the grid that makes every sum of them
/// exact.
///
/// For each neuron (each channel where anything but a Linear feeds the population) the grid is the
/// smallest power of two g with sum |w / g| <= 2^24 (Int16: 2^15 - 1) over the rounded weights, all
/// projections and biases together. Weights are rounded half to even, pool weights up. Where the
/// population brings a grid, it is checked and nothing may change.
///
/// Args:
///     sources: of each projection.
///
/// Returns:
///     What rounding took away; nothing where the population brings its grid.
///
/// Throws:
///     std::invalid_argument: no grid in [2^-126, 2^103] fits, or the given grid does not hold.
std::optional<RoundingLoss> round_to_grid(Population& population,
                                          const std::vector<RowSource>& sources,
                                          Precision precision);

}  // namespace pysnn::detail
