"""The populations that folding has made so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...network import INPUT, Graph
from ...nodes import AvgPool2d, MaxPool2d, ReLU, Shape
from ...spiking.neuron import Neuron
from .averages import Averages
from .channels import Channels
from .compose import as_dense
from .folded_network import FoldedPopulation, FoldedProjection
from .linear_map import Doubles, LinearMap
from .placed import Placed
from .value import Value


class Populations:
    """Populations by name, in order.

    Args:
        graph: The network's nodes.
        signed_input: Whether inputs may be negative.

    Attributes:
        shapes: Shapes of the input and of the populations.
    """

    def __init__(self, graph: Graph, signed_input: bool) -> None:
        self._made: dict[str, FoldedPopulation] = {}
        self._names = {each.name for each in graph.nodes}
        self._signed = {INPUT: signed_input}
        self.shapes: dict[str, Shape] = {INPUT: graph.input_shape}

    def finished(self) -> tuple[FoldedPopulation, ...]:
        """Return the populations."""
        return tuple(self._made.values())

    def add_rectified(self, name: str, node: str, value: Value, relu: ReLU) -> Value:
        """Add the population of a ReLU and return what it sends.

        Args:
            name: Name of the population.
            node: Name of the node whose output is rectified.
            value: That output.
            relu: The ReLU.
        """
        return self._add(name, value, "if", node, max=relu.max, levels=relu.levels)

    def add_value(self, name: str, value: Value) -> Value:
        """Add a population for a value that may be negative and return what it sends."""
        if value.source is not None:
            return value
        return self._add(name, value, "bipolar" if self._may_be_negative(value) else "if", name)

    def finish(self, name: str, value: Value) -> None:
        """Add the readout of a linear output; that of a population is the population."""
        if value.source is None or value.source == INPUT:
            self._add(name, value, "readout", name)

    def parts(self, value: Value) -> tuple[str, ...] | None:
        """Return the sources that a value is made of, unchanged, behind each other, or None."""
        if value.source is not None:
            return (value.source,)
        first = 0
        names: list[str] = []
        for term in value.terms:
            each = term.map
            if term.is_weighted or not isinstance(each, Channels) or not each.keeps_places:
                return None
            if each.first_channel != first or (each.weight != 1).any() or value.shift.any():
                return None
            names.append(term.source)
            first += len(each.weight)
        return tuple(names) if first == value.shape[0] else None

    def add_pools(
        self, name: str, node: AvgPool2d | MaxPool2d, sources: Sequence[str]
    ) -> list[Value]:
        """Add a population that pools each source, and return what they send."""
        values: list[Value] = []
        first = 0
        for i, source in enumerate(sources):
            own = name if len(sources) == 1 else self._part_name(name, i)
            shape = node.output_shape(self.shapes[source])
            signed = self._signed[source]
            average: Neuron = "bipolar" if signed else "if"
            self._made[own] = FoldedPopulation(
                name=own,
                shape=shape,
                neuron="max_pool" if isinstance(node, MaxPool2d) else average,
                projections=(FoldedProjection(source, node),),
                node=name,
                channels=None if len(sources) == 1 else (first, first + shape[0]),
            )
            first += shape[0]
            self.shapes[own], self._signed[own] = shape, signed
            values.append(Value.of_source(own, shape, shape))
        return values

    def merged_relu(self, value: Value, relu: ReLU, *, only_reader: bool) -> bool:
        """Return whether a ReLU needs no population, after it was merged with one that is there.

        Args:
            value: What it reads.
            relu: The ReLU.
            only_reader: Whether nothing else reads that.
        """
        source = value.source
        if source is None or self._signed[source]:
            return False
        if relu.max is None:
            return source != INPUT
        population = self._made.get(source)
        if population is None:
            return False
        ceiling = self._ceiling(source)
        if ceiling is not None and relu.levels is None and ceiling <= relu.max:
            return True
        if (population.max, population.levels) == (relu.max, relu.levels):
            return True
        may_change = only_reader and population.is_rectified and population.levels is None
        lower = population.max is None or population.max >= relu.max
        if may_change and lower:
            self._made[source] = replace(population, max=relu.max, levels=relu.levels)
            return True
        return False

    def _ceiling(self, source: str) -> float | None:
        """Return the largest value that a population can have, where one is known."""
        population = self._made.get(source)
        if population is None or not population.is_pool:
            return None if population is None else population.max
        return self._ceiling(population.projections[0].source)

    def _add(
        self,
        name: str,
        value: Value,
        neuron: Neuron,
        node: str,
        *,
        max: float | None = None,
        levels: int | None = None,
    ) -> Value:
        value = _without_placed(value, self.shapes).merged(self.shapes)
        terms = [replace(each, map=self._map(each.source, each.map)) for each in value.terms]
        self._made[name] = FoldedPopulation(
            name=name,
            shape=value.layout,
            neuron=neuron,
            projections=tuple(FoldedProjection(each.source, each.map) for each in terms),  # type: ignore[arg-type]
            bias=_short_bias(value.shift),
            max=max,
            levels=levels,
            node=node,
        )
        self.shapes[name] = value.layout
        self._signed[name] = neuron in ("bipolar", "readout")
        return Value.of_source(name, value.shape, value.layout)

    def _map(self, source: str, linear_map: LinearMap) -> LinearMap:
        if isinstance(linear_map, Averages):
            return as_dense(linear_map, self.shapes[source])
        return linear_map

    def _may_be_negative(self, value: Value) -> bool:
        return bool((value.shift < 0).any()) or any(
            self._signed[each.source] or bool((each.map.weights < 0).any()) for each in value.terms
        )

    def _part_name(self, name: str, i: int) -> str:
        part = f"{name}.{i + 1}"
        while part in self._names or part in self._made:
            part += "_"
        return part


def _without_placed(value: Value, shapes: dict[str, Shape]) -> Value:
    """Return a value whose maps can be projections: parts of vectors as matrices."""
    if any(isinstance(term.map, Placed) for term in value.terms):
        return value.as_dense(shapes)
    return value


def _short_bias(shift: Doubles) -> Doubles | None:
    """Return one number per channel where those of a channel are equal, None where all are 0."""
    if not shift.any():
        return None
    by_channel = shift.reshape(len(shift), -1)
    if (by_channel == by_channel[:, :1]).all():
        return np.ascontiguousarray(by_channel[:, 0])
    return shift
