// Which populations send spikes of both signs.
#pragma once

#include <pysnn/spiking_network.hpp>

#include "base/array.hpp"

namespace pysnn::detail {

/// By population of a checked description: whether it can send -1.
Array<char> negative_senders(const SpikingNetworkDescription& description);

}  // namespace pysnn::detail
