"""Where windows lie on an image: the one place of that arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Pair = tuple[int, int]
Sides = tuple[int, int, int, int]
"""Of an image: top, bottom, left, right."""


@dataclass(frozen=True)
class WindowAxis:
    """Windows along one axis of an image.

    Attributes:
        kernel_size: Taps of a window.
        stride: Step from one window to the next.
        before: Padding before the image.
        after: Padding behind the image.
        dilation: Step from one tap of a window to the next.
        ceil_mode: Whether a last window may reach beyond the padding, as long as it begins before
            it.
    """

    kernel_size: int
    stride: int
    before: int = 0
    after: int = 0
    dilation: int = 1
    ceil_mode: bool = False

    @property
    def extent(self) -> int:
        """Pixels from the first tap of a window to the last, both included."""
        return self.dilation * (self.kernel_size - 1) + 1

    def padded(self, size: int) -> int:
        """Return the size of the padded image."""
        return self.before + size + self.after

    def num_windows(self, size: int) -> int:
        """Return how many windows fit an image of this size; 0 or less where none does."""
        room = self.padded(size) - self.extent
        if not self.ceil_mode:
            return room // self.stride + 1
        count = -(-room // self.stride) + 1
        return count - 1 if (count - 1) * self.stride >= size + self.before else count

    def starts(self, size: int) -> Counts:
        """Return the pixel that each window begins at, negative ones in the padding."""
        return self.stride * np.arange(self.num_windows(size)) - self.before

    def pixels(self, tap: int, size: int) -> Counts:
        """Return the pixels that one tap of all windows looks at, those of the padding excepted."""
        places = self.starts(size) + self.dilation * tap
        inside: Counts = places[(places >= 0) & (places < size)]
        return inside

    def all_see_pixels(self, size: int) -> bool:
        """Return whether each window has a tap on the image."""
        places = self.starts(size)[:, None] + self.dilation * np.arange(self.kernel_size)
        return bool(((places >= 0) & (places < size)).any(axis=1).all())

    def num_taps(self, size: int) -> int:
        """Return how many taps of all windows lie on the image."""
        return sum(len(self.pixels(tap, size)) for tap in range(self.kernel_size))

    def lengths(self, size: int, *, with_padding: bool) -> Counts:
        """Return the pixels of each window of dilation 1, with those of the padding or without."""
        starts = self.starts(size)
        ends = np.minimum(starts + self.kernel_size, size + self.after)
        if with_padding:
            return ends - starts
        return np.minimum(ends, size) - np.maximum(starts, 0)

    def padded_pixels(self, tap: int, size: int) -> slice:
        """Return the pixels of the padded image that one tap of all windows looks at."""
        first = self.dilation * tap
        return slice(first, first + self.stride * (self.num_windows(size) - 1) + 1, self.stride)


class Windows:
    """Windows over an image, (height, width).

    Args:
        kernel_size: Size of a window.
        stride: Step between windows.
        padding: Rows above and below the image, columns left and right of it.
        dilation: Step between the taps of a window.
        ceil_mode: Whether last windows may reach beyond the padding.
    """

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair,
        padding: Sides = (0, 0, 0, 0),
        dilation: Pair = (1, 1),
        *,
        ceil_mode: bool = False,
    ) -> None:
        top, bottom, left, right = padding
        self.axes = (
            WindowAxis(kernel_size[0], stride[0], top, bottom, dilation[0], ceil_mode),
            WindowAxis(kernel_size[1], stride[1], left, right, dilation[1], ceil_mode),
        )

    def grid(self, image: Pair) -> Pair:
        """Return how many windows there are, (rows, columns).

        Raises:
            ValueError: No window fits.
        """
        rows, columns = (
            axis.num_windows(size) for axis, size in zip(self.axes, image, strict=True)
        )
        for axis, size, count in zip(self.axes, image, (rows, columns), strict=True):
            if count < 1:
                raise ValueError(
                    f"the padded input has a side of {axis.padded(size)}, but the kernel has "
                    f"{axis.extent}"
                )
        return rows, columns

    def num_taps(self, image: Pair) -> int:
        """Return how many taps of all windows lie on the image."""
        return math.prod(axis.num_taps(size) for axis, size in zip(self.axes, image, strict=True))

    def divisors(self, image: Pair, *, with_padding: bool) -> Counts:
        """Return the pixels of each window, (rows, columns), with those of the padding or without.

        As in PyTorch, what a window has beyond the padding counts in neither case.
        """
        rows, columns = (
            axis.lengths(size, with_padding=with_padding)
            for axis, size in zip(self.axes, image, strict=True)
        )
        return np.multiply.outer(rows, columns)

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


def short_padding(padding: Sides) -> tuple[int, ...]:
    """Return (vertical, horizontal) where both sides are equal, all four sides otherwise."""
    top, bottom, left, right = padding
    return (top, left) if (top, left) == (bottom, right) else padding


def check_pool_padding(kernel_size: Pair, padding: Sides) -> None:
    """Raise a ValueError where a window of a pool could lie in the padding alone."""
    halves = (kernel_size[0] // 2,) * 2 + (kernel_size[1] // 2,) * 2
    if any(side > half for side, half in zip(padding, halves, strict=True)):
        raise ValueError(
            f"padding is {short_padding(padding)}, but must be at most half of the kernel_size "
            f"{kernel_size}"
        )
