"""Average pools that are folded, in float64."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...nodes import AvgPool2d, Shape
from ...nodes.node import as_image_shape
from .convolution import Convolution
from .linear_map import Doubles, LinearMap


@dataclass(frozen=True, eq=False)
class Averages(LinearMap):
    """An average pool whose windows have several divisors, times a weight per channel."""

    pool: AvgPool2d
    weight: Doubles

    @property
    def weights(self) -> Doubles:
        """A weight per channel."""
        return self.weight

    def output_shape(self, source: Shape) -> Shape:
        """Return (channels, height, width)."""
        return self.pool.output_shape(source)

    def apply(self, x: Doubles) -> Doubles:
        """Return the averages."""
        source = x.shape[1:]
        return pool_sums(self.pool, source).apply(x) * self._factors(source)

    def pulled(self, rows: Doubles, source: Shape) -> Doubles:
        """Return what all windows give to each pixel."""
        return pool_sums(self.pool, source).pulled(rows * self._factors(source), source)

    def _factors(self, source: Shape) -> Doubles:
        divisors = self.pool.divisors(as_image_shape(source)[1])
        return self.weight.reshape(-1, 1, 1) / divisors

    def scaled(self, source: Doubles, target: Doubles) -> Averages:
        """Return the map with other weights."""
        return replace(self, weight=self.weight * source * target)


def pool_map(pool: AvgPool2d, source: Shape) -> Convolution | Averages:
    """Return an average pool as a depthwise convolution where all windows have one divisor."""
    channels, image = as_image_shape(source)
    divisors = np.unique(pool.divisors(image))
    if len(divisors) > 1:
        return Averages(pool, np.ones(channels))
    sums = pool_sums(pool, source)
    return replace(sums, weight=sums.weight / divisors[0])


def pool_sums(pool: AvgPool2d, source: Shape) -> Convolution:
    """Return the sums over the windows of a pool as a depthwise convolution."""
    channels, image = as_image_shape(source)
    sides: list[int] = []
    for axis, size in zip(pool.windows.axes, image, strict=True):
        # The padding behind the image that the last window needs: more than the pool's own where
        # ceil_mode lets it reach further, less where the pool leaves a rest.
        end = (axis.num_windows(size) - 1) * axis.stride + axis.extent
        sides += [axis.before, max(0, end - size - axis.before)]
    weight = np.ones((channels, 1, *pool.kernel_size))
    return Convolution(
        weight, pool.stride, (sides[0], sides[1], sides[2], sides[3]), (1, 1), channels
    )
