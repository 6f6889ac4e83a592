"""The specification of windows: which pixels the taps of a convolution or a pool look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def taps(
    layer: Any, size: Sequence[int], image: Sequence[int], windows: Sequence[int]
) -> Iterator[tuple[tuple[int, int], tuple[int, int], tuple[int, int]]]:
    """Yield (tap, window, pixel) of every tap of a layer's windows that lies on the image."""
    top, _, left, _ = four_sides(getattr(layer, "padding", (0, 0)))
    dilation = getattr(layer, "dilation", (1, 1))
    for y, x, ky, kx in np.ndindex(*windows, *size):
        row = y * layer.stride[0] + ky * dilation[0] - top
        column = x * layer.stride[1] + kx * dilation[1] - left
        if 0 <= row < image[0] and 0 <= column < image[1]:
            yield (ky, kx), (y, x), (row, column)


def four_sides(padding: Sequence[int]) -> tuple[int, int, int, int]:
    """Return (top, bottom, left, right) of a padding of two or four numbers."""
    if len(padding) == 2:
        vertical, horizontal = padding
        return vertical, vertical, horizontal, horizontal
    top, bottom, left, right = padding
    return top, bottom, left, right


def pool_windows(
    layer: Any, source_shape: Sequence[int], shape: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many pixels count for each window of a pool, and its divisor, (windows,) each.

    The divisor is PyTorch's: the window's taps on the image, or those on the padded image (which
    a ``ceil_mode`` window may leave). Where all divisors are the same the channel has one weight,
    and each window counts with the pixels of the largest.
    """
    inside = np.zeros(shape[1:], dtype=np.int64)
    for _, window, _ in taps(layer, layer.kernel_size, source_shape[1:], shape[1:]):
        inside[window] += 1
    if not getattr(layer, "count_include_pad", True):
        return inside.reshape(-1), inside.reshape(-1)
    top, bottom, left, right = four_sides(getattr(layer, "padding", (0, 0)))
    divisors = np.zeros_like(inside)
    for y, x in np.ndindex(*shape[1:]):
        first_row, first_column = y * layer.stride[0] - top, x * layer.stride[1] - left
        rows = min(first_row + layer.kernel_size[0], source_shape[1] + bottom) - first_row
        columns = min(first_column + layer.kernel_size[1], source_shape[2] + right) - first_column
        divisors[y, x] = rows * columns
    if (divisors == divisors[0, 0]).all():
        inside[:] = inside.max()
    return inside.reshape(-1), divisors.reshape(-1)
