"""What every linear map between populations must have."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ...nodes import Shape
from ...nodes.window import Sides

Doubles = NDArray[np.float64]
Pair = tuple[int, int]

NO_SIDES: Sides = (0, 0, 0, 0)


class LinearMap(ABC):
    """What a source is multiplied by on its way to a population or to another map."""

    @property
    @abstractmethod
    def weights(self) -> Doubles:
        """All weights, in any shape."""

    @abstractmethod
    def output_shape(self, source: Shape) -> Shape:
        """Return the shape that the map makes of a source."""

    @abstractmethod
    def apply(self, x: Doubles) -> Doubles:
        """Return the map's outputs, (num_samples, *output_shape), of (num_samples, *source)."""

    @abstractmethod
    def pulled(self, rows: Doubles, source: Shape) -> Doubles:
        """Return what rows of weights on the outputs are as weights on the source.

        Args:
            rows: (num_rows, *output_shape).
            source: Shape of the source.

        Returns:
            (num_rows, *source).
        """

    @abstractmethod
    def scaled(self, source: Doubles, target: Doubles) -> Self:
        """Return the map with every weight times a number of its source's and its target's channel.

        Args:
            source: One number, (1,), or one per channel of the source.
            target: One number, (1,), or one per channel of the output; elements where that is a
                vector.
        """
