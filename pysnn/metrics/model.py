"""Metrics of a network that need no data."""

from __future__ import annotations

import numpy as np

from .._base.foreign import wrong_type
from ..network import INPUT, Network
from ..nodes import Node, Shape, WeightedNode
from ..spiking import Population, SpikingNetwork
from ..spiking.neuron import WITHOUT_THRESHOLD

Model = Network | SpikingNetwork


def footprint(model: Model) -> int:
    """Return the memory in bytes that a network needs: parameters and the state of one sample.

    A ReLU network has 4 bytes per weight, bias and statistic of a batch norm, and 8 per number of
    an `Affine`. A spiking network has 4 bytes per weight, 2 with ``precision="int16"``; 4 per bias,
    and per threshold, initial potential and what else a neuron model has, of which there is one
    where all neurons of a population share it; with ``"int16"`` 4 per factor from integers to
    weights; 4 per neuron for its membrane potential; and 4 per count of spikes, which ``"signed"``
    neurons, max pools and the sources of max pools have.

    Raises:
        TypeError: ``model`` is neither a Network nor a SpikingNetwork.
    """
    check_model(model)
    if isinstance(model, Network):
        return sum(
            array.nbytes
            for each in model.graph.nodes
            for array in each.node.arrays().values()
            if array is not None
        )
    weight_bytes = 2 if model.precision == "int16" else 4
    total = 0
    # The core keeps one value where all neurons of a population share it.
    for kept, population in zip(model.core.populations, model.populations, strict=True):
        values = _state_values(population, model) + kept.bias.size
        if population.neuron not in WITHOUT_THRESHOLD:
            values += kept.threshold.size
        if population.neuron != "max_pool":
            values += kept.initial_potential.size
        if population.neuron == "signed":
            values += kept.negative_threshold.size
        if population.neuron == "leaky":
            values += kept.leak.size
        if model.precision == "int16":
            values += kept.grid.size
        for projection in population.projections:
            total += weight_bytes * projection.weight.size
            if projection.bias is not None:
                values += projection.bias.size
        total += 4 * values
    return total


def _state_values(population: Population, model: SpikingNetwork) -> int:
    """Return the potentials and counts that a sample has of a population."""
    if population.neuron == "max_pool":
        (projection,) = population.projections
        sources = {each.name: each.num_neurons for each in model.populations}
        return population.num_neurons + sources[projection.source]
    return population.num_neurons * (2 if population.neuron == "signed" else 1)


def connection_sparsity(model: Model) -> float:
    """Return the fraction of weights of `Linear` and `Conv2d` layers that are 0.

    Of a convolution each weight counts once, however many synapses share it.

    Raises:
        TypeError: ``model`` is neither a Network nor a SpikingNetwork.
    """
    weights = [layer.weight for _, layer, _ in weighted_layers(model)]
    num_weights = sum(weight.size for weight in weights)
    num_zeros = sum(weight.size - np.count_nonzero(weight) for weight in weights)
    return float(num_zeros / num_weights) if num_weights else 0.0


def dense_operations(model: Model) -> int:
    """Return the synapses of all `Linear` and `Conv2d` layers.

    They are the multiply-accumulates of one sample in a ReLU network, and the accumulates of one
    step in a spiking network, if nothing is left out.

    Raises:
        TypeError: ``model`` is neither a Network nor a SpikingNetwork.

    Example:
        >>> dense_operations(pysnn.models.diehl2015_fcn())
        2392800
    """
    return sum(layer.num_synapses(shape) for _, layer, shape in weighted_layers(model))


def weighted_layers(model: Model) -> list[tuple[str, WeightedNode, Shape]]:
    """Return each weighted layer with the name of what it reads and the shape of that.

    What it reads is a layer of a ReLU network, a population of a spiking one, or ``"input"``.
    """
    check_model(model)
    every: list[tuple[str, Node, Shape]]
    if isinstance(model, Network):
        every = [
            (source, each.node, shape)
            for each in model.graph.nodes
            for source, shape in zip(each.inputs, each.input_shapes, strict=True)
        ]
    else:
        shapes = {population.name: population.shape for population in model.populations}
        shapes[INPUT] = model.input_shape
        every = [
            (projection.source, projection.layer, shapes[projection.source])
            for population in model.populations
            for projection in population.projections
        ]
    return [
        (source, node, shape) for source, node, shape in every if isinstance(node, WeightedNode)
    ]


def check_model(model: object) -> None:
    """Raise a TypeError unless ``model`` is a network of either kind."""
    if not isinstance(model, Network | SpikingNetwork):
        raise wrong_type("model", model, "a pysnn.Network or pysnn.SpikingNetwork")
