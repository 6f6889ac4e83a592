"""What kinds of nodes that need no synapses have in common."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .node import Geometry, Node, Shape


class SilentNode(Node):
    """A node that is no projection: a conversion composes it with what is around it."""

    has_synapses = False
    num_parameters = 0

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

    def synapses_to_core(self) -> None:
        """Return None."""
