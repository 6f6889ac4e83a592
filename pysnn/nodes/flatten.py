"""Images as rows of numbers."""

from __future__ import annotations

import math

from .node import Layer, Shape


class Flatten(Layer):
    """Lays an image out as one row of numbers, channel by channel and row by row."""

    kind = "flatten"

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (number of inputs,)."""
        return (math.prod(input_shape),)

    def _settings(self) -> list[tuple[str, object]]:
        return []
