// Which values of neurons a model file has as tensors.
#pragma once

#include <pysnn/spiking_network.hpp>
#include <vector>

#include "network/spiking/neuron_models.hpp"

namespace pysnn::detail {

/// Calls function(name, member) for the values that a neuron model reads: the file has one of each
/// per neuron, and none of the others.
template <typename Function>
void for_neuron_tensors(NeuronModel neuron, Function function) {
    const NeuronModelTraits& traits = traits_of(neuron);
    if (traits.has_threshold) {
        function("threshold", &Population::threshold);
    }
    if (traits.has_potential) {
        function("initial_potential", &Population::initial_potential);
    }
    if (traits.has_negative_threshold) {
        function("negative_threshold", &Population::negative_threshold);
    }
    if (traits.has_leak) {
        function("leak", &Population::leak);
    }
}

}  // namespace pysnn::detail
