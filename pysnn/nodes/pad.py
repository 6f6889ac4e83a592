"""Borders of zeros."""

from __future__ import annotations

from .. import _core
from .._base.numbers import Sizes, as_padding
from .node import Geometry, Shape, as_image_shape, only_shape
from .silent import SilentNode
from .window import short_padding


class Pad(SilentNode):
    """Rows and columns of zeros around an image.

    Args:
        padding: How many of them: an int, (vertical, horizontal) or (top, bottom, left, right).

    Raises:
        TypeError: A size is not an int.
        ValueError: A size is below 0, or there are three of them.
    """

    kind = "pad"

    def __init__(self, padding: Sizes) -> None:
        self._padding = as_padding(padding, "padding")

    @property
    def padding(self) -> tuple[int, ...]:
        """(vertical, horizontal) where both sides are equal, (top, bottom, left, right) if not."""
        return short_padding(self._padding)

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """(top, bottom, left, right)."""
        return self._padding

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return (channels, height, width) with the border."""
        channels, (height, width) = as_image_shape(only_shape(input_shapes))
        top, bottom, left, right = self._padding
        return channels, top + height + bottom, left + width + right

    def geometry(self) -> Geometry:
        """Return the padding."""
        return {"padding": self.padding}

    def settings(self) -> dict[str, object]:
        """Return the padding."""
        return {**self.geometry()}

    def to_core(self) -> _core.Pad:
        """Return the core's copy."""
        return _core.Pad(self._padding)

    @classmethod
    def from_core(cls, core: _core.Pad) -> Pad:
        """Return the border that the core holds."""
        return cls(tuple(core.padding))
