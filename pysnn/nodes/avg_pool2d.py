"""Average pooling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.numbers import Sizes, as_bool
from .node import Geometry, Shape, as_image_shape, only_shape
from .pool2d import Pool2d
from .window import Windows


class AvgPool2d(Pool2d):
    """The mean over windows of an image, channel by channel, as in PyTorch.

    Where the stride does not divide what is left of the image, the rest is left out, unless
    ``ceil_mode`` adds a last window.

    Args:
        kernel_size: Size of a window: an int, or a pair (height, width).
        stride: Step between windows, an int or a pair; None: the window's own size.
        padding: Rows and columns of zeros around the image, at most half of a window: an int,
            (vertical, horizontal) or (top, bottom, left, right).
        ceil_mode: Whether a last window may reach beyond the padding; what it has there does not
            count.
        count_include_pad: Whether the zeros of the padding count.

    Raises:
        TypeError: A size is not an int, or a switch not a bool.
        ValueError: A size is out of its range.
    """

    kind = "pool"

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        self._count_include_pad = as_bool(count_include_pad, "count_include_pad")

    @property
    def count_include_pad(self) -> bool:
        """Whether the zeros of the padding count."""
        return self._count_include_pad

    @property
    def windows(self) -> Windows:
        """Where the windows lie."""
        return Windows(self._kernel_size, self._stride, self._padding, ceil_mode=self._ceil_mode)

    def divisors(self, image: tuple[int, int]) -> NDArray[np.int64]:
        """Return what the sum of each window is divided by, (rows, columns).

        Args:
            image: Height and width of the image.
        """
        return self.windows.divisors(image, with_padding=self._count_include_pad)

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return (channels, height, width)."""
        channels, image = as_image_shape(only_shape(input_shapes))
        return (channels, *self.windows.grid(image))

    def geometry(self) -> Geometry:
        """Return the sizes of the windows, and what is not as by default."""
        geometry = super().geometry()
        if not self._count_include_pad:
            geometry["count_include_pad"] = False
        return geometry

    def to_core(self) -> _core.AvgPool2d:
        """Return the core's copy."""
        return _core.AvgPool2d(
            self._kernel_size,
            self._stride,
            self._padding,
            self._ceil_mode,
            self._count_include_pad,
        )

    def synapses_to_core(self) -> _core.PoolSynapses:
        """Return the core's synapses, whose weights it finds by itself."""
        return _core.PoolSynapses(
            self._kernel_size,
            self._stride,
            self._padding,
            self._ceil_mode,
            self._count_include_pad,
        )

    @classmethod
    def from_core(cls, core: _core.AvgPool2d | _core.PoolSynapses) -> AvgPool2d:
        """Return the pool that the core holds."""
        return cls(
            tuple(core.kernel_size),
            tuple(core.stride),
            tuple(core.padding),
            core.ceil_mode,
            core.count_include_pad,
        )
