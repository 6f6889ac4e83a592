"""Random numbers that are the same on every machine, for every version of NumPy.

They are made of the words of a bit generator, which NumPy keeps for good, by integer arithmetic and
single float64 operations. What `numpy.random.Generator` makes of them may change.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")

_PIECES = 4  # of 16 bits, whose sum stands for a Gaussian
_MEAN = _PIECES * 65535 // 2
_DEVIATION = 37837.0  # of that sum


class Draw:
    """A stream of random numbers.

    Args:
        name: What the stream depends on, and nothing else.
    """

    def __init__(self, name: str) -> None:
        self._bits = np.random.PCG64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]))

    def words(self, count: int) -> NDArray[np.uint64]:
        """Return words of 64 random bits, (count,)."""
        return np.asarray(self._bits.random_raw(count), dtype=np.uint64)

    def integer(self, low: int, high: int) -> int:
        """Return an int in [low, high]."""
        return low + int(self.words(1)[0]) % (high - low + 1)

    def chance(self, percent: int) -> bool:
        """Return True that often in a hundred."""
        return self.integer(0, 99) < percent

    def choice(self, items: Sequence[Item]) -> Item:
        """Return one of the items, all equally likely."""
        return items[self.integer(0, len(items) - 1)]

    def integers(self, low: int, high: int, shape: tuple[int, ...]) -> NDArray[np.int64]:
        """Return ints in [low, high], of the given shape."""
        words = self.words(math.prod(shape)) >> np.uint64(20)
        return low + (words % np.uint64(high - low + 1)).astype(np.int64).reshape(shape)

    def uniform(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return multiples of 2^-24 in [0, 1), of the given shape."""
        return (self.integers(0, 2**24 - 1, shape) / 2.0**24).astype(np.float32)

    def normal(self, shape: tuple[int, ...]) -> NDArray[np.float64]:
        """Return numbers of about a Gaussian of mean 0 and deviation 1, of the given shape."""
        words = self.words(math.prod(shape))
        total = np.zeros(len(words), dtype=np.int64)
        for piece in range(_PIECES):
            total += (words >> np.uint64(16 * piece)).astype(np.int64) & 0xFFFF
        return ((total - _MEAN) / _DEVIATION).reshape(shape)
