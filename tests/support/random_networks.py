"""Random spiking networks, as plain data and as ``pysnn.SpikingNetwork``.

Weights are Gaussian and sized so that every population fires some of the time: a network that is
silent, or that fires in every step, would agree with anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from reference_poisson import InputRange

import pysnn
from pysnn.spiking import Neuron, Precision, Reset


@dataclass
class PopulationData:
    """Arguments of ``add_population`` and of the ``connect`` calls that follow it."""

    name: str
    shape: tuple[int, ...]
    projections: list[tuple[str, Any]] = field(default_factory=list)
    threshold: ArrayLike = 1.0
    initial_potential: ArrayLike = 0.0
    reset: Reset = "zero"
    refractory_period: float = 0.0
    neuron: Neuron = "if"
    negative_threshold: ArrayLike = 0.0
    leak: ArrayLike = 1.0
    delay: int = 0
    bias: ArrayLike | None = None


@dataclass
class Description:
    """A network with its original weights, and what its samples are."""

    input_shape: tuple[int, ...]
    populations: list[PopulationData] = field(default_factory=list)
    precision: Precision = "float32"
    input_scale: float | None = None  # None: x in [0, 1]
    input_affine: tuple[ArrayLike, ArrayLike] | None = None

    @property
    def input_range(self) -> InputRange:
        """What samples are to the network, as the reference has it."""
        return InputRange(
            scale=1.0 if self.input_scale is None else self.input_scale,
            is_signed=self.input_scale is not None,
            affine=self.input_affine,
            num_inputs_per_channel=math.prod(self.input_shape[1:]),
        )

    def shape_of(self, name: str) -> tuple[int, ...]:
        """Return the shape of the input or of a population."""
        shapes = {p.name: p.shape for p in self.populations} | {"input": self.input_shape}
        return shapes[name]

    def build(self) -> pysnn.SpikingNetwork:
        """Make the network that is to be tested."""
        snn = pysnn.SpikingNetwork(
            self.input_shape,
            precision=self.precision,
            input_scale=self.input_scale,
            input_affine=self.input_affine,
        )
        for p in self.populations:
            snn.add_population(
                p.name,
                p.shape,
                threshold=p.threshold,
                initial_potential=p.initial_potential,
                reset=p.reset,
                refractory_period=p.refractory_period,
                neuron=p.neuron,
                negative_threshold=p.negative_threshold,
                leak=p.leak,
                delay=p.delay,
                bias=p.bias,
            )
            for source, layer in p.projections:
                snn.connect(source, p.name, layer)
        return snn


class NetworkMaker:
    """Adds populations of every kind to a description; all chance comes from one seed."""

    def __init__(
        self, seed: int, input_shape: tuple[int, ...], precision: Precision = "float32"
    ) -> None:
        """Begin with no population."""
        self.rng = np.random.default_rng(seed)
        self.description = Description(input_shape, precision=precision)

    def linear(self, source: str, size: int, *, bias: bool = False) -> pysnn.Linear:
        """Return a Linear layer from a population to ``size`` neurons."""
        num_inputs = int(np.prod(self.description.shape_of(source)))
        return pysnn.Linear(
            self._weight((size, num_inputs), num_inputs), self._bias(size) if bias else None
        )

    def conv(
        self,
        source: str,
        channels: int,
        kernel: tuple[int, int],
        *,
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        dilation: int | tuple[int, int] = 1,
        groups: int = 1,
        bias: bool = False,
    ) -> pysnn.Conv2d:
        """Return a Conv2d layer that reads a population."""
        channels_in = self.description.shape_of(source)[0] // groups
        shape = (channels, channels_in, *kernel)
        return pysnn.Conv2d(
            self._weight(shape, channels_in * kernel[0] * kernel[1]),
            self._bias(channels) if bias else None,
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        )

    def add(
        self,
        name: str,
        *projections: tuple[str, Any],
        shape: tuple[int, ...] | None = None,
        varied: bool = False,
        **options: Any,
    ) -> NetworkMaker:
        """Append a population that the given (source, layer) pairs feed.

        Args:
            name: Of the population.
            projections: Its (source, layer) pairs.
            shape: Of the population; None takes what the first layer makes of its source.
            varied: Draws a threshold and an initial potential for each neuron.
            options: ``reset`` and ``refractory_period``.
        """
        if shape is None:
            source, layer = projections[0]
            shape = tuple(layer.output_shape(self.description.shape_of(source)))
        size = int(np.prod(shape))
        if varied:
            options["threshold"] = self.rng.uniform(0.3, 2.0, size).astype(np.float32)
            options["initial_potential"] = self.rng.uniform(-1.0, 1.5, size).astype(np.float32)
        population = PopulationData(name, shape, list(projections), **options)
        self.description.populations.append(population)
        return self

    def _weight(self, shape: Sequence[int], fan_in: int) -> NDArray[np.float32]:
        scale = 1.5 / np.sqrt(fan_in)
        return self.rng.normal(0.2 * scale, scale, shape).astype(np.float32)

    def _bias(self, size: int) -> NDArray[np.float32]:
        return self.rng.normal(0.0, 0.1, size).astype(np.float32)


Maker = Callable[[int, Precision], Description]


def _dense(*sizes: int, **options: Any) -> Maker:
    def make(seed: int, precision: Precision) -> Description:
        maker = NetworkMaker(seed, (sizes[0],), precision)
        source = "input"
        for i, size in enumerate(sizes[1:], start=1):
            maker.add(f"linear{i}", (source, maker.linear(source, size, bias=i == 2)), **options)
            source = f"linear{i}"
        return maker.description

    return make


def _convolutions(seed: int, precision: Precision) -> Description:
    maker = NetworkMaker(seed, (2, 9, 11), precision)
    maker.add("conv1", ("input", maker.conv("input", 5, (3, 2), stride=(2, 1), padding=(1, 0))))
    maker.add("conv2", ("conv1", maker.conv("conv1", 3, (2, 5), padding=2, bias=True)))
    maker.add("conv3", ("conv2", maker.conv("conv2", 17, (1, 3), stride=(3, 2))), varied=True)
    maker.add("out", ("conv3", maker.linear("conv3", 4)))
    return maker.description


def _groups(seed: int, precision: Precision) -> Description:
    maker = NetworkMaker(seed, (4, 9, 8), precision)
    maker.add("groups", ("input", maker.conv("input", 6, (3, 2), groups=2, bias=True)))
    maker.add("depthwise", ("groups", maker.conv("groups", 6, (3, 3), padding=1, groups=6)))
    maker.add("pointwise", ("depthwise", maker.conv("depthwise", 70, (1, 1))), varied=True)
    maker.add("out", ("pointwise", maker.conv("pointwise", 35, (2, 2), stride=2, groups=35)))
    return maker.description


def _dilations(seed: int, precision: Precision) -> Description:
    maker = NetworkMaker(seed, (2, 10, 9), precision)
    maker.add("a", ("input", maker.conv("input", 5, (3, 3), padding=(2, 3), dilation=(2, 3))))
    maker.add("b", ("a", maker.conv("a", 66, (2, 3), stride=(2, 1), padding=1, dilation=(4, 1))))
    maker.add("c", ("b", maker.conv("b", 4, (2, 2), padding=3, dilation=3, groups=2, bias=True)))
    maker.add("out", ("c", maker.linear("c", 3)), reset="subtract")
    return maker.description


def _pools(seed: int, precision: Precision) -> Description:
    maker = NetworkMaker(seed, (1, 13, 13), precision)
    maker.add("conv1", ("input", maker.conv("input", 6, (2, 2))))
    maker.add("pool1", ("conv1", pysnn.AvgPool2d(2)))
    maker.add("conv2", ("pool1", maker.conv("pool1", 4, (3, 3), padding=(1, 1), bias=True)))
    maker.add("pool2", ("conv2", pysnn.AvgPool2d((3, 2), stride=(3, 1))), reset="subtract")
    maker.add("out", ("pool2", maker.linear("pool2", 3)))
    return maker.description


def _nine_to_one(seed: int, precision: Precision) -> Description:
    maker = NetworkMaker(seed, (3, 9, 6), precision)
    maker.add("pool1", ("input", pysnn.AvgPool2d(3)))
    maker.add("out", ("pool1", maker.linear("pool1", 5)))
    return maker.description


def _several_sources(seed: int, precision: Precision) -> Description:
    maker = NetworkMaker(seed, (2, 6, 6), precision)
    maker.add("a", ("input", maker.conv("input", 4, (3, 3), padding=1, bias=True)))
    maker.add(
        "b",
        ("a", maker.conv("a", 4, (3, 3), bias=True)),
        ("input", maker.linear("input", 64, bias=True)),
        shape=(4, 4, 4),
        varied=True,
    )
    maker.add(
        "c",
        ("b", pysnn.AvgPool2d(2)),
        ("a", maker.conv("a", 4, (2, 2), stride=4)),
        ("a", maker.linear("a", 16)),
        reset="subtract",
        refractory_period=0.002,
    )
    maker.add("out", ("c", maker.linear("c", 7, bias=True)), ("input", maker.linear("input", 7)))
    return maker.description


def _linear_onto_image(seed: int, precision: Precision) -> Description:
    maker = NetworkMaker(seed, (10,), precision)
    maker.add("image", ("input", maker.linear("input", 2 * 5 * 4, bias=True)), shape=(2, 5, 4))
    maker.add("conv", ("image", maker.conv("image", 3, (2, 2))), reset="subtract")
    maker.add("out", ("conv", maker.linear("conv", 2)))
    return maker.description


def _mixed_resets(seed: int, precision: Precision) -> Description:
    maker = NetworkMaker(seed, (30,), precision)
    maker.add("a", ("input", maker.linear("input", 40)), reset="subtract", refractory_period=0.003)
    maker.add("b", ("a", maker.linear("a", 33)), reset="zero", refractory_period=0.001, varied=True)
    maker.add("out", ("b", maker.linear("b", 9)), reset="subtract", varied=True)
    return maker.description


# The sizes around 64 and 128 are those at which packed words and vectors of neurons end.
NETWORKS: dict[str, Maker] = {
    "dense 1-1-1": _dense(1, 1, 1),
    "dense 3-1-63-3": _dense(3, 1, 63, 3),
    "dense 64-65-64-10": _dense(64, 65, 64, 10),
    "dense 130-130-63-65": _dense(130, 130, 63, 65),
    "dense 63-200-1000": _dense(63, 200, 1000),
    "dense, subtract": _dense(50, 70, 10, reset="subtract"),
    "dense, refractory": _dense(50, 70, 10, refractory_period=0.004),
    "dense, subtract, refractory": _dense(
        50, 70, 10, reset="subtract", refractory_period=0.002, varied=True
    ),
    "convolutions": _convolutions,
    "groups": _groups,
    "dilations": _dilations,
    "pools": _pools,
    "pool of nine on the input": _nine_to_one,
    "several sources": _several_sources,
    "linear onto image": _linear_onto_image,
    "mixed resets": _mixed_resets,
}
