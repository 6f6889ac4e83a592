"""Convolutions in float64."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ...nodes import Conv2d, Shape
from ...nodes.node import as_image_shape
from ...nodes.window import Sides, Windows
from .linear_map import Doubles, LinearMap, Pair


@dataclass(frozen=True, eq=False)
class Convolution(LinearMap):
    """A convolution; the fields are the arguments of `pysnn.Conv2d`."""

    weight: Doubles
    stride: Pair
    sides: Sides
    dilation: Pair
    groups: int

    @property
    def weights(self) -> Doubles:
        """The kernels."""
        return self.weight

    @property
    def kernel_size(self) -> Pair:
        """Height and width of the kernels."""
        return self.weight.shape[2], self.weight.shape[3]

    @property
    def windows(self) -> Windows:
        """Where the windows lie."""
        return Windows(self.kernel_size, self.stride, self.sides, self.dilation)

    @property
    def is_depthwise(self) -> bool:
        """Whether each channel reaches one channel, that of its number."""
        return self.groups == len(self.weight) and self.weight.shape[1] == 1

    def output_shape(self, source: Shape) -> Shape:
        """Return (out_channels, height, width)."""
        return (len(self.weight), *self.windows.grid(as_image_shape(source)[1]))

    def apply(self, x: Doubles) -> Doubles:
        """Return the sums of all windows."""
        result = np.zeros((len(x), *self.output_shape(x.shape[1:])))
        sums, padded = self._grouped(result), self._grouped(self._padded(x))
        for kernel, rows, columns in self._taps(x.shape[1:]):
            seen = padded[:, :, :, rows, columns]
            sums += np.einsum("goc,ngchw->ngohw", kernel, seen, optimize=True)
        return result

    def pulled(self, rows: Doubles, source: Shape) -> Doubles:
        """Return what all windows give to each pixel."""
        padded = self._padded(np.zeros((len(rows), *source)))
        sums, given = self._grouped(padded), self._grouped(rows)
        for kernel, pixel_rows, pixel_columns in self._taps(source):
            sums[:, :, :, pixel_rows, pixel_columns] += np.einsum(
                "goc,ngohw->ngchw", kernel, given, optimize=True
            )
        top, _, left, _ = self.sides
        return padded[:, :, top : top + source[1], left : left + source[2]]

    def _padded(self, x: Doubles) -> Doubles:
        top, bottom, left, right = self.sides
        return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))

    def _grouped(self, x: Doubles) -> Doubles:
        return x.reshape(len(x), self.groups, -1, *x.shape[2:])

    def _taps(self, source: Shape) -> Iterator[tuple[Doubles, slice, slice]]:
        """Yield each tap's weights by group, and rows and columns that it looks at."""
        grouped = self.weight.reshape(self.groups, -1, *self.weight.shape[1:])
        image = as_image_shape(source)[1]
        for (u, v), (_, rows, columns) in self.windows.taps(image).items():
            yield grouped[:, :, :, u, v], rows, columns

    def scaled(self, source: Doubles, target: Doubles) -> Convolution:
        """Return the map with other weights."""
        weight = self.weight * target.reshape(-1, 1, 1, 1)
        if len(source) > 1:
            # The channels of a group, for each of the outputs of that group.
            by_group = source.reshape(self.groups, -1)
            by_output = np.repeat(by_group, len(weight) // self.groups, axis=0)
            return replace(self, weight=weight * by_output[:, :, None, None])
        return replace(self, weight=weight * source)

    def with_groups(self, groups: int) -> Convolution:
        """Return the same convolution in fewer groups, which divide those that there are."""
        if groups == self.groups:
            return self
        joined = self.groups // groups
        outputs, inputs = len(self.weight) // self.groups, self.weight.shape[1]
        weight = np.zeros((len(self.weight), inputs * joined, *self.kernel_size))
        for i in range(self.groups):
            rows = slice(i * outputs, (i + 1) * outputs)
            first = i % joined * inputs
            weight[rows, first : first + inputs] = self.weight[rows]
        return replace(self, weight=weight, groups=groups)

    def to_node(self) -> Conv2d:
        """Return the projection, rounded to float32."""
        return Conv2d(self.weight, None, self.stride, self.sides, self.dilation, self.groups)
