"""NIR files."""

from __future__ import annotations

import math
import os
from graphlib import CycleError, TopologicalSorter
from typing import Any, get_args

import numpy as np

from ... import _core
from ..._base.numbers import as_choice, as_path, as_positive_float
from ...conversion.folding.channels import Channels
from ...nodes import AvgPool2d, Conv2d, Node, Shape
from ...spiking import INPUT, Reset, SpikingNetwork
from ..extras import load_library
from ..refusal import RefusalError
from .files import NirGraph, read_graph
from .maps import Doubles, as_doubles, check_size, map_of
from .neurons import NEURONS, rule_of
from .values import Terms


def from_nir(
    path: str | os.PathLike[str], *, reset: Reset = "zero", dt: float | None = None
) -> SpikingNetwork:
    """Return the spiking network of a NIR file.

    ``IF`` nodes become ``"if"`` populations under the names of the nodes, ``LIF`` and ``Threshold``
    nodes ``"leaky"`` ones, and what lies between them projections. NIR's neurons fire above their
    threshold, ours at it: thresholds become the next float32 above. Biases are those of a step, as
    with ``max_rate * dt = 1``. ``docs/importing/nir.md`` lists the nodes.

    Args:
        path: Name of the file.
        reset: What a spike does to the membrane potential. Files can only say ``"zero"``; say
            ``"subtract"`` where the sender is known to mean it, as sinabs does. Thresholds are then
            taken as they are, and fired at.
        dt: Time of a step in s; needed for ``LIF``, whose time constants are in s.

    Returns:
        The network, whose input are spikes.

    Raises:
        ImportError: nir is not installed.
        TypeError: An argument has the wrong type.
        ValueError: ``reset`` is unknown, or ``dt`` is not above 0.
        ModelFileError: The file is damaged, or has a node (which is named) that can't be a part of
            a spiking network.
        OSError: The file can't be read.
    """
    name = as_path(path)
    as_choice(reset, "reset", get_args(Reset))
    if dt is not None:
        dt = as_positive_float(dt, "dt")
    serialization = load_library("nir.serialization", "nir", "NIR files")
    h5py = load_library("h5py", "nir", "NIR files")
    try:
        graph = read_graph(serialization, h5py, name)
        return _Import(graph, reset, dt).network()
    except RefusalError as error:
        raise _core.ModelFileError(f"{name}: {error}") from None


