"""Max pooling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.numbers import Sizes, as_bool, as_int_pair, as_padding
from .node import Geometry, Node, Shape, as_image_shape, only_shape
from .window import Sides, Windows, check_pool_padding, short_padding


class MaxPool2d(Node):
    """The largest number of windows of an image, channel by channel, as in PyTorch.

    Padding is never the largest. Where the stride does not divide what is left of the image, the
    rest is left out, unless ``ceil_mode`` adds a last window.

    Args:
        kernel_size: Size of a window: an int, or a pair (height, width).
        stride: Step between windows, an int or a pair; None: the window's own size.
        padding: Rows and columns around the image, at most half of a window: an int,
            (vertical, horizontal) or (top, bottom, left, right).
        dilation: Step between the pixels of a window: an int or a pair.
        ceil_mode: Whether a last window may reach beyond the padding.

    Raises:
        TypeError: A size is not an int, or ``ceil_mode`` not a bool.
        ValueError: A size is out of its range.
    """

    kind = "max_pool"
    num_parameters = 0
    has_synapses = True

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        ceil_mode: bool = False,
    ) -> None:
        self._kernel_size = as_int_pair(kernel_size, "kernel_size", minimum=1)
        self._stride = (
            self._kernel_size if stride is None else as_int_pair(stride, "stride", minimum=1)
        )
        self._padding = as_padding(padding, "padding")
        check_pool_padding(self._kernel_size, self._padding)
        self._dilation = as_int_pair(dilation, "dilation", minimum=1)
        self._ceil_mode = as_bool(ceil_mode, "ceil_mode")

    @property
    def kernel_size(self) -> tuple[int, int]:
        """Height and width of a window."""
        return self._kernel_size

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

    @property
    def dilation(self) -> tuple[int, int]:
        """Vertical and horizontal step between the pixels of a window."""
        return self._dilation

    @property
    def ceil_mode(self) -> bool:
        """Whether a last window may reach beyond the padding."""
        return self._ceil_mode

    @property
    def windows(self) -> Windows:
        """Where the windows lie."""
        return Windows(
            self._kernel_size,
            self._stride,
            self._padding,
            self._dilation,
            ceil_mode=self._ceil_mode,
        )

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return (channels, height, width)."""
        channels, image = as_image_shape(only_shape(input_shapes))
        grid = self.windows.grid(image)
        for axis, size in zip(self.windows.axes, image, strict=True):
            if not axis.all_see_pixels(size):
                raise ValueError(
                    f"a window of {self._kernel_size} with dilation {self._dilation} and padding "
                    f"{self.padding} sees no pixel of an image of {image}"
                )
        return (channels, *grid)

    def num_synapses(self, input_shape: Shape) -> int:
        """Return the number of inputs of all windows."""
        channels, image = as_image_shape(input_shape)
        return channels * self.windows.num_taps(image)

    def fan_out(self, input_shape: Shape, *, leave_out_zeros: bool = False) -> NDArray[np.int64]:
        """Return the number of windows that each input lies in, (num_inputs,)."""
        channels, image = as_image_shape(input_shape)
        one = np.ones((channels, *self._kernel_size), dtype=np.int64)
        return self.windows.spread(one, image).reshape(-1)

    def geometry(self) -> Geometry:
        """Return the sizes of the windows, and what is not as by default."""
        geometry: Geometry = {"kernel_size": self._kernel_size, "stride": self._stride}
        if any(self._padding):
            geometry["padding"] = self.padding
        if self._dilation != (1, 1):
            geometry["dilation"] = self._dilation
        if self._ceil_mode:
            geometry["ceil_mode"] = True
        return geometry

    def settings(self) -> dict[str, object]:
        """Return the sizes of the windows."""
        return {**self.geometry()}

    def to_core(self) -> _core.MaxPool2d:
        """Return the core's copy."""
        return _core.MaxPool2d(
            self._kernel_size, self._stride, self._padding, self._dilation, self._ceil_mode
        )

    def synapses_to_core(self) -> _core.MaxPoolSynapses:
        """Return the core's synapses."""
        return _core.MaxPoolSynapses(
            self._kernel_size, self._stride, self._padding, self._dilation, self._ceil_mode
        )

    @classmethod
    def from_core(cls, core: _core.MaxPool2d | _core.MaxPoolSynapses) -> MaxPool2d:
        """Return the pool that the core holds."""
        return cls(
            tuple(core.kernel_size),
            tuple(core.stride),
            tuple(core.padding),
            tuple(core.dilation),
            core.ceil_mode,
        )
