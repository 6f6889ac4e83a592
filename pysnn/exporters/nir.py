"""Files of the Neuromorphic Intermediate Representation (NIR)."""

from __future__ import annotations

import importlib
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._base.files import replacing
from .._base.numbers import as_bool, as_path, as_positive_float
from ..nodes import AvgPool2d, Conv2d, Identity, Linear, Shape
from ..spiking import INPUT, Population, Projection, SpikingNetwork

_Doubles = NDArray[np.float64]


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
    ``Linear``, ``Affine`` and ``Conv2d``, pools ``SumPool2d`` with the threshold of the sum. NIR's
    neurons fire above their threshold, ours at it: thresholds are written as the next float32
    below, so that the spikes are the same.

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
        ValueError: The network has something that NIR can't say (names the population).
        OSError: The file can't be written.
    """
    if not isinstance(snn, SpikingNetwork):
        raise TypeError(f"snn is a {type(snn).__name__}, but must be a pysnn.SpikingNetwork")
    name = as_path(path)
    as_bool(allow_reset_change, "allow_reset_change")
    max_rate, dt = (
        None if value is None else as_positive_float(value, argument)
        for value, argument in ((max_rate, "max_rate"), (dt, "dt"))
    )
    try:
        nir = importlib.import_module("nir")
    except ImportError:
        raise ImportError(
            "NIR files need nir, which the extra 'nir' installs: pip install '.[nir]'"
        ) from None
    graph = _Graph(nir, snn, max_rate, dt, allow_reset_change=allow_reset_change).whole()
    with replacing(Path(name)) as temporary:
        nir.write(temporary, graph)


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
            ValueError: A population has something that NIR can't say.
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
                f"population {name!r} has {neuron!r} neurons, which NIR can't say: convert with "
                f"neuron='if' and readout='spikes', and average pools"
            )
        if population.refractory_period:
            raise ValueError(
                f"population {name!r} has a refractory period of {population.refractory_period:g} "
                f"s, which NIR can't say"
            )
        if population.initial_potential.any():
            raise ValueError(
                f"population {name!r} has initial potentials, which NIR can't say: convert with "
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
        threshold = population.threshold.astype(np.float64)
        bias = np.zeros(population.num_neurons)
        if population.bias is not None:
            bias += population.bias
        pools = [each for each in population.projections if isinstance(each.layer, AvgPool2d)]
        if pools and len(population.projections) > 1:
            raise ValueError(
                f"population {name!r} has a pool and other sources, which NIR can't say"
            )
        nodes: list[str] = []
        for each in population.projections:
            if each.bias is not None:
                bias += np.repeat(each.bias, population.num_neurons // each.bias.size)
            nodes.append(self._projection(population, each))
        if pools:
            threshold = _of_sums(threshold, pools[0], population.shape)
        self._place(population, threshold)
        self._edges += [(node, name) for node in nodes]
        if bias.any():
            self._add_bias(population, nodes, bias)

    def _place(self, population: Population, threshold: _Doubles) -> None:
        shape = population.shape
        kept = threshold.astype(np.float32).reshape(shape)
        if population.reset == "zero":
            kept = np.nextafter(kept, np.float32(0))
        ones = np.ones(shape, dtype=np.float32)
        zeros = np.zeros(shape, dtype=np.float32)
        if population.neuron == "if":
            node = self._nir.IF(r=ones, v_threshold=kept, v_reset=zeros)
        else:
            assert self._dt is not None
            share = 1 - population.leak.astype(np.float64).reshape(shape)
            if (share == 0).any():
                raise ValueError(
                    f"population {population.name!r} has a leak of 1, which LIF can't say: use 'if'"
                )
            tau = (self._dt / share).astype(np.float32)
            node = self._nir.LIF(
                tau=tau,
                r=(1 / share).astype(np.float32),
                v_leak=zeros,
                v_threshold=kept,
                v_reset=zeros,
            )
        self._nodes[population.name] = node

    def _projection(self, population: Population, projection: Projection) -> str:
        """Add the node of a projection, and return its name."""
        source = projection.source
        shape = self._shapes[source]
        layer = projection.layer
        kind = {Linear: "linear", AvgPool2d: "pool"}.get(type(layer), "conv")
        name = self._unused(f"{population.name}.{kind}")
        match layer:
            case Linear():
                node: Any = self._nir.Linear(weight=projection.weight)
                if len(shape) > 1:
                    source = self._flattened(source, shape)
            case Conv2d():
                node = self._conv(layer, projection.weight, shape)
            case Identity() if len(shape) == 1:
                node = self._nir.Linear(weight=_matrix(layer, projection.weight, shape[0]))
            case Identity():
                node = self._conv(*_as_conv(layer, projection.weight, shape), shape)
            case AvgPool2d():
                node = self._pool(population.name, layer)
            case _:
                raise ValueError(
                    f"population {population.name!r} has a {type(layer).__name__}, which NIR can't "
                    f"say"
                )
        self._nodes[name] = node
        self._edges.append((source, name))
        return name

    def _conv(self, layer: Conv2d, weight: NDArray[np.float32], shape: Shape) -> Any:
        weight, padding = _with_equal_sides(layer, weight)
        return self._nir.Conv2d(
            input_shape=(shape[1], shape[2]),
            weight=weight,
            stride=np.array(layer.stride),
            padding=np.array(padding),
            dilation=np.array(layer.dilation),
            groups=layer.groups,
            bias=np.zeros(len(weight), dtype=np.float32),
        )

    def _pool(self, name: str, layer: AvgPool2d) -> Any:
        top, bottom, left, right = layer.sides
        if (top, left) != (bottom, right) or layer.ceil_mode:
            raise ValueError(f"population {name!r} has a pool with unequal padding or ceil_mode")
        return self._nir.SumPool2d(
            kernel_size=np.array(layer.kernel_size),
            stride=np.array(layer.stride),
            padding=np.array((top, left)),
        )

    def _add_bias(self, population: Population, nodes: list[str], bias: _Doubles) -> None:
        """Put a population's bias into the node of a projection, for one step."""
        if self._drive is None:
            raise ValueError(
                f"population {population.name!r} has biases, which are written for one step, so "
                f"that max_rate and dt are needed"
            )
        total = (bias * self._drive).astype(np.float32)
        for name in nodes:
            node = self._nodes[name]
            by_channel = total.reshape(population.shape[0], -1)
            if isinstance(node, self._nir.Linear):
                self._nodes[name] = self._nir.Affine(weight=node.weight, bias=total)
                return
            if isinstance(node, self._nir.Conv2d) and (by_channel == by_channel[:, :1]).all():
                node.bias = by_channel[:, 0].copy()
                return
        raise ValueError(
            f"population {population.name!r} has a bias per neuron, but no Linear projection that "
            f"could carry it"
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


def _of_sums(threshold: _Doubles, pool: Projection, shape: Shape) -> _Doubles:
    """Return the thresholds of sums of spikes instead of their weighted sums.

    They are whole numbers: so many spikes reach the threshold.
    """
    weight = np.broadcast_to(pool.weight.reshape(-1, *[1] * (3 - pool.weight.ndim)), shape)
    needed = [
        -(-Fraction(float(limit)) // Fraction(float(each)))
        for limit, each in zip(threshold, weight.reshape(-1), strict=True)
    ]
    return np.array([float(each) for each in needed])


def _with_equal_sides(
    layer: Conv2d, weight: NDArray[np.float32]
) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """Return kernels with zeros in front where the padding behind is the larger one, or before."""
    top, bottom, left, right = layer.sides
    before, padding = [], []
    for first, last, step in ((top, bottom, layer.dilation[0]), (left, right, layer.dilation[1])):
        if first == last:
            before.append((0, 0))
        elif last > first and (last - first) % step == 0:
            before.append(((last - first) // step, 0))
        elif first > last and (first - last) % step == 0:
            before.append((0, (first - last) // step))
        else:
            raise ValueError(
                f"a Conv2d has padding {layer.padding} and dilation {layer.dilation}, which NIR "
                f"can't say"
            )
        padding.append(max(first, last))
    return np.pad(weight, [(0, 0), (0, 0), *before]), (padding[0], padding[1])


def _matrix(layer: Identity, weight: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    matrix = np.zeros((layer.out_channels, size), dtype=np.float32)
    matrix[np.arange(size) + layer.first_channel, np.arange(size)] = weight
    return matrix


def _as_conv(
    layer: Identity, weight: NDArray[np.float32], shape: Shape
) -> tuple[Conv2d, NDArray[np.float32]]:
    kernels = _matrix(layer, weight, shape[0])[:, :, None, None]
    return Conv2d(kernels, None, layer.stride, layer.sides, activation="none"), kernels
