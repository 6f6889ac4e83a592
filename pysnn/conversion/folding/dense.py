"""Matrices in float64."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...nodes import Linear, Shape
from .linear_map import Doubles, LinearMap


@dataclass(frozen=True, eq=False)
class Dense(LinearMap):
    """A matrix, (outputs, inputs); sources are read as vectors."""

    weight: Doubles

    @property
    def weights(self) -> Doubles:
        """The matrix."""
        return self.weight

    def output_shape(self, source: Shape) -> Shape:
        """Return (outputs,)."""
        return (len(self.weight),)

    def apply(self, x: Doubles) -> Doubles:
        """Return the products."""
        return x.reshape(len(x), -1) @ self.weight.T

    def pulled(self, rows: Doubles, source: Shape) -> Doubles:
        """Return the product of both."""
        return (rows.reshape(len(rows), -1) @ self.weight).reshape(len(rows), *source)

    def scaled(self, source: Doubles, target: Doubles) -> Dense:
        """Return the map with other weights; a channel may have several rows or columns."""
        outputs, inputs = self.weight.shape
        rows = np.repeat(target, outputs // len(target)).reshape(-1, 1)
        return Dense(self.weight * rows * np.repeat(source, inputs // len(source)))

    def to_node(self) -> Linear:
        """Return the projection, rounded to float32."""
        return Linear(self.weight)
