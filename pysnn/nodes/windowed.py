"""What kinds of nodes with windows over an image have in common."""

from __future__ import annotations

from .node import Node
from .window import Pair, Sides, short_padding


class WindowedNode(Node):
    """A node that looks at an image through windows; its kinds set stride and padding."""

    _stride: Pair
    _padding: Sides

    @property
    def stride(self) -> tuple[int, int]:
        """Vertical and horizontal step between windows."""
        return self._stride

    @property
    def padding(self) -> tuple[int, ...]:
        """(vertical, horizontal) where both sides are equal, (top, bottom, left, right) if not."""
        return short_padding(self._padding)

    @property
    def sides(self) -> Sides:
        """Padding as (top, bottom, left, right)."""
        return self._padding
