"""From the nodes of a network to populations and the linear maps between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, assert_never

import numpy as np

from ..._base.foreign import wrong_type
from ..._base.numbers import as_choice
from ...network import INPUT, Graph, GraphNode, Network
from ...nodes import (
    Add,
    Affine,
    AvgPool2d,
    BatchNorm,
    Concat,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    Pad,
    ReLU,
)
from .averages import Averages, pool_map
from .compose import TooLargeError
from .folded_network import FoldedNetwork, InputAffine
from .linear_map import LinearMap
from .populations import Populations
from .value import Value, add, concat
from .weighted import weighted_map

Pools = Literal["spiking", "folded"]
POOLS: tuple[Pools, ...] = ("spiking", "folded")


def fold(network: Network, *, pools: Pools = "spiking") -> FoldedNetwork:
    """Return the populations that a network becomes, and the linear maps between them.

    Batch norm, affine maps, sums, concatenations, borders and flattening are no populations: they
    are composed in float64 with the weights in front of them and with those behind. A ReLU behind a
    max pool moves in front of it, one behind a ReLU is merged with it. Where a second weighted node
    follows without a ReLU between, a population of ``"bipolar"`` neurons stands between them.

    Args:
        network: The network; it is not changed.
        pools: What becomes of average pools: ``"spiking"``, populations of their own, or
            ``"folded"``, parts of the weights behind them.

    Returns:
        The folded network, whose outputs are those of ``network`` to rounding; printing it shows a
        table.

    Raises:
        TypeError: ``network`` is not a Network, or ``pools`` not a str.
        ValueError: ``pools`` is unknown, or a node (which is named) can't be a population.

    Example:
        >>> network = pysnn.Network(input_shape=(1, 2, 2))
        >>> conv = pysnn.Conv2d([[[[2.0]]]], [-1.0])
        >>> _ = network.add("conv", conv).add("norm", pysnn.BatchNorm([3.0], [0.0], [1.0], [1.0]))
        >>> _ = network.add("relu", pysnn.ReLU())
        >>> print(fold(network))
        FoldedNetwork: 1 populations
        population      shape  neuron           sources  ceiling
        input       (1, 2, 2)
        relu        (1, 2, 2)      if  input (Identity)
    """
    if not isinstance(network, Network):
        raise wrong_type("network", network, "a pysnn.Network")
    as_choice(pools, "pools", POOLS)
    network.to_core()  # which checks that every node leads to the output
    return fold_graph(network.graph, pools=pools)


def fold_graph(
    graph: Graph, *, pools: Pools = "spiking", signed_input: bool = False
) -> FoldedNetwork:
    """Return `fold` of a graph.

    Args:
        graph: The nodes, each of which leads to the output.
        pools: As for `fold`.
        signed_input: Whether inputs may be negative, which pools of them must know.
    """
    return _Folding(graph, pools, signed_input).run()


class _Folding:
    """One walk over a graph, in the course of which populations are added."""

    def __init__(self, graph: Graph, pools: Pools, signed_input: bool) -> None:
        self._graph = graph
        self._pools = pools
        self._readers = graph.readers()
        self._nodes = {each.name: each for each in graph.nodes}
        self._affine, self._skipped = input_affine(graph)
        signed_input = signed_input or self._affine is not None
        self._populations = Populations(graph, signed_input)
        self._values = {INPUT: Value.of_source(INPUT, graph.input_shape, graph.input_shape)}
        # ReLUs behind max pools that were applied before them, by the name of the ReLU.
        self._moved: set[str] = set()

    def run(self) -> FoldedNetwork:
        """Return the folded network."""
        for each in self._graph.nodes:
            if each.name in self._skipped:
                self._values[each.name] = self._values[INPUT]
                continue
            inputs = [self._values[name] for name in each.inputs]
            try:
                self._values[each.name] = self._folded(each, inputs)
            except TooLargeError as error:
                raise ValueError(
                    f"network has {each.name!r}, a {type(each.node).__name__} that can't be folded "
                    f"with what is before it: it would take {error}"
                ) from None
        output = self._graph.nodes[-1]
        self._populations.finish(output.name, self._values[output.name])
        return FoldedNetwork(
            self._graph.input_shape,
            output.output_shape,
            self._affine,
            self._populations.finished(),
        )

    def _folded(self, each: GraphNode, inputs: Sequence[Value]) -> Value:
        node, value = each.node, inputs[0]
        shapes = self._populations.shapes
        match node:
            case Linear() | Conv2d():
                return self._weighted(each, node)
            case AvgPool2d():
                return self._averaged(each, node)
            case MaxPool2d():
                return self._largest(each, node)
            case BatchNorm():
                return value.scaled(*node.factors(), shapes)
            case Affine():
                return value.scaled(node.scale, node.shift, shapes)
            case ReLU():
                if each.name in self._moved:
                    return value
                return self._rectified(each.name, node, each.inputs[0])
            case Add():
                return add(inputs, shapes)
            case Concat():
                return concat([self._placeable(name) for name in each.inputs])
            case Flatten():
                return value.flattened()
            case Pad():
                padded = value.padded(node.sides)
                if padded is None:
                    padded = self._materialized(each.inputs[0]).padded(node.sides)
                assert padded is not None, "what a population sends can be padded"
                return padded
            case _:
                assert_never(node)

    def _weighted(self, each: GraphNode, node: Linear | Conv2d) -> Value:
        linear_map, is_weighted = weighted_map(node)
        value = self._through(each, linear_map, is_weighted)
        if node.bias is not None:
            value = value.shifted(node.bias.astype(np.float64))
        if node.activation == "none":
            return value
        return self._populations.add_rectified(each.name, each.name, value, ReLU())

    def _through(self, each: GraphNode, linear_map: LinearMap, is_weighted: bool) -> Value:
        shapes = self._populations.shapes
        value = self._values[each.inputs[0]]
        behind = value.through(linear_map, shapes, is_weighted=is_weighted)
        if behind is not None:
            return behind
        if any(isinstance(term.map, Averages) for term in value.terms) and not value.is_weighted:
            raise ValueError(
                f"network has {each.name!r}, a {type(each.node).__name__} behind an average pool "
                f"whose windows have different divisors; that can't be folded, but pools='spiking' "
                f"makes it a population"
            )
        behind = self._materialized(each.inputs[0]).through(
            linear_map, shapes, is_weighted=is_weighted
        )
        assert behind is not None, "any map goes behind a population"
        return behind

    def _averaged(self, each: GraphNode, node: AvgPool2d) -> Value:
        if self._pools == "folded" or node.kernel_size == (1, 1):
            linear_map = pool_map(node, each.input_shape)
            return self._through(each, linear_map, is_weighted=False)
        return self._pooled(each, node)

    def _largest(self, each: GraphNode, node: MaxPool2d) -> Value:
        relu = self._relu_behind(each.name)
        if relu is None or relu.name in self._moved:
            return self._pooled(each, node)
        assert isinstance(relu.node, ReLU)
        self._moved.add(relu.name)
        # Other readers of what the pool reads see it as it is.
        return self._pooled(each, node, self._rectified(relu.name, relu.node, each.inputs[0]))

    def _relu_behind(self, name: str) -> GraphNode | None:
        """Return the ReLU that is all that reads a max pool, or max pools behind it."""
        readers = self._readers[name]
        if len(readers) != 1:
            return None
        reader = self._nodes[readers[0]]
        if isinstance(reader.node, MaxPool2d):
            return self._relu_behind(reader.name)
        return reader if isinstance(reader.node, ReLU) else None

    def _pooled(
        self, each: GraphNode, node: AvgPool2d | MaxPool2d, rectified: Value | None = None
    ) -> Value:
        value = rectified or self._values[each.inputs[0]]
        parts = self._populations.parts(value)
        if parts is None:
            value = self._materialized(each.inputs[0])
            parts = self._populations.parts(value)
            assert parts is not None, "what a population sends is its own part"
        if isinstance(node, MaxPool2d) and INPUT in parts:
            raise ValueError(
                f"network has {each.name!r}, a max pool of the network's input, which has no spike "
                f"counts to compare; expected a weighted node with a ReLU before it"
            )
        pooled = self._populations.add_pools(each.name, node, parts)
        return pooled[0] if len(pooled) == 1 else concat(pooled)

    def _rectified(self, name: str, node: ReLU, source: str) -> Value:
        value = self._values[source]
        merged = self._populations.merged_relu(value, node, only_reader=self._only_reader(source))
        if merged:
            return value
        # What is cut off twice stays as it is.
        origin = name if source == INPUT else source
        return self._populations.add_rectified(name, origin, value, node)

    def _only_reader(self, name: str) -> bool:
        """Return whether one node reads a value, and also what it was flattened from."""
        if len(self._readers[name]) != 1:
            return False
        each = self._nodes.get(name)
        if each is None or not isinstance(each.node, Flatten | MaxPool2d):
            return True
        return self._only_reader(each.inputs[0])

    def _placeable(self, name: str) -> Value:
        value = self._values[name]
        if value.layout == value.shape and any(
            isinstance(term.map, Averages) for term in value.terms
        ):
            return self._materialized(name)
        return value

    def _materialized(self, name: str) -> Value:
        """Return a node's value as what a population of its name sends."""
        value = self._populations.add_value(name, self._values[name])
        self._values[name] = value
        return value


def input_affine(graph: Graph) -> tuple[InputAffine | None, set[str]]:
    """Return what is done to the input before anything reads it, and the nodes that do it."""
    readers = graph.readers()
    skipped: set[str] = set()
    scale, shift = np.ones(1), np.zeros(1)
    name = INPUT
    for each in graph.nodes:
        alone = readers[name] == (each.name,) and each.inputs == (name,)
        if not alone or not isinstance(each.node, Affine | BatchNorm):
            break
        node = each.node
        a, b = node.factors() if isinstance(node, BatchNorm) else (node.scale, node.shift)
        scale, shift = scale * a, shift * a + b
        skipped.add(each.name)
        name = each.name
    return (InputAffine(scale, shift) if skipped else None), skipped
