"""What both kinds of pools have in common."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray

from .._base.numbers import Sizes, as_bool, as_int_pair, as_padding
from .node import Geometry, Shape, as_image_shape
from .window import Windows, check_pool_padding
from .windowed import WindowedNode


class Pool2d(WindowedNode):
    """A node that makes one number of each window, channel by channel."""

    num_parameters = 0
    has_synapses = True

    def __init__(
        self, kernel_size: Sizes, stride: Sizes | None, padding: Sizes, ceil_mode: bool
    ) -> None:
        self._kernel_size = as_int_pair(kernel_size, "kernel_size", minimum=1)
        self._stride = (
            self._kernel_size if stride is None else as_int_pair(stride, "stride", minimum=1)
        )
        self._padding = as_padding(padding, "padding")
        check_pool_padding(self._kernel_size, self._padding)
        self._ceil_mode = as_bool(ceil_mode, "ceil_mode")

    @property
    def kernel_size(self) -> tuple[int, int]:
        """Height and width of a window."""
        return self._kernel_size

    @property
    def ceil_mode(self) -> bool:
        """Whether a last window may reach beyond the padding."""
        return self._ceil_mode

    @property
    @abstractmethod
    def windows(self) -> Windows:
        """Where the windows lie."""

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
        if self._ceil_mode:
            geometry["ceil_mode"] = True
        return geometry

    def settings(self) -> dict[str, object]:
        """Return the sizes of the windows."""
        return {**self.geometry()}
