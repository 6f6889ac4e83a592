"""Images as rows of numbers."""

from __future__ import annotations

import math

from .. import _core
from .node import Shape, only_shape
from .silent import SilentNode


class Flatten(SilentNode):
    """Lays an image out as one row of numbers, channel by channel and row by row."""

    kind = "flatten"

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return (number of inputs,)."""
        return (math.prod(only_shape(input_shapes)),)

    def to_core(self) -> _core.Flatten:
        """Return the core's copy."""
        return _core.Flatten()
