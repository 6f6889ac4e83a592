"""Channels that are passed on one by one, in float64."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...nodes import Identity, Shape
from ...nodes.node import as_image_shape
from ...nodes.window import Sides, Windows
from .convolution import Convolution
from .linear_map import NO_SIDES, Doubles, LinearMap, Pair


@dataclass(frozen=True, eq=False)
class Channels(LinearMap):
    """Channels passed on one by one, as a `pysnn.Identity`: the fields are its arguments."""

    weight: Doubles
    stride: Pair = (1, 1)
    sides: Sides = NO_SIDES
    out_channels: int = 0
    first_channel: int = 0

    @classmethod
    def unit(cls, shape: Shape) -> Channels:
        """Return the map that leaves a source as it is."""
        return cls(np.ones(shape[0]), out_channels=shape[0])

    @property
    def is_unit(self) -> bool:
        """Whether the map leaves its source as it is."""
        return (
            self.keeps_places
            and self.first_channel == 0
            and bool((self.weight == 1).all())
            and (self.out_channels == len(self.weight))
        )

    @property
    def keeps_places(self) -> bool:
        """Whether every pixel of the source stays where it is."""
        return self.stride == (1, 1) and not any(self.sides)

    @property
    def weights(self) -> Doubles:
        """A weight per source channel."""
        return self.weight

    @property
    def windows(self) -> Windows:
        """Where the pixels that are passed on lie."""
        return Windows((1, 1), self.stride, self.sides)

    @property
    def _reached(self) -> slice:
        return slice(self.first_channel, self.first_channel + len(self.weight))

    def output_shape(self, source: Shape) -> Shape:
        """Return the shape with the output's channels."""
        if len(source) == 1:
            return (self.out_channels,)
        return (self.out_channels, *self.windows.grid(as_image_shape(source)[1]))

    def apply(self, x: Doubles) -> Doubles:
        """Return the passed on channels."""
        result = np.zeros((len(x), *self.output_shape(x.shape[1:])))
        passed = x * self.weight.reshape(-1, *[1] * (x.ndim - 2))
        if x.ndim == 2:
            result[:, self._reached] = passed
            return result
        to_rows, from_rows, to_columns, from_columns = self._pixels(x.shape[1:])
        result[:, self._reached, to_rows[:, None], to_columns] = passed[
            :, :, from_rows[:, None], from_columns
        ]
        return result

    def pulled(self, rows: Doubles, source: Shape) -> Doubles:
        """Return the weights of the channels that are passed on."""
        result = np.zeros((len(rows), *source))
        weight = self.weight.reshape(-1, *[1] * (len(source) - 1))
        if len(source) == 1:
            return rows[:, self._reached] * weight
        to_rows, from_rows, to_columns, from_columns = self._pixels(source)
        result[:, :, from_rows[:, None], from_columns] = (
            rows[:, self._reached][:, :, to_rows[:, None], to_columns] * weight
        )
        return result

    def _pixels(self, source: Shape) -> tuple[NDArray[np.int64], ...]:
        """Return rows of the output and of the source that belong together, and columns."""
        result: list[NDArray[np.int64]] = []
        for axis, size in zip(self.windows.axes, as_image_shape(source)[1], strict=True):
            starts = axis.starts(size)
            targets = np.flatnonzero((starts >= 0) & (starts < size))
            result += [targets, starts[targets]]
        return tuple(result)

    def scaled(self, source: Doubles, target: Doubles) -> Channels:
        """Return the map with other weights."""
        of_target = target if len(target) == 1 else target[self._reached]
        return replace(self, weight=self.weight * source * of_target)

    def as_convolution(self) -> Convolution:
        """Return the same as a convolution of 1x1, depthwise where channels keep their places."""
        count = len(self.weight)
        if self.first_channel == 0 and self.out_channels == count:
            weight = self.weight.reshape(-1, 1, 1, 1)
            return Convolution(weight, self.stride, self.sides, (1, 1), count)
        weight = np.zeros((self.out_channels, count, 1, 1))
        weight[np.arange(count) + self.first_channel, np.arange(count), 0, 0] = self.weight
        return Convolution(weight, self.stride, self.sides, (1, 1), 1)

    def to_node(self) -> Identity:
        """Return the projection, rounded to float32."""
        return Identity(self.weight, self.stride, self.sides, self.out_channels, self.first_channel)
