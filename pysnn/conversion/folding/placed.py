"""Images laid out as a part of a longer vector, in float64."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ...nodes import Shape
from .linear_map import Doubles, LinearMap


@dataclass(frozen=True, eq=False)
class Placed(LinearMap):
    """Another map's outputs as the elements from ``first`` on of a vector of ``size``."""

    inner: LinearMap
    first: int
    size: int

    @property
    def weights(self) -> Doubles:
        """The inner map's weights."""
        return self.inner.weights

    def output_shape(self, source: Shape) -> Shape:
        """Return (size,)."""
        return (self.size,)

    def apply(self, x: Doubles) -> Doubles:
        """Return the inner map's outputs between zeros."""
        result = np.zeros((len(x), self.size))
        values = self.inner.apply(x).reshape(len(x), -1)
        result[:, self.first : self.first + values.shape[1]] = values
        return result

    def pulled(self, rows: Doubles, source: Shape) -> Doubles:
        """Return what the inner map makes of its part of the rows."""
        shape = self.inner.output_shape(source)
        part = rows[:, self.first : self.first + math.prod(shape)]
        return self.inner.pulled(part.reshape(len(rows), *shape), source)

    def scaled(self, source: Doubles, target: Doubles) -> Placed:
        """Return the map with other weights; the target's number must be one for all."""
        assert len(target) == 1, "parts of a vector are turned into matrices before"
        return replace(self, inner=self.inner.scaled(source, target))
