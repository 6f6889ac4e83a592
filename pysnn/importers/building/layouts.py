"""Orders of the input's axes in which steps on it are those of images."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from ...nodes import Shape
from .image_view import ImageView
from .value import ZERO, Indices


def layout_of_images(index: Indices, shape: Shape) -> Indices | None:
    """Return where each number of a sample would have to be for a view to be one of its images.

    Args:
        index: The view, (channels, height, width).
        shape: Shape of the sample.

    Returns:
        Another order of a sample's axes, or the view itself where it has all of the sample's
        numbers once; None where neither helps.
    """
    for layout in _layouts(shape):
        moved = np.argsort(layout, axis=None)
        if ImageView.of(np.where(index == ZERO, ZERO, moved[index]), layout.shape) is not None:
            return layout
    size = math.prod(shape)
    whole = index.size == size and (np.sort(index, axis=None) == np.arange(size)).all()
    return index if whole else None


def layout_of_channels(arrays: Sequence[NDArray[np.float64]], shape: Shape) -> Indices | None:
    """Return the order of a sample's axes in which arrays have one number per channel, or None.

    Args:
        arrays: A number for each of the sample's numbers.
        shape: Shape of the sample.
    """
    for layout in _layouts(shape):
        rows = [array.reshape(-1)[layout].reshape(len(layout), -1) for array in arrays]
        if all((row == row[:, :1]).all() for row in rows):
            return layout
    return None


def _layouts(shape: Shape) -> Iterator[Indices]:
    """Yield where the numbers of an image are when its axes are in other orders."""
    if len(shape) == 3:
        places = np.arange(math.prod(shape)).reshape(shape)
        yield from (places.transpose(axes) for axes in list(permutations(range(3)))[1:])
