"""Samples of memory maps and functions, read and made ready when somebody wants some of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._base.arrays import as_array, as_samples, samples_shape
from ..._base.interface.loaders import is_array_like
from ...nodes import Shape
from ...parallel.messages.mapped import MappedRows
from ..input_range import InputRange
from .sources import ArrayRows, RangeRows, Rows, is_mapped, ranges

Floats = NDArray[np.float32]

_BLOCK_BYTES = 1 << 25
_MOST_SAMPLES = 4096


@dataclass(frozen=True)
class ReadyMade:
    """Makes samples of rows as they stand in a file.

    Attributes:
        input_shape: Shape of a sample.
        input_range: Which numbers they may be; None for any finite ones.
        scale: Factor for the numbers; None for none.
        is_flat: Whether they become rows, (num_samples, num_inputs).
    """

    input_shape: Shape
    input_range: InputRange | None
    scale: float | None
    is_flat: bool = False

    @property
    def shape(self) -> Shape:
        """Shape of a sample that is ready."""
        return (math.prod(self.input_shape),) if self.is_flat else self.input_shape

    def __call__(self, values: ArrayLike, name: str = "x") -> Floats:
        """Return samples, (num_samples, *shape).

        Raises:
            TypeError: They do not hold real numbers, or integers without a scale.
            ValueError: Their shape does not fit, or a number is out of the range.
        """
        taken = as_samples if self.input_range is None else self.input_range.samples
        samples = taken(values, self.input_shape, name=name, scale=self.scale)
        return samples.reshape(len(samples), *self.shape)


def block_size_of(input_shape: Shape) -> int:
    """Return how many samples are worth reading at a time."""
    of_sample = 4 * max(1, math.prod(input_shape))
    return max(1, min(_MOST_SAMPLES, _BLOCK_BYTES // of_sample))


def as_stored(x: Rows, ready: ReadyMade, num_samples: int | None) -> Floats | StoredSamples:
    """Return samples that may be read several times, in any order: in memory only where they are.

    Args:
        x: An array, a memory map, or a function of a range of samples.
        ready: What is made of them.
        num_samples: How many samples a function has; None where nobody says.

    Raises:
        TypeError: They are nothing of that, or do not hold numbers as they must.
        ValueError: Their shape does not fit, a number of an array in memory is out of the range,
            or nobody said how many a function has.
    """
    if is_array_like(x):
        if is_mapped(x):
            return StoredSamples(ArrayRows(np.asanyarray(x), "x"), ready)
        return ready(x)
    if not callable(x):
        raise TypeError(
            f"x is a {type(x).__name__}, but must be an array, a memory map or a function of a "
            f"range of samples: they are read more than once, which an iterable can't be"
            if isinstance(x, Iterable)
            else f"x is a {type(x).__name__}, but must be an array, a memory map or a function of "
            f"a range of samples"
        )
    if num_samples is None:
        raise ValueError(
            "x is a function of a range of samples, and how many there are must be known: by y or "
            "sample_ids with a length"
        )
    return StoredSamples(RangeRows(x, num_samples, "x"), ready)


class StoredSamples:
    """Samples that are not in memory: like an array of them, but read when they are asked for.

    Numbers are checked when their block is read. ``np.asarray`` reads all.

    Args:
        source: Where they come from.
        ready: What is made of them.
        rows: Which of the source's rows they are; None for all.
    """

    def __init__(
        self,
        source: ArrayRows | RangeRows,
        ready: ReadyMade,
        rows: range | NDArray[np.int64] | None = None,
    ) -> None:
        self._source = source
        self._ready = ready
        self._rows = range(source.num_rows) if rows is None else rows
        self._refusals: dict[InputRange, str] = {}
        if isinstance(source, ArrayRows):
            samples_shape(source.array.shape, ready.input_shape, source.name)
            ready(source.array[:0], source.name)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array that they stand for."""
        return (len(self._rows), *self._ready.shape)

    @property
    def block_size(self) -> int:
        """How many of them are worth reading at a time."""
        return block_size_of(self._ready.input_shape)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._rows)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> StoredSamples:
        """Return some of them, which are not read yet."""
        chosen: range | NDArray[np.int64]
        if isinstance(rows, slice):
            chosen = self._rows[rows]
        elif isinstance(self._rows, range):
            chosen = np.asarray(rows, dtype=np.int64) + self._rows.start
        else:
            chosen = self._rows[rows]
        return StoredSamples(self._source, self._ready, chosen)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Return all of them."""
        return self.block(0, len(self)).astype(dtype or np.float32, copy=False)

    def block(self, start: int, stop: int) -> Floats:
        """Return the samples from ``start`` to below ``stop``.

        Raises:
            TypeError: They do not hold real numbers, or integers without a scale.
            ValueError: Their number or their shape does not fit, or a number is out of the range.
        """
        rows = self._rows[start:stop]
        if isinstance(rows, range):
            return self._read(rows.start, rows.stop)
        if isinstance(self._source, ArrayRows):
            return self._ready(np.asarray(self._source.array[rows]), f"{self._source.name}[rows]")
        # Neighbours are asked for together, each row once.
        order = np.argsort(rows, kind="stable")
        ordered = rows[order]
        cuts = np.flatnonzero(np.diff(ordered) != 1) + 1
        samples = np.empty((len(rows), *self._ready.shape), dtype=np.float32)
        for places in np.split(order, cuts):
            if len(places):
                first = int(rows[places[0]])
                samples[places] = self._read(first, first + len(places))
        return samples

    def blocks(self) -> Iterator[Floats]:
        """Yield all samples in order, some at a time."""
        for start, stop in ranges(len(self), self.block_size):
            yield self.block(start, stop)

    def in_file(self, start: int, stop: int) -> MappedRows | None:
        """Return where other processes find samples; None where they are in no file, or apart."""
        rows = self._rows[start:stop]
        if not isinstance(rows, range) or not isinstance(self._source, ArrayRows):
            return None
        return MappedRows.of(self._source.array[rows.start : rows.stop], self._ready)

    def check(self, input_range: InputRange) -> None:
        """Read all samples, once for each range, and check that they are in it.

        Raises:
            ValueError: A number is out of the range.
        """
        if input_range not in self._refusals:
            self._refusals[input_range] = ""
            for start, stop in ranges(len(self), self.block_size):
                try:
                    name = f"{self._source.name}[{start}:{stop}]"
                    input_range.samples(self.block(start, stop), self._ready.input_shape, name=name)
                except ValueError as error:
                    self._refusals[input_range] = str(error)
                    break
        if self._refusals[input_range]:
            raise ValueError(self._refusals[input_range])

    def _read(self, start: int, stop: int) -> Floats:
        if start == stop:
            return np.empty((0, *self._ready.shape), dtype=np.float32)
        block = self._source.rows(start, stop)
        values = as_array(block.values, block.name)
        samples = self._ready(values, block.name)
        if len(samples) != stop - start:
            raise ValueError(
                f"{block.name} has {len(samples)} samples, but must have {stop - start}"
            )
        return samples
