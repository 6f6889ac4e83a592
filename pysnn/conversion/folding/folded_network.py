"""What `pysnn.fold` gives: populations, what feeds them, and the values they stand for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._base.arrays import as_samples
from ..._base.named import by_name
from ..._base.tables import text_table
from ...network import INPUT
from ...nodes import AvgPool2d, MaxPool2d, Shape
from ...spiking.neuron import Neuron
from .averages import pool_map
from .channels import Channels
from .convolution import Convolution
from .dense import Dense
from .linear_map import Doubles
from .maxima import window_maxima

AnyMap = Channels | Convolution | Dense | AvgPool2d | MaxPool2d
"""A pool is a projection to a population of its own."""

_BATCH = 64  # samples that `FoldedNetwork.predict` computes at a time


@dataclass(frozen=True, eq=False)
class InputAffine:
    """What a network does to its input first: ``x * scale + shift``, in float64.

    Attributes:
        scale: Factors, (1,) or (channels,).
        shift: What is added, likewise.
    """

    scale: Doubles
    shift: Doubles

    def apply(self, x: NDArray[np.float32]) -> Doubles:
        """Return the samples, (num_samples, *input_shape), as a network's nodes see them."""
        by_channel = (1, -1, *[1] * (x.ndim - 2))
        return x.astype(np.float64) * self.scale.reshape(by_channel) + self.shift.reshape(
            by_channel
        )


@dataclass(frozen=True, eq=False)
class FoldedProjection:
    """A linear map from a source to a population.

    Attributes:
        source: Name of a population, or ``"input"``.
        map: The map in float64, or the pool.
    """

    source: str
    map: AnyMap

    @property
    def kind(self) -> str:
        """What the projection becomes in a spiking network."""
        match self.map:
            case Channels():
                return "Identity"
            case Convolution():
                return "Conv2d"
            case Dense():
                return "Linear"
            case _:
                return type(self.map).__name__


@dataclass(frozen=True, eq=False)
class FoldedPopulation:
    """A value of the network that neurons stand for.

    Attributes:
        name: That of the node: of a ReLU, of a weighted node with a ReLU of its own or without any,
            of a pool.
        shape: (num_neurons,) or (channels, height, width).
        neuron: ``"if"`` for what can't be negative, ``"bipolar"`` for what can be, ``"max_pool"``,
            or ``"readout"`` for linear outputs.
        projections: Its sources.
        bias: What is added: one number per channel (element of a vector), one per neuron where
            those of a channel differ, or None.
        max: Largest value, or None.
        levels: Steps up to ``max``, or None.
        delay: Of a readout: steps before it begins to add its input.
        node: The node whose output, cut off at 0 and at ``max``, the population stands for.
        channels: The first of the node's channels that these are, and the one behind; None for
            all.
    """

    name: str
    shape: Shape
    neuron: Neuron
    projections: tuple[FoldedProjection, ...]
    bias: Doubles | None = None
    max: float | None = None
    levels: int | None = None
    delay: int = 0
    node: str = ""
    channels: tuple[int, int] | None = None

    @property
    def is_pool(self) -> bool:
        """Whether the population is a pool."""
        return any(isinstance(each.map, AvgPool2d | MaxPool2d) for each in self.projections)

    @property
    def is_rectified(self) -> bool:
        """Whether what the projections add up to is cut off at 0."""
        return self.neuron == "if" and not self.is_pool

    def rectified(self, z: Doubles) -> Doubles:
        """Return the values that the population stands for, from those of its projections."""
        if not self.is_rectified:
            return z
        a = np.maximum(z, 0)
        if self.max is None:
            return a
        if self.levels is None:
            return np.minimum(a, self.max)
        step = self.max / self.levels
        return np.minimum(np.floor(a / step + 0.5), self.levels) * step


@dataclass(frozen=True, eq=False)
class FoldedNetwork:
    """A network without the nodes that no population stands for; printing it shows a table.

    Attributes:
        input_shape: Shape of one sample.
        output_shape: Shape of one sample's output.
        input_affine: What is done to the input first, or None.
        populations: From input to output.
    """

    input_shape: Shape
    output_shape: Shape
    input_affine: InputAffine | None
    populations: tuple[FoldedPopulation, ...]

    def __getitem__(self, name: str) -> FoldedPopulation:
        """Return the population of a name.

        Raises:
            KeyError: There is none.
        """
        return by_name(self.populations, name, "population")

    def predict(self, x: ArrayLike, *, scale: float | None = None) -> NDArray[np.float64]:
        """Return the outputs in float64, which are those of the network that was folded.

        Args:
            x: Samples, as for `Network.predict`.
            scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.

        Returns:
            Outputs, (num_samples, *output_shape).

        Raises:
            TypeError: ``x`` does not hold floats and ``scale`` is None.
            ValueError: The shape does not fit, or a number is not finite.
        """
        samples = as_samples(x, self.input_shape, scale=scale)
        result = np.empty((len(samples), *self.output_shape))
        for start in range(0, len(samples), _BATCH):
            part = samples[start : start + _BATCH]
            outputs = self._values(part)[self.populations[-1].name]
            result[start : start + len(part)] = outputs.reshape(len(part), *self.output_shape)
        return result

    def _values(self, x: NDArray[np.float32]) -> dict[str, Doubles]:
        given = x.astype(np.float64) if self.input_affine is None else self.input_affine.apply(x)
        values = {INPUT: given}
        for population in self.populations:
            total = np.zeros((len(x), math.prod(population.shape)))
            for each in population.projections:
                total += _applied(each.map, values[each.source]).reshape(len(x), -1)
            total = total.reshape(len(x), *population.shape)
            if population.bias is not None:
                total += spread_bias(population.bias, population.shape)
            values[population.name] = population.rectified(total)
        return values

    def __str__(self) -> str:
        """Show the populations, their neurons and what feeds them."""
        rows = [(INPUT, str(self.input_shape), "", self._input_text(), "")]
        rows += [
            (
                each.name,
                str(each.shape),
                each.neuron,
                ", ".join(f"{one.source} ({one.kind})" for one in each.projections),
                _ceiling_text(each),
            )
            for each in self.populations
        ]
        header = ("population", "shape", "neuron", "sources", "ceiling")
        table = text_table(header, rows)
        return f"FoldedNetwork: {len(self.populations)} populations\n{table}"

    __repr__ = __str__

    def _input_text(self) -> str:
        return "" if self.input_affine is None else "x * scale + shift"


def spread_bias(bias: Doubles, shape: Shape) -> Doubles:
    """Return a bias per channel or per neuron so that it fits an array of a population's shape."""
    if bias.size == math.prod(shape):
        return bias.reshape(shape)
    return bias.reshape(-1, *[1] * (len(shape) - 1))


def _applied(linear_map: AnyMap, x: Doubles) -> Doubles:
    match linear_map:
        case MaxPool2d():
            return window_maxima(linear_map.windows, x)
        case AvgPool2d():
            return pool_map(linear_map, x.shape[1:]).apply(x)
        case _:
            return linear_map.apply(x)


def _ceiling_text(population: FoldedPopulation) -> str:
    if population.max is None:
        return ""
    steps = "" if population.levels is None else f" in {population.levels} steps"
    return f"{population.max:g}{steps}"
