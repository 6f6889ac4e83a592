"""Which population stands for which layer, and networks that begin at a population."""

from __future__ import annotations

from dataclasses import dataclass

from ..network import Network
from ..nodes import Node, WeightedNode
from ..spiking import INPUT, Population, SpikingNetwork


@dataclass(frozen=True, eq=False)
class Stage:
    """A population and the layer that it was made from.

    Attributes:
        layer: Position of the layer in the ReLU network.
        population: The population.
        scale_factor: Activation of the layer that a rate of ``max_rate`` stands for.
    """

    layer: int
    population: Population
    scale_factor: float


def match(network: Network, snn: SpikingNetwork) -> list[Stage]:
    """Return the populations in order, each with its layer.

    Raises:
        ValueError: The populations are no chain, or not those that `convert` makes of the network.
    """
    if network.input_shape != snn.input_shape:
        raise ValueError(
            f"snn has inputs of shape {snn.input_shape}, but network of {network.input_shape}"
        )
    layers = [i for i, layer in enumerate(network.layers) if layer.has_synapses]
    populations = snn.populations
    if len(layers) != len(populations):
        raise ValueError(
            f"snn has {len(populations)} populations, but network has {len(layers)} layers that "
            f"become one; expected what pysnn.convert makes of it"
        )
    source = INPUT
    stages = []
    for i, population in zip(layers, populations, strict=True):
        _check_source(population, source)
        _check_layer(population, network, i)
        scale = population.scale_factor
        stages.append(Stage(i, population, 1.0 if scale is None else scale))
        source = population.name
    return stages


def _check_source(population: Population, source: str) -> None:
    sources = [projection.source for projection in population.projections]
    if sources != [source]:
        raise ValueError(
            f"snn has population {population.name!r} with sources {sources}, but only a chain "
            f"can be compared with a sequential network; expected {[source]}"
        )


def _check_layer(population: Population, network: Network, position: int) -> None:
    layer = network.layers[position]
    made_of = population.projections[0].layer
    if (
        _structure(layer) != _structure(made_of)
        or population.shape != network.layer_shapes[position]
    ):
        raise ValueError(
            f"snn has population {population.name!r} of shape {population.shape} behind a "
            f"{_text(made_of)}, but network has the layer {network.layer_names[position]!r}, a "
            f"{_text(layer)} of output shape {network.layer_shapes[position]}"
        )


def _structure(layer: Node) -> tuple[str, tuple[object, ...]]:
    """Return the kind, the shape of the weights, and the sizes of the windows."""
    weight = (layer.weight.shape,) if isinstance(layer, WeightedNode) else ()
    return type(layer).__name__, (*weight, *layer.geometry().values())


def _text(layer: Node) -> str:
    kind, sizes = _structure(layer)
    return f"{kind}{sizes}"


def tail(snn: SpikingNetwork, first: int) -> SpikingNetwork:
    """Return the populations from ``first`` on, with the one before them as the input."""
    populations = snn.populations
    network = SpikingNetwork(populations[first - 1].shape, precision=snn.precision)
    source = INPUT
    for population in populations[first:]:
        network.add_population(
            population.name,
            population.shape,
            threshold=population.threshold,
            reset=population.reset,
            refractory_period=population.refractory_period,
            initial_potential=population.initial_potential,
        )
        network.connect(source, population.name, population.projections[0].layer)
        source = population.name
    return network
