"""Channels of several inputs behind each other."""

from __future__ import annotations

from .. import _core
from .node import Shape, several_shapes
from .silent import SilentNode


class Concat(SilentNode):
    """The channels of two or more images behind each other, or the elements of vectors."""

    kind = "concat"

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return the inputs' shape with the channels of all of them."""
        first, *others = several_shapes(input_shapes)
        for shape in others:
            if len(shape) != len(first) or shape[1:] != first[1:]:
                raise ValueError(
                    f"the inputs have shapes {first} and {shape}, but may differ in their channels "
                    f"alone"
                )
        return (sum(shape[0] for shape in input_shapes), *first[1:])

    def to_core(self) -> _core.Concat:
        """Return the core's copy."""
        return _core.Concat()
