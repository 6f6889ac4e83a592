// What a description of a spiking network must be.
#pragma once

#include <pysnn/spiking_network.hpp>

namespace pysnn::detail {

/// Throws:
///     std::invalid_argument: names the population, what came and what was expected.
void check_description(const SpikingNetworkDescription& description);

}  // namespace pysnn::detail
