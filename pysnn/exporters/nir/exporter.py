"""Files of the Neuromorphic Intermediate Representation (NIR)."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import numpy as np

from ..._base.extras import install_hint
from ..._base.files import replacing
from ..._base.foreign import wrong_type
from ..._base.numbers import as_bool, as_path, as_positive_float
from ...nodes import AvgPool2d, Linear, Shape
from ...spiking import INPUT, Population, Projection, SpikingNetwork
from .nodes import neuron_node, projection_node, step_bias, thresholds_of_sums, total_bias


def to_nir(
    snn: SpikingNetwork,
    path: str | os.PathLike[str],
    *,
    allow_reset_change: bool = False,
    max_rate: float | None = None,
    dt: float | None = None,
) -> None:
    """Write a spiking network to a NIR file.

    Populations become ``IF`` nodes under their names (``LIF`` where they leak), projections
    ``Affine`` and ``Conv2d``, pools ``SumPool2d`` with the threshold of the sum. NIR's neurons fire
    above their threshold, ours at it: thresholds are written as the next float32 below, so that the
    spikes are the same.

    Args:
        snn: The network.
        path: Name of the file, ``.nir`` by custom.
        allow_reset_change: NIR can only say that a spike sets the potential to 0. True writes
            neurons that subtract their threshold as such neurons, with their threshold as it is,
            for readers that are told to subtract, as `pysnn.from_nir` by ``reset="subtract"``.
        max_rate: Rate in Hz of an input of 1; with ``dt`` for networks with biases, which are
            written for one step.
        dt: Time of a step in s; for biases and for neurons that leak.

    Raises:
        ImportError: nir is not installed.
        TypeError: An argument has the wrong type.
        ValueError: The network has something that NIR can't express (names the population), or
            ``max_rate * dt`` is above 1.
        OSError: The file can't be written.
    """
    if not isinstance(snn, SpikingNetwork):
        raise wrong_type("snn", snn, "a pysnn.SpikingNetwork")
    name = as_path(path)
    as_bool(allow_reset_change, "allow_reset_change")
    max_rate, dt = (
        None if value is None else as_positive_float(value, argument)
        for value, argument in ((max_rate, "max_rate"), (dt, "dt"))
    )
    if max_rate is not None and dt is not None and max_rate * dt > 1:
        raise ValueError(f"max_rate * dt is {max_rate * dt}, but must be at most 1 spike in a step")
    try:
        nir, h5py = (importlib.import_module(each) for each in ("nir", "h5py"))
    except ImportError:
        raise ImportError(
            f"NIR files need nir and h5py, which are not installed: {install_hint('nir')}"
        ) from None
    graph = _Graph(nir, snn, max_rate, dt, allow_reset_change=allow_reset_change).whole()
    with replacing(Path(name)) as temporary:
        nir.write(temporary, graph)
        _leave_resets_out(h5py, temporary)


def _leave_resets_out(h5py: Any, path: Path) -> None:
    """Take ``v_reset``, 0 where it is not there, out of a file.

    Up to version 1.0.4, which sinabs asks for, nir refuses nodes that have it.
    """
    with h5py.File(path, "r+") as file:
        for node in file["node/nodes"].values():
            if "v_reset" in node:
                del node["v_reset"]


class _Graph:
    """Nodes and edges of a network."""

    def __init__(
        self,
        nir: Any,
        snn: SpikingNetwork,
        max_rate: float | None,
        dt: float | None,
        *,
        allow_reset_change: bool,
    ) -> None:
        self._nir = nir
        self._snn = snn
        self._drive = None if max_rate is None or dt is None else max_rate * dt
        self._dt = dt
        self._allow = allow_reset_change
        self._shapes: dict[str, Shape] = {INPUT: snn.input_shape}
        self._nodes: dict[str, Any] = {}
        self._edges: list[tuple[str, str]] = []

    def whole(self) -> Any:
        """Return the graph.

        Raises:
            ValueError: A population has something that NIR can't express.
        """
        self._check_input()
        self._nodes[INPUT] = self._nir.Input(input_type={"input": np.array(self._snn.input_shape)})
        for population in self._snn.populations:
            self._check(population)
            self._shapes[population.name] = population.shape
        for population in self._snn.populations:
            self._add(population)
        last = self._snn.populations[-1]
        end = self._unused("output")
        self._nodes[end] = self._nir.Output(output_type={"output": np.array(last.shape)})
        self._edges.append((last.name, end))
        return self._nir.NIRGraph(self._nodes, self._edges, type_check=False)

    def _check_input(self) -> None:
        if self._snn.input_affine is not None:
            raise ValueError(
                "snn has an input_affine, but the input of a NIR file is spikes: let the network "
                "begin behind it"
            )

    def _check(self, population: Population) -> None:
        name, neuron = population.name, population.neuron
        if neuron not in ("if", "leaky"):
            raise ValueError(
                f"population {name!r} has {neuron!r} neurons, which NIR lacks: convert with "
                f"neuron='if' and readout='spikes', and average pools"
            )
        if population.refractory_period:
            raise ValueError(
                f"population {name!r} has a refractory period of {population.refractory_period:g} "
                f"s, which NIR lacks"
            )
        if population.initial_potential.any():
            raise ValueError(
                f"population {name!r} has initial potentials, which NIR lacks: convert with "
                f"initial_potential=0"
            )
        if population.reset == "subtract" and not self._allow:
            raise ValueError(
                f"population {name!r} subtracts its threshold, but NIR's neurons are set to 0: "
                f"allow_reset_change=True writes them so, for readers that are told to subtract"
            )
        if neuron == "leaky" and self._dt is None:
            raise ValueError(f"population {name!r} leaks, so that dt is needed, but it is None")

    def _add(self, population: Population) -> None:
        name = population.name
        pools = [each for each in population.projections if isinstance(each.layer, AvgPool2d)]
        if pools and len(population.projections) > 1:
            raise ValueError(f"population {name!r} has a pool and other sources, which NIR lacks")
        has_matrix = any(isinstance(each.layer, Linear) for each in population.projections)
        if has_matrix and len(population.shape) > 1:
            raise ValueError(
                f"population {name!r} is an image behind a Linear, which NIR lacks: give it "
                f"the shape ({population.num_neurons},)"
            )
        nodes = [self._add_projection(population, each) for each in population.projections]
        if total_bias(population).any():
            self._add_bias(population, nodes)
        threshold = population.threshold.astype(np.float64)
        if pools:
            threshold = thresholds_of_sums(population, pools[0])
        self._nodes[name] = neuron_node(self._nir, population, threshold, self._dt)
        self._edges += [(node, name) for node in nodes]

    def _add_projection(self, population: Population, projection: Projection) -> str:
        """Add the node of a projection, and return its name."""
        source = projection.source
        shape = self._shapes[source]
        kind, node = projection_node(self._nir, projection, population.name, shape)
        name = self._unused(f"{population.name}.{kind}")
        if isinstance(projection.layer, Linear) and len(shape) > 1:
            source = self._flattened(source, shape)
        self._nodes[name] = node
        self._edges.append((source, name))
        return name

    def _add_bias(self, population: Population, names: list[str]) -> None:
        """Put a population's bias into the node of one of its projections."""
        if self._drive is None:
            raise ValueError(
                f"population {population.name!r} has biases, which are written for one step, so "
                f"that max_rate and dt are needed"
            )
        bias = step_bias(population, self._drive)
        by_channel = bias.reshape(population.shape[0], -1)
        for node in (self._nodes[name] for name in names):
            if isinstance(node, self._nir.Affine):
                node.bias = bias
                return
            if isinstance(node, self._nir.Conv2d) and (by_channel == by_channel[:, :1]).all():
                node.bias = by_channel[:, 0].copy()
                return
        raise ValueError(
            f"population {population.name!r} has a bias per neuron, which NIR can express for a "
            "Linear alone"
        )

    def _flattened(self, source: str, shape: Shape) -> str:
        name = f"{source}.flatten"
        if name not in self._nodes:
            self._nodes[name] = self._nir.Flatten(
                input_type={"input": np.array(shape)}, start_dim=0, end_dim=-1
            )
            self._edges.append((source, name))
        return name

    def _unused(self, name: str) -> str:
        taken = {*self._nodes, *self._shapes}
        while name in taken:
            name = f"{name}_"
        return name
