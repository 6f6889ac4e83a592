// Less memory for a network that is only simulated.
#pragma once

#include <optional>
#include <pysnn/export.hpp>
#include <pysnn/input.hpp>
#include <pysnn/spiking_network.hpp>

namespace pysnn {

/// Makes a network that can only be simulated, under one kind of input, and needs less memory.
///
/// A network has its weights as they were given, and from its first simulation on as kernels read
/// them. This one has them once: packed for the kernels, or, from an input of constant currents, as
/// they were given. Its spikes are the same. It can't be saved.
///
/// Args:
///     network: moved in, its weights are freed, population by population, as they are packed; what
///     other copies share with it stays.
///     encoding: of its simulations; without it that of the network's description, else Poisson.
///     Poisson and Regular allow each other, and given spike trains. What is not allowed is refused
///     by simulations with std::invalid_argument.
///
/// Throws:
///     std::invalid_argument: the network is packed already, or the environment variable PYSNN_CPU
///     is wrong.
///     std::bad_alloc: the packed weights do not fit; a network that was moved in is lost then.
PYSNN_API SpikingNetwork pack(SpikingNetwork network,
                              std::optional<Encoding> encoding = std::nullopt);

}  // namespace pysnn
