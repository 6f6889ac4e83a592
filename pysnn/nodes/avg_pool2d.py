"""Average pooling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.numbers import Sizes, as_int_pair
from .node import Geometry, Node, Shape, as_image_shape
from .window import Windows


class AvgPool2d(Node):
    """The mean over windows of an image, channel by channel.

    Windows must cover the image exactly: a pool that left out a border would change rates.

    Args:
        kernel_size: Size of a window: an int, or a pair (height, width).
        stride: Step between windows, an int or a pair; None: the window's own size.

    Raises:
        TypeError: A size is not an int.
        ValueError: A size is below 1.
    """

    kind = "pool"
    num_parameters = 0
    has_synapses = True

    def __init__(self, kernel_size: Sizes, stride: Sizes | None = None) -> None:
        self._kernel_size = as_int_pair(kernel_size, "kernel_size", minimum=1)
        self._stride = (
            self._kernel_size if stride is None else as_int_pair(stride, "stride", minimum=1)
        )

    @property
    def kernel_size(self) -> tuple[int, int]:
        """Height and width of a window."""
        return self._kernel_size

    @property
    def stride(self) -> tuple[int, int]:
        """Vertical and horizontal step between windows."""
        return self._stride

    @property
    def windows(self) -> Windows:
        """Where the windows lie."""
        return Windows(self._kernel_size, self._stride)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (channels, height, width) when the windows fit the image exactly."""
        channels, image = as_image_shape(input_shape)
        for axis, size in zip(self.windows.axes, image, strict=True):
            if axis.num_windows(size) < 1 or axis.leaves_rest(size):
                raise ValueError(
                    f"windows of {self._kernel_size} with stride {self._stride} do not fit an "
                    f"image of {image} exactly"
                )
        return (channels, *self.windows.grid(image))

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
        """Return the sizes of the windows."""
        return {"kernel_size": self._kernel_size, "stride": self._stride}

    def settings(self) -> dict[str, object]:
        """Return the sizes of the windows."""
        return {**self.geometry()}

    def to_core(self) -> _core.AvgPool2d:
        """Return the core's copy."""
        return _core.AvgPool2d(self._kernel_size, self._stride)

    def synapses_to_core(self) -> _core.PoolSynapses:
        """Return the core's synapses, whose weights it finds by itself."""
        return _core.PoolSynapses(self._kernel_size, self._stride)

    @classmethod
    def from_core(cls, core: _core.AvgPool2d | _core.PoolSynapses) -> AvgPool2d:
        """Return the pool that the core holds."""
        return cls(tuple(core.kernel_size), tuple(core.stride))
