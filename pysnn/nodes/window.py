"""Where windows lie on an image: the one place of that arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Pair = tuple[int, int]


@dataclass(frozen=True)
class WindowAxis:
    """Windows along one axis of an image.

    Attributes:
        kernel_size: Taps of a window.
        stride: Step from one window to the next.
        padding: Zeros before and behind the image.
        dilation: Step from one tap of a window to the next.
    """

    kernel_size: int
    stride: int
    padding: int = 0
    dilation: int = 1

    @property
    def extent(self) -> int:
        """Pixels from the first tap of a window to the last, both included."""
        return self.dilation * (self.kernel_size - 1) + 1

    def num_windows(self, size: int) -> int:
        """Return how many windows fit an image of this size; 0 or less where none does."""
        return (size + 2 * self.padding - self.extent) // self.stride + 1

    def leaves_rest(self, size: int) -> bool:
        """Return whether the last window ends before the image does."""
        return (size + 2 * self.padding - self.extent) % self.stride != 0

    def pixels(self, tap: int, size: int) -> Counts:
        """Return the pixels that one tap of all windows looks at, those of the padding excepted."""
        starts = self.stride * np.arange(self.num_windows(size)) - self.padding
        places = starts + self.dilation * tap
        inside: Counts = places[(places >= 0) & (places < size)]
        return inside

    def num_taps(self, size: int) -> int:
        """Return how many taps of all windows lie on the image."""
        return sum(len(self.pixels(tap, size)) for tap in range(self.kernel_size))

    def padded_pixels(self, tap: int, size: int) -> slice:
        """Return the pixels of the padded image that one tap of all windows looks at."""
        first = self.dilation * tap
        return slice(first, first + self.stride * (self.num_windows(size) - 1) + 1, self.stride)


class Windows:
    """Windows over an image, (height, width).

    Args:
        kernel_size: Size of a window.
        stride: Step between windows.
        padding: Rows and columns of zeros around the image.
        dilation: Step between the taps of a window.
    """

    def __init__(
        self, kernel_size: Pair, stride: Pair, padding: Pair = (0, 0), dilation: Pair = (1, 1)
    ) -> None:
        self.axes = (
            WindowAxis(kernel_size[0], stride[0], padding[0], dilation[0]),
            WindowAxis(kernel_size[1], stride[1], padding[1], dilation[1]),
        )

    def grid(self, image: Pair) -> Pair:
        """Return how many windows there are, (rows, columns)."""
        rows, columns = self.axes
        return rows.num_windows(image[0]), columns.num_windows(image[1])

    def num_taps(self, image: Pair) -> int:
        """Return how many taps of all windows lie on the image."""
        return math.prod(axis.num_taps(size) for axis, size in zip(self.axes, image, strict=True))

    def spread(self, per_tap: Counts, image: Pair) -> Counts:
        """Add up, for every pixel, the numbers of all taps that look at it.

        Args:
            per_tap: A number for each tap of a window, (channels, kernel_height, kernel_width).
            image: Height and width of the image.

        Returns:
            Sums, (channels, height, width).
        """
        rows, columns = self.axes
        total = np.zeros((len(per_tap), *image), dtype=np.int64)
        for u in range(rows.kernel_size):
            for v in range(columns.kernel_size):
                # Windows differ in the pixel that a tap looks at, so that += meets each once.
                pixels = (rows.pixels(u, image[0])[:, None], columns.pixels(v, image[1]))
                total[:, pixels[0], pixels[1]] += per_tap[:, u, v, None, None]
        return total

    def taps(self, image: Pair) -> dict[Pair, tuple[slice, slice, slice]]:
        """Return, for every tap, where it lies on the padded image in all windows.

        Returns:
            Slices of an array (channels, height, width, ...) by row and column of the tap.
        """
        rows, columns = self.axes
        return {
            (u, v): (
                slice(None),
                rows.padded_pixels(u, image[0]),
                columns.padded_pixels(v, image[1]),
            )
            for u in range(rows.kernel_size)
            for v in range(columns.kernel_size)
        }
