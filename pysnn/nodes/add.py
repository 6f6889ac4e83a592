"""Sums of several inputs."""

from __future__ import annotations

from .. import _core
from .node import Shape, several_shapes
from .silent import SilentNode


class Add(SilentNode):
    """The sum of two or more inputs of one shape, element by element."""

    kind = "add"

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return the shape that all inputs have."""
        first, *others = several_shapes(input_shapes)
        for shape in others:
            if shape != first:
                raise ValueError(f"the inputs have shapes {first} and {shape}, but must have one")
        return first

    def to_core(self) -> _core.Add:
        """Return the core's copy."""
        return _core.Add()