class _Import:
    """One walk over a graph."""

    def __init__(self, graph: NirGraph, reset: Reset, dt: float | None) -> None:
        self._nodes: dict[str, Any] = dict(graph.nodes)
        self._edges = sorted({(str(a), str(b)) for a, b in graph.edges})
        self._reset = reset
        self._dt = dt

    def network(self) -> SpikingNetwork:
        """Return the network."""
        input_name, output_name = self._ends()
        order = self._order(output_name)
        shape = _shape_of(self._nodes[input_name], "input_type", input_name)
        self._snn = SpikingNetwork(shape)
        self._shapes: dict[str, Shape] = {INPUT: shape}
        values = {input_name: Terms.of_source(INPUT, shape)}
        for name in order:
            if name == input_name:
                continue
            total = self._total(name, values)
            if name == output_name:
                self._check_output(name, total)
                return self._snn
            values[name] = self._result(name, total)
        raise RefusalError(output_name, "Output", "is not reached", "check the edges")

    def _ends(self) -> tuple[str, str]:
        found = []
        for kind in ("Input", "Output"):
            names = [n for n, node in self._nodes.items() if type(node).__name__ == kind]
            if len(names) != 1:
                raise RefusalError(
                    "/".join(names) or "graph", kind, f"is there {len(names)} times", "have one"
                )
            found.append(names[0])
        return found[0], found[1]

    def _order(self, output_name: str) -> list[str]:
        """Return the nodes, each behind those that it reads."""
        sources: dict[str, set[str]] = {name: set() for name in self._nodes}
        for source, target in self._edges:
            sources[target].add(source)
        try:
            order = list(TopologicalSorter(sources).static_order())
        except CycleError as error:
            circle = list(dict.fromkeys(error.args[1]))
            raise RefusalError(
                circle[0],
                type(self._nodes[circle[0]]).__name__,
                f"is in a circle of {len(circle)} nodes",
                "use a feed-forward network",
            ) from None
        needed = {output_name}
        for name in reversed(order):
            kind = type(self._nodes[name]).__name__
            if name not in needed and kind != "Input":
                raise RefusalError(name, kind, "does not lead to the output", "take it out")
            needed |= sources[name]
        return order

    def _total(self, name: str, values: dict[str, Terms]) -> Terms:
        kind = type(self._nodes[name]).__name__
        terms = [values[source] for source, target in self._edges if target == name]
        if not terms:
            raise RefusalError(name, kind, "reads nothing", "check the edges")
        total = terms[0]
        for term in terms[1:]:
            if term.shape != total.shape:
                raise RefusalError(
                    name, kind, f"adds {total.shape} and {term.shape}", "check the edges"
                )
            try:
                total = total.added(term)
            except ValueError as error:
                raise RefusalError(name, kind, str(error), "let IF neurons stand between") from None
        return total

    def _result(self, name: str, total: Terms) -> Terms:
        node = self._nodes[name]
        kind = type(node).__name__
        if kind in NEURONS:
            return self._population(name, node, total)
        linear_map, shape, bias = map_of(name, node, total.shape)
        return total.through(linear_map, shape, bias, self._shapes, (name, kind))

    def _population(self, name: str, node: Any, total: Terms) -> Terms:
        kind, shape = type(node).__name__, total.shape
        rule = rule_of(name, node, shape, self._reset, self._dt)
        bias = np.zeros(shape) if total.shift is None else total.shift
        bias = rule.factor * bias + rule.bias
        limit = rule.threshold.astype(np.float32)
        if rule.reset == "zero":
            limit = np.nextafter(limit, np.float32(np.inf))
        own = self._unused(name)
        try:
            maps = self._scaled(name, kind, total, rule.factor)
            pool = _as_pool(maps)
            if pool is not None:
                limit = (limit / np.float32(math.prod(pool.kernel_size))).astype(np.float32)
            settings: dict[str, Any] = {"neuron": "if"}
            if rule.leak is not None:
                settings = {"neuron": "leaky", "leak": rule.leak}
            self._snn.add_population(
                own,
                shape,
                threshold=limit.reshape(-1),
                reset=rule.reset,
                bias=bias.reshape(-1) if bias.any() else None,
                **settings,
            )
            for source, layer in maps:
                self._snn.connect(source, own, pool if pool is not None else layer)
        except ValueError as error:
            reason = " ".join(str(error).split())
            raise RefusalError(name, kind, f"can't be kept: {reason}", "check the file") from None
        self._shapes[own] = shape
        return Terms.of_source(own, shape)

    def _scaled(
        self, name: str, kind: str, total: Terms, factor: Doubles
    ) -> list[tuple[str, Node]]:
        """Return the projections, times what each neuron multiplies its input by."""
        rows = factor.reshape(total.shape[0], -1)
        found: list[tuple[str, Node]] = []
        for source, each in total.maps:
            if (rows == rows[:, :1]).all():
                scaled = each.scaled(np.ones(1), rows[:, 0].copy())
            else:
                raise RefusalError(
                    name, kind, "has resistances that differ within a channel", "make them equal"
                )
            found.append((source, scaled.to_node()))  # type: ignore[attr-defined]
        return found

    def _check_output(self, name: str, total: Terms) -> None:
        source, linear_map = total.maps[0]
        is_last = source != INPUT and list(self._shapes)[-1] == source
        plain = isinstance(linear_map, Channels) and linear_map.is_unit and total.shift is None
        if len(total.maps) != 1 or not plain or not is_last:
            raise RefusalError(
                name,
                "Output",
                "does not read the spikes of the last neurons, as they are",
                "let one IF or LIF node stand before it",
            )

    def _unused(self, name: str) -> str:
        own = name.replace("/", ".").lstrip("_") or "node"
        while own == INPUT or own in self._shapes:
            own = f"{own}_"
        return own


def _as_pool(maps: list[tuple[str, Node]]) -> AvgPool2d | None:
    """Return a mean pool for sums over windows of a power of two, which lose nothing by it."""
    if len(maps) != 1 or not isinstance(maps[0][1], Conv2d):
        return None
    conv = maps[0][1]
    size = math.prod(conv.kernel_size)
    is_sum = conv.groups == conv.out_channels == conv.in_channels and (conv.weight == 1).all()
    if not is_sum or size & (size - 1) or size == 1 or conv.dilation != (1, 1):
        return None
    try:
        return AvgPool2d(conv.kernel_size, conv.stride, conv.sides)
    except ValueError:
        return None


def _shape_of(node: Any, field: str, name: str) -> Shape:
    kind = type(node).__name__
    given = next(iter(getattr(node, field).values()))
    try:
        sizes = as_doubles(given).ravel()
        if sizes.size > 4:
            raise ValueError(f"it has {sizes.size} sizes")
        shape = tuple(int(n) for n in sizes)
        check_size(shape)
    except (OverflowError, ValueError) as error:
        raise RefusalError(name, kind, f"has no shape: {error}", "check the file") from None
    if len(shape) == 2:
        shape = (shape[0], 1, shape[1])
    if len(shape) not in (1, 3) or min(shape) < 1 or (sizes % 1).any():
        raise RefusalError(name, kind, f"has the shape {shape}", "use vectors or images")
    return shape
