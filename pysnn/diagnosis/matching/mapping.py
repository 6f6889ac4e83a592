"""Which population of a spiking network stands for which node of a ReLU network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...conversion.folding import POOLS, FoldedPopulation, fold_graph
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
        folded: The value that the population stands for where that is not the node's output as it
            is; None where it is.
    """

    position: int
    node: GraphNode
    population: Population
    channel_scale: NDArray[np.float64]
    folded: FoldedPopulation | None = None

    def values(self, outputs: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Return the values that the population stands for, (num_samples, num_neurons).

        Args:
            outputs: Outputs of every node of the ReLU network.
        """
        found = outputs[self.position]
        if self.folded is None:
            return found.reshape(len(found), -1)
        first, end = self.folded.channels or (0, found.shape[1])
        part = found[:, first:end].reshape(len(found), -1)
        return self.folded.rectified(part.astype(np.float64)).astype(np.float32)

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
    if not graph.is_plain or _is_folded(snn):
        return _match_folded(graph, snn)
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


def _is_folded(snn: SpikingNetwork) -> bool:
    """Return whether a chain was converted in another way than that of the paper."""
    return not snn.input_range.is_default or any(
        each.neuron not in ("if", "signed", "leaky") or each.bias is not None
        for each in snn.populations
    )


def _match_folded(graph: Graph, snn: SpikingNetwork) -> list[Stage]:
    """Return the populations with the values of a folded network of the same names and shapes."""
    given = {each.name: each.shape for each in snn.populations}
    folded: dict[str, FoldedPopulation] = {}
    for pools in POOLS:
        try:
            found = fold_graph(graph, pools=pools, signed_input=snn.input_range.is_signed)
        except ValueError:
            if pools == POOLS[0]:
                raise
            break
        folded = {each.name: each for each in found.populations}
        if {name: each.shape for name, each in folded.items()} == given:
            break
    for name, shape in given.items():
        if name not in folded or folded[name].shape != shape:
            raise ValueError(
                f"snn has population {name!r} of shape {shape}, but network makes none such of "
                f"its nodes; expected what pysnn.convert makes of it"
            )
    for name in folded:
        if name not in given:
            raise ValueError(
                f"snn has no population {name!r}, which network makes of its nodes; expected what "
                f"pysnn.convert makes of it"
            )
    positions = {each.name: i for i, each in enumerate(graph.nodes)}
    stages = []
    for population in snn.populations:
        value = folded[population.name]
        if population.neuron in ("bipolar", "readout"):
            value = replace(value, neuron=population.neuron)
        position = positions[value.node]
        stages.append(
            Stage(position, graph.nodes[position], population, _channel_scale(population), value)
        )
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
