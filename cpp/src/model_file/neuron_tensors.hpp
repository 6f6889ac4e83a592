// Which values of neurons a model file has as tensors.
#pragma once

#include <pysnn/spiking_network.hpp>
#include <vector>

namespace pysnn::detail {

/// Calls function(name, member) for the values that a neuron model reads: the file has one of each
/// per neuron, and none of the others.
template <typename Function>
void for_neuron_tensors(NeuronModel neuron, Function function) {
    const bool has_threshold = neuron != NeuronModel::Readout && neuron != NeuronModel::MaxPool;
    if (has_threshold) {
        function("threshold", &Population::threshold);
    }
    if (neuron != NeuronModel::MaxPool) {
        function("initial_potential", &Population::initial_potential);
    }
    if (neuron == NeuronModel::Signed) {
        function("negative_threshold", &Population::negative_threshold);
    }
    if (neuron == NeuronModel::Leaky) {
        function("leak", &Population::leak);
    }
}

}  // namespace pysnn::detail
