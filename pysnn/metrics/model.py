"""Metrics of a network that need no data."""

from __future__ import annotations

import numpy as np

from .. import _core
from ..network import Network
from ..nodes import Node, Shape, WeightedNode
from ..spiking import SpikingNetwork

Model = Network | SpikingNetwork


def footprint(model: Model) -> int:
    """Return the memory in bytes that a network needs: parameters and the state of one sample.

    A ReLU network has 4 bytes per weight and bias. A spiking network has 4 bytes per weight, 2
    with ``precision="int16"``; 4 per bias, and per threshold and initial potential, of which
    there is one where all neurons of a population share it; with ``"int16"`` 4 per factor from
    integers to weights; and 4 per neuron for its membrane potential.

    Raises:
        TypeError: ``model`` is neither a Network nor a SpikingNetwork.
    """
    check_model(model)
    if isinstance(model, Network):
        return 4 * model.num_parameters
    weight_bytes = 2 if model.precision == "int16" else 4
    total = 0
    for population in model.core.populations:
        values = population.threshold.size + population.initial_potential.size
        values += int(np.prod(population.shape))
        if model.precision == "int16":
            values += population.grid.size
        for _, layer in population.projections:
            total += weight_bytes * layer.weight.size
            if not isinstance(layer, _core.PoolSynapses) and layer.bias is not None:
                values += layer.bias.size
        total += 4 * values
    return total


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


def weighted_layers(model: Model) -> list[tuple[str | int, WeightedNode, Shape]]:
    """Return each weighted layer with where it reads from and the shape of that.

    A spiking network's sources are names of populations, or ``"input"``; a ReLU network's are
    numbers of layers, or -1 for the input.
    """
    check_model(model)
    if isinstance(model, Network):
        shapes = (model.input_shape, *model.layer_shapes)
        every: list[tuple[str | int, Node, Shape]] = [
            (i - 1, layer, shapes[i]) for i, layer in enumerate(model.layers)
        ]
    else:
        by_name = {population.name: population.shape for population in model.populations}
        by_name["input"] = model.input_shape
        every = [
            (projection.source, projection.layer, by_name[projection.source])
            for population in model.populations
            for projection in population.projections
        ]
    return [
        (source, layer, shape) for source, layer, shape in every if isinstance(layer, WeightedNode)
    ]


def check_model(model: object) -> None:
    """Raise a TypeError unless ``model`` is a network of either kind."""
    if not isinstance(model, Network | SpikingNetwork):
        raise TypeError(
            f"model is a {type(model).__name__}, but must be a pysnn.Network or "
            f"pysnn.SpikingNetwork"
        )
