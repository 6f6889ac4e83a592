"""Max pooling."""

from __future__ import annotations

from .. import _core
from .._base.numbers import Sizes, as_int_pair
from .node import Geometry, Shape, as_image_shape, only_shape
from .pool2d import Pool2d
from .window import Windows


class MaxPool2d(Pool2d):
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

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        self._dilation = as_int_pair(dilation, "dilation", minimum=1)

    @property
    def dilation(self) -> tuple[int, int]:
        """Vertical and horizontal step between the pixels of a window."""
        return self._dilation

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

    def geometry(self) -> Geometry:
        """Return the sizes of the windows, and what is not as by default."""
        geometry = super().geometry()
        if self._dilation != (1, 1):
            geometry["dilation"] = self._dilation
        return geometry

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
