"""The nodes of a network and who reads whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .._base.numbers import as_name
from ..nodes import AnyNode, AvgPool2d, Flatten, Shape, WeightedNode

INPUT = "input"
"""Name of the network's input among the inputs of a node."""


@dataclass(frozen=True, eq=False)
class GraphNode:
    """A node in its place.

    Attributes:
        name: Unique in the network.
        node: What it does.
        inputs: Where it reads from: names of earlier nodes, or ``"input"``.
        input_shapes: Shape of one sample of each input.
        output_shape: Shape of one sample of the output.
    """

    name: str
    node: AnyNode
    inputs: tuple[str, ...]
    input_shapes: tuple[Shape, ...]
    output_shape: Shape

    @property
    def input_shape(self) -> Shape:
        """Shape of the one input of a node that has one."""
        (shape,) = self.input_shapes
        return shape


class Graph:
    """Nodes in topological order; the last one is the output.

    Args:
        input_shape: Shape of one sample.
        nodes: Name, node and names of the inputs for each, every node behind its inputs.

    Attributes:
        input_shape: Shape of one sample.
        nodes: The nodes, each with its shapes.

    Raises:
        ValueError: A name is taken or can't be kept, an input is no earlier node, or shapes do not
            fit.
    """

    def __init__(
        self, input_shape: Shape, nodes: Sequence[tuple[str, AnyNode, Sequence[str]]]
    ) -> None:
        self.input_shape = input_shape
        shapes = {INPUT: input_shape}
        places: list[GraphNode] = []
        for i, (name, node, inputs) in enumerate(nodes):
            if any(name == each.name for each in places):
                raise ValueError(f"node {i} is named {name!r}, which is used twice")
            for source in inputs:
                if source not in shapes:
                    raise ValueError(
                        f"node {name!r} reads from {source!r}, which is no earlier node"
                    )
            input_shapes = tuple(shapes[source] for source in inputs)
            try:
                shapes[name] = node.output_shape(*input_shapes)
            except ValueError as error:
                raise ValueError(f"node {name!r} does not fit: {error}") from None
            places.append(GraphNode(name, node, tuple(inputs), input_shapes, shapes[name]))
        self.nodes = tuple(places)

    def with_node(self, name: str, node: AnyNode, inputs: Sequence[str]) -> Graph:
        """Return the graph with one more node behind all others."""
        nodes = [(each.name, each.node, each.inputs) for each in self.nodes]
        return Graph(self.input_shape, [*nodes, (name, node, inputs)])

    def readers(self) -> dict[str, tuple[str, ...]]:
        """Return the names of the nodes that read the input and each node."""
        names = [INPUT, *(each.name for each in self.nodes)]
        return {
            name: tuple(each.name for each in self.nodes if name in each.inputs) for name in names
        }

    @classmethod
    def chain(cls, input_shape: Shape, names: Sequence[str], nodes: Sequence[AnyNode]) -> Graph:
        """Return a graph in which every node reads the one before it."""
        sources = (INPUT, *names)
        return cls(
            input_shape,
            [
                (name, node, (source,))
                for source, name, node in zip(sources, names, nodes, strict=False)
            ],
        )

    @property
    def is_chain(self) -> bool:
        """Whether every node reads the one before it, and nothing else."""
        before = (INPUT, *(each.name for each in self.nodes))
        return all(each.inputs == (name,) for each, name in zip(self.nodes, before, strict=False))

    @property
    def is_plain(self) -> bool:
        """Whether all nodes are of the paper's kinds, with a ReLU behind all weights.

        Every such node is a population as it stands, or lays out numbers alone.
        """
        return all(
            isinstance(each.node, AvgPool2d | Flatten)
            or (isinstance(each.node, WeightedNode) and each.node.activation == "relu")
            for each in self.nodes
        )

    def __eq__(self, other: object) -> bool:
        """Compare nodes and who reads whom; names do not count."""
        if not isinstance(other, Graph):
            return NotImplemented
        return self.input_shape == other.input_shape and self._structure() == other._structure()

    __hash__ = None  # type: ignore[assignment]

    def _structure(self) -> list[tuple[AnyNode, tuple[int, ...]]]:
        index = {INPUT: -1, **{each.name: i for i, each in enumerate(self.nodes)}}
        return [(each.node, tuple(index[name] for name in each.inputs)) for each in self.nodes]

    def population_sources(self) -> dict[str, tuple[str, ...]]:
        """Return what feeds each node with synapses: such nodes or the input, by name.

        Nodes without synapses are passed through, as they are in a converted network.
        """
        values_of = {INPUT: INPUT}
        sources: dict[str, tuple[str, ...]] = {}
        for each in self.nodes:
            fed_by = tuple(values_of[name] for name in each.inputs)
            if each.node.has_synapses:
                sources[each.name] = fed_by
                values_of[each.name] = each.name
            else:
                (values_of[each.name],) = fed_by
        return sources


def numbered_names(nodes: Sequence[AnyNode]) -> tuple[str, ...]:
    """Return a name per node: its kind and a number from 1, such as ``"conv2"``."""
    kinds = [node.kind for node in nodes]
    return tuple(f"{kind}{kinds[: i + 1].count(kind)}" for i, kind in enumerate(kinds))


def checked_names(names: Sequence[str], num_nodes: int, argument: str) -> tuple[str, ...]:
    """Return names that a model file and a spiking network can keep, one per node.

    Raises:
        TypeError: They are no sequence, or one is not a str.
        ValueError: There are not ``num_nodes``, one stands twice, can't be kept, or is the input's.
    """
    if isinstance(names, str):
        raise TypeError(f"{argument} is a str, but must be a sequence of names")
    checked = tuple(as_name(name, f"{argument}[{i}]") for i, name in enumerate(names))
    if len(checked) != num_nodes:
        raise ValueError(f"{argument} has {len(checked)} names, but there are {num_nodes} layers")
    for i, name in enumerate(checked):
        if name == INPUT:
            raise ValueError(
                f"{argument}[{i}] is {name!r}, which is the name of the network's input"
            )
        if name in checked[:i]:
            raise ValueError(f"{argument}[{i}] is {name!r}, which is used twice")
    return checked
