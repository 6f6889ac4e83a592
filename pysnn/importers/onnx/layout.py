"""In which order the numbers of a file's samples stand."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from ...nodes import Shape

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Layout:
    """How samples of a file become those of the network.

    Attributes:
        axes: Order of the axes of a batch.
        shape: Shape of a sample of the network.
    """

    axes: tuple[int, ...]
    shape: Shape

    def of(self, samples: NDArray[np.float32]) -> Floats:
        """Return samples of a file as the network takes them."""
        return samples.transpose(self.axes).reshape(len(samples), *self.shape)

    def __str__(self) -> str:
        """Return it as an expression of ``x``."""
        moved = self.axes != tuple(range(len(self.axes)))
        text = f"x.transpose{self.axes}" if moved else "x"
        if moved and len(self.shape) + 1 == len(self.axes):
            return text
        return f"{text}.reshape(-1, {', '.join(map(str, self.shape))})"


def find_layout(index: Indices, shape: Shape) -> Layout | None:
    """Return the layout that gives an image, or None where no order of axes does.

    Args:
        index: Where in a sample each number of the image is, (channels, height, width).
        shape: Shape of a sample.
    """
    places = np.arange(index.size).reshape(shape)
    for axes in permutations(range(len(shape))):
        if np.array_equal(places.transpose(axes).reshape(index.shape), index):
            return Layout((0, *(axis + 1 for axis in axes)), index.shape)
    return None
