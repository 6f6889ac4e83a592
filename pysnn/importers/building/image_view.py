"""Views of images that channels, strides and borders explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...nodes import Shape
from .value import ZERO, Indices


@dataclass(frozen=True)
class Axis:
    """Pixels of one axis: a border of zeros, every ``step``-th pixel from ``start``, a border."""

    before: int
    start: int
    step: int
    count: int
    after: int

    @property
    def is_border_alone(self) -> bool:
        """Whether no pixel of the image is left out."""
        return self.start == 0 and self.step == 1

    def kernel_size(self, size: int) -> int:
        """Return the size of a kernel that reads the pixels, one per window, and no more."""
        return size - (self.count - 1) * self.step


@dataclass(frozen=True, eq=False)
class ImageView:
    """Some channels of an image, in any order, and some of their pixels, between zeros.

    Attributes:
        channels: Which channel of the image each one is, `ZERO` for a channel of zeros.
        rows: The rows.
        columns: The columns.
    """

    channels: Indices
    rows: Axis
    columns: Axis

    def selects(self, image: Shape) -> bool:
        """Return whether anything but a border is added to an image."""
        channels, height, width = image
        return (
            not np.array_equal(self.channels, np.arange(channels))
            or (self.rows.count, self.columns.count) != (height, width)
            or not (self.rows.is_border_alone and self.columns.is_border_alone)
        )

    def num_weights(self, image: Shape) -> int:
        """Return the size of what `kernels` gives."""
        channels, height, width = image
        size = self.rows.kernel_size(height) * self.columns.kernel_size(width)
        alone = np.array_equal(self.channels, np.arange(channels))
        return size * len(self.channels) * (1 if alone else channels)

    def kernels(self, image: Shape) -> tuple[NDArray[np.float32], int]:
        """Return the weights of a convolution that passes the pixels on, and its groups.

        The stride of the convolution is the axes' step, and it has no padding.
        """
        channels, height, width = image
        size = (self.rows.kernel_size(height), self.columns.kernel_size(width))
        pixel = (self.rows.start, self.columns.start)
        if np.array_equal(self.channels, np.arange(channels)):
            kernels = np.zeros((channels, 1, *size), dtype=np.float32)
            kernels[:, 0, pixel[0], pixel[1]] = 1
            return kernels, channels
        kernels = np.zeros((len(self.channels), channels, *size), dtype=np.float32)
        outputs = np.flatnonzero(self.channels != ZERO)
        kernels[outputs, self.channels[outputs], pixel[0], pixel[1]] = 1
        return kernels, 1

    @classmethod
    def of(cls, index: Indices, image: Shape) -> ImageView | None:
        """Return what a view does to an image, or None where it does something else."""
        if index.ndim != 3 or len(image) != 3 or 0 in index.shape:
            return None
        _, height, width = image
        used = index != ZERO
        if not used.any():
            return None
        c, y, x = (int(place) for place in np.argwhere(used)[0])
        rows = _axis(index[c, :, x], width, height)
        columns = _axis(index[c, y, :], 1, width)
        if rows is None or columns is None:
            return None
        pixel = index[:, y, x]
        channels = np.where(pixel == ZERO, ZERO, pixel // (height * width))
        view = cls(channels, rows, columns)
        return view if np.array_equal(view._index(image), index) else None

    def _index(self, image: Shape) -> Indices:
        _, height, width = image
        parts = (
            (self.channels, height * width),
            (_pixels(self.rows), width),
            (_pixels(self.columns), 1),
        )
        grids = np.ix_(*(places for places, _ in parts))
        index = sum(grid * apart for grid, (_, apart) in zip(grids, parts, strict=True))
        is_zero = (grids[0] == ZERO) | (grids[1] == ZERO) | (grids[2] == ZERO)
        return np.where(is_zero, ZERO, index)


def _pixels(axis: Axis) -> Indices:
    pixels = axis.start + axis.step * np.arange(axis.count, dtype=np.int64)
    return np.pad(pixels, (axis.before, axis.after), constant_values=ZERO)


def _axis(line: Indices, apart: int, size: int) -> Axis | None:
    """Return the axis of which a line of a view tells, or None where its pixels are not in step.

    Args:
        line: Places along the axis in one channel.
        apart: How far apart neighbours are in the image.
        size: Size of the axis in the image.
    """
    used = np.flatnonzero(line != ZERO)
    pixels = line[used] // apart % size
    step = int(pixels[1] - pixels[0]) if len(pixels) > 1 else 1
    if step < 1 or pixels[0] + (len(pixels) - 1) * step >= size:
        return None
    return Axis(int(used[0]), int(pixels[0]), step, len(used), len(line) - 1 - int(used[-1]))
