"""Which population of a spiking network stands for which node of a ReLU network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...network import INPUT, Graph, GraphNode
from ...nodes import Node, WeightedNode
from ...spiking import Population, SpikingNetwork


@dataclass(frozen=True, eq=False)
class Stage:
    """A population and the node that it was made from.

    Attributes:
        position: Position of the node among those of the ReLU network.
        node: The node in its place.
        population: The population.
        channel_scale: Activation of the node that a rate of ``max_rate`` stands for, one for all
            neurons or one per channel.
    """

    position: int
    node: GraphNode
    population: Population
    channel_scale: NDArray[np.float64]

    @property
    def scale(self) -> NDArray[np.float64]:
        """The scale of each neuron, (num_neurons,)."""
        return np.repeat(self.channel_scale, self.population.num_neurons // len(self.channel_scale))

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the populations that feed it, or ``"input"``."""
        return tuple(projection.source for projection in self.population.projections)


@dataclass(frozen=True, eq=False)
class _Place:
    """A node that becomes a population, and the names of those that feed it."""

    position: int
    node: GraphNode
    sources: tuple[str, ...]


def match(graph: Graph, snn: SpikingNetwork) -> list[Stage]:
    """Return the populations in order, each with its node of a ReLU network.

    A population stands for a node of the same structure that its own sources' nodes feed: for the
    one of its name, or for the first where names differ, as in networks built by hand.

    Raises:
        ValueError: The populations are not those that `convert` makes of the network.
    """
    if graph.input_shape != snn.input_shape:
        raise ValueError(
            f"snn has inputs of shape {snn.input_shape}, but network of {graph.input_shape}"
        )
    places = _places(graph)
    if len(places) != len(snn.populations):
        raise ValueError(
            f"snn has {len(snn.populations)} populations, but network has {len(places)} layers "
            f"that become one; expected what pysnn.convert makes of it"
        )
    node_of = {INPUT: INPUT}
    stages = []
    for population in snn.populations:
        place = _place_of(population, places, node_of)
        _check_structure(population, place.node)
        places.remove(place)
        node_of[population.name] = place.node.name
        stages.append(Stage(place.position, place.node, population, _channel_scale(population)))
    return stages


def _places(graph: Graph) -> list[_Place]:
    sources = graph.population_sources()
    return [
        _Place(i, each, sources[each.name])
        for i, each in enumerate(graph.nodes)
        if each.name in sources
    ]


def _place_of(population: Population, places: Sequence[_Place], node_of: dict[str, str]) -> _Place:
    sources = [projection.source for projection in population.projections]
    nodes = sorted(node_of[source] for source in sources)
    fed = [place for place in places if sorted(place.sources) == nodes]
    if not fed:
        raise ValueError(
            f"snn has population {population.name!r} with sources {sources}, but none of the "
            f"layers of network that are left, such as {places[0].node.name!r} with sources "
            f"{list(places[0].sources)}, reads from there; expected what pysnn.convert makes of it"
        )
    likely = [place for place in fed if _fits(population, place.node)] or fed
    named = [place for place in likely if place.node.name == population.name]
    return (named or likely)[0]


def _fits(population: Population, node: GraphNode) -> bool:
    structure = _structure(node.node)
    return population.shape == node.output_shape and all(
        _structure(projection.layer) == structure for projection in population.projections
    )


def _check_structure(population: Population, node: GraphNode) -> None:
    if not _fits(population, node):
        behind = ", ".join(_text(projection.layer) for projection in population.projections)
        raise ValueError(
            f"snn has population {population.name!r} of shape {population.shape} behind a "
            f"{behind}, but network has the layer {node.name!r}, a {_text(node.node)} of output "
            f"shape {node.output_shape}"
        )


def _structure(node: Node) -> tuple[type[Node], dict[str, object]]:
    """Return the kind, the shape of the weights, and the sizes of the windows."""
    sizes: dict[str, object] = dict(node.geometry())
    if isinstance(node, WeightedNode):
        sizes["weight"] = node.weight.shape
    return type(node), sizes


def _text(node: Node) -> str:
    kind, sizes = _structure(node)
    return f"{kind.__name__}({', '.join(f'{name}: {size}' for name, size in sizes.items())})"


def _channel_scale(population: Population) -> NDArray[np.float64]:
    scale = population.scale_factor
    return np.atleast_1d(np.asarray(1.0 if scale is None else scale, dtype=np.float64))
