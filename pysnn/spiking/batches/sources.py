"""Where samples and labels come from, block by block: arrays, functions of a range, iterables.

Blocks come in order and cover all rows once. An array is never copied as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._base.arrays import as_array
from ..._base.interface.loaders import is_array_like

RowRange = Callable[[int, int], ArrayLike]
"""Returns the rows from its first argument to below its second."""

Rows = ArrayLike | RowRange | Iterable[ArrayLike]
"""Rows of samples or of labels, in memory or not."""


class Block(NamedTuple):
    """Some neighbouring rows.

    Attributes:
        name: What messages call them.
        values: The rows as they came.
        num_rows: How many they must be; None for any number.
    """

    name: str
    values: Any
    num_rows: int | None


class Source(Protocol):
    """Rows that are read from the first to the last."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def num_rows(self) -> int | None:
        """How many there are; None where only the end tells."""

    def blocks(self, size: int) -> Iterator[Block]:
        """Yield blocks of ``size`` rows, the last one of fewer; an iterable's come as they are."""


class ArrayRows:
    """Rows of an array, which may be a memory map."""

    def __init__(self, array: NDArray[Any], name: str) -> None:
        self.array = array
        self.name = name

    @property
    def num_rows(self) -> int:
        """Its length."""
        return len(self.array)

    def blocks(self, size: int) -> Iterator[Block]:
        """Yield slices of it."""
        for start, stop in ranges(self.num_rows, size):
            yield self.rows(start, stop)

    def rows(self, start: int, stop: int) -> Block:
        """Return some of them."""
        # As a plain array: a slice of a memory map is one, and slower for it.
        values = np.asarray(self.array[start:stop])
        is_all = stop - start == len(self.array)
        name = self.name if is_all else f"{self.name}[{start}:{stop}]"
        return Block(name, values, stop - start)


class RangeRows:
    """Rows that a function of a range returns."""

    def __init__(self, function: RowRange, num_rows: int, name: str) -> None:
        self._function = function
        # Threads of an executor may ask at once, and files are seldom made for that.
        self._lock = Lock()
        self.num_rows = num_rows
        self.name = name

    def blocks(self, size: int) -> Iterator[Block]:
        """Yield what the function returns."""
        for start, stop in ranges(self.num_rows, size):
            yield self.rows(start, stop)

    def rows(self, start: int, stop: int) -> Block:
        """Return some of them."""
        with self._lock:
            values = self._function(start, stop)
        return Block(f"{self.name}({start}, {stop})", values, stop - start)


class IterableRows:
    """Rows in batches of any size, read once."""

    num_rows = None

    def __init__(self, batches: Iterable[ArrayLike], name: str) -> None:
        self._batches = batches
        self.name = name

    def blocks(self, size: int) -> Iterator[Block]:
        """Yield the batches as they come, whatever the size."""
        for i, batch in enumerate(self._batches):
            yield Block(f"(batch {i} of {self.name})", batch, None)


def as_source(rows: Rows, name: str, num_rows: int | None) -> Source:
    """Return rows as what blocks are read from.

    Args:
        rows: An array or what NumPy takes for one, a function of a range, or an iterable.
        name: What messages call it.
        num_rows: How many rows a function of a range has; None where nobody said.

    Raises:
        TypeError: They are nothing of that, or a list is ragged.
        ValueError: Rows are a function, and nobody said how many there are; or a single number.
    """
    if not is_array_like(rows):
        if callable(rows):
            if num_rows is None:
                raise ValueError(
                    f"num_samples must be given where {name} is a function of a range of samples"
                )
            return RangeRows(rows, num_rows, name)
        if isinstance(rows, Iterable):
            return IterableRows(rows, name)
        raise TypeError(
            f"{name} is a {type(rows).__name__}, but must be an array, a function of a range of "
            f"samples, or an iterable of batches"
        )
    array = as_array(rows, name)
    if array.ndim == 0:
        raise ValueError(f"{name} has shape (), but must have a row for each sample")
    return ArrayRows(array, name)


def is_mapped(rows: object) -> bool:
    """Return whether the memory of an array is that of a memory-mapped file."""
    base = rows
    while isinstance(base, np.ndarray):
        if isinstance(base, np.memmap):
            return True
        base = base.base
    return False


def ranges(num_rows: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the one behind the last row of each block of ``size``."""
    for start in range(0, num_rows, size):
        yield start, min(start + size, num_rows)
