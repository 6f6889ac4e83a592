"""Images as rows of numbers."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .node import Geometry, Node, Shape


class Flatten(Node):
    """Lays an image out as one row of numbers, channel by channel and row by row."""

    kind = "flatten"
    num_parameters = 0
    has_synapses = False

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (number of inputs,)."""
        return (math.prod(input_shape),)

    def num_synapses(self, input_shape: Shape) -> int:
        """Return 0."""
        return 0

    def fan_out(self, input_shape: Shape, *, leave_out_zeros: bool = False) -> NDArray[np.int64]:
        """Return 0 for each input, (num_inputs,)."""
        return np.zeros(math.prod(input_shape), dtype=np.int64)

    def geometry(self) -> Geometry:
        """Return nothing: there are no windows."""
        return {}

    def settings(self) -> dict[str, object]:
        """Return nothing: all are alike."""
        return {}

    def to_core(self) -> _core.Flatten:
        """Return the core's copy."""
        return _core.Flatten()

    def synapses_to_core(self) -> None:
        """Return None."""
