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
from .maps import Doubles, map_of
from .values import Terms


def from_nir(
    path: str | os.PathLike[str], *, reset: Reset = "zero", dt: float | None = None
) -> SpikingNetwork:
    """Return the spiking network of a NIR file.

    ``IF`` nodes become ``"if"`` populations, ``LIF`` nodes ``"leaky"`` ones, under the names of the
    nodes, and what lies between them projections. NIR's neurons fire above their threshold, ours at
    it: thresholds become the next float32 above. Biases are those of a step, as with
    ``max_rate * dt = 1``. ``docs/importing.md`` lists the nodes.

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
    graph = read_graph(serialization, load_library("h5py", "nir", "NIR files"), name)
    try:
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
        order = self._order()
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

    def _order(self) -> list[str]:
        """Return the nodes that lead to the output, each behind those that it reads."""
        for source, target in self._edges:
            for name in (source, target):
                if name not in self._nodes:
                    raise RefusalError(name, "edge", "is no node of the graph", "check the edges")
        sources: dict[str, set[str]] = {name: set() for name in self._nodes}
        for source, target in self._edges:
            sources[target].add(source)
        try:
            return list(TopologicalSorter(sources).static_order())
        except CycleError as error:
            circle = list(dict.fromkeys(error.args[1]))
            raise RefusalError(
                circle[0],
                type(self._nodes[circle[0]]).__name__,
                f"is in a circle of {len(circle)} nodes",
                "use a feed-forward network",
            ) from None

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
            total = total.added(term)
        return total

    def _result(self, name: str, total: Terms) -> Terms:
        node = self._nodes[name]
        kind = type(node).__name__
        if kind in ("IF", "LIF"):
            return self._population(name, node, total)
        linear_map, shape, bias = map_of(name, node, total.shape)
        return total.through(linear_map, shape, bias, self._shapes, (name, kind))

    def _population(self, name: str, node: Any, total: Terms) -> Terms:
        kind = type(node).__name__
        shape = total.shape
        threshold = _per_neuron(name, node, "v_threshold", shape)
        if _per_neuron(name, node, "v_reset", shape).any():
            raise RefusalError(name, kind, "has v_reset other than 0", "shift its potentials to 0")
        factor = _per_neuron(name, node, "r", shape)
        leak: Doubles | None = None
        bias = np.zeros(shape) if total.shift is None else total.shift
        if kind == "LIF":
            share = self._step_share(name, node, shape)
            leak, factor = 1 - share, factor * share
            bias = factor * bias + share * _per_neuron(name, node, "v_leak", shape)
        else:
            bias = factor * bias
        kept = threshold.astype(np.float32)
        if self._reset == "zero":
            kept = np.nextafter(kept, np.float32(np.inf))
        maps = self._scaled(name, kind, total, factor)
        pool = _as_pool(maps)
        if pool is not None:
            kept = (kept / np.float32(math.prod(pool.kernel_size))).astype(np.float32)
        own = self._unused(name)
        settings: dict[str, Any] = {"neuron": "leaky", "leak": leak} if leak is not None else {}
        try:
            self._snn.add_population(
                own,
                shape,
                threshold=kept.reshape(-1),
                reset=self._reset,
                bias=bias.reshape(-1) if bias.any() else None,
                **settings,
            )
            for source, layer in maps:
                self._snn.connect(source, own, pool if pool is not None else layer)
        except ValueError as error:
            raise RefusalError(name, kind, f"can't be kept: {error}", "check the file") from None
        self._shapes[own] = shape
        return Terms.of_source(own, shape)

    def _step_share(self, name: str, node: Any, shape: Shape) -> Doubles:
        """Return dt / tau."""
        if self._dt is None:
            raise RefusalError(
                name, "LIF", "has time constants in s, but dt is not given", "give dt="
            )
        tau = _per_neuron(name, node, "tau", shape)
        if not (tau >= self._dt).all():
            raise RefusalError(
                name,
                "LIF",
                f"has a time constant of {tau.min():g} s, below dt, {self._dt:g} s",
                "give a smaller dt=",
            )
        return self._dt / tau

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
    shape = tuple(int(n) for n in np.ravel(next(iter(getattr(node, field).values()))))
    if len(shape) == 2:
        shape = (shape[0], 1, shape[1])
    if len(shape) not in (1, 3) or min(shape) < 1:
        raise RefusalError(
            name, type(node).__name__, f"has the shape {shape}", "use vectors or images"
        )
    return shape


def _per_neuron(name: str, node: Any, field: str, shape: Shape) -> Doubles:
    found = np.asarray(getattr(node, field), dtype=np.float64)
    if not np.isfinite(found).all():
        raise RefusalError(
            name, type(node).__name__, f"has {field} that is not finite", "check the file"
        )
    if found.size == 1:
        return np.full(shape, float(found.ravel()[0]))
    if found.size != math.prod(shape):
        raise RefusalError(
            name,
            type(node).__name__,
            f"has {field} of shape {found.shape} for neurons of shape {shape}",
            "check the file",
        )
    return found.reshape(shape)
