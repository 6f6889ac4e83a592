// What the neurons of a population must be.
#pragma once

#include <pysnn/spiking_network.hpp>
#include <string>

namespace pysnn::detail {

/// Values of neurons, and which of them go with the neuron model.
///
/// Args:
///     where: at the beginning of messages.
///
/// Throws:
///     std::invalid_argument: names the value, what came and what was expected.
void check_neurons(const Population& population, const std::string& where);

}  // namespace pysnn::detail
