"""Results of blocks of samples side by side, in memory that is taken once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..results import SimulationResult
from ..results.output_totals import OutputTotals
from ..results.result_arrays import NUMBERS, SAMPLES_FIRST, ResultArrays

Array = NDArray[Any]


class Gathered:
    """Takes results of blocks, in the order of their samples, and gives that of all.

    Args:
        num_samples: Samples of all blocks; None where only their end tells, and then the largest
            array is in memory twice while it is joined.
    """

    def __init__(self, num_samples: int | None) -> None:
        self._num_samples = num_samples
        self._last: SimulationResult | None = None
        self._columns: dict[tuple[str, ...], _Column] = {}
        self._num_correct: NDArray[np.int64] | None = None
        self._done = 0

    def add(self, part: SimulationResult, num_correct: NDArray[np.int64] | None) -> None:
        """Take the result of the next samples.

        Args:
            part: The result.
            num_correct: How many of them are right after each step; None without labels.
        """
        self._last = part
        for key, array in _arrays_of(part):
            if key not in self._columns:
                self._columns[key] = _Column(array, _axis_of(key, array), self._num_samples)
            self._columns[key].add(array, self._done)
        self._done += part.num_samples
        if num_correct is not None:
            before = 0 if self._num_correct is None else self._num_correct
            self._num_correct = before + num_correct

    def result(self) -> SimulationResult:
        """Return the result of all samples; at least one part was added."""
        assert self._last is not None
        arrays: dict[str, Array] = {}
        totals: dict[str, Array] = {}
        records: dict[tuple[str, int], dict[str, Array]] = {}
        of_last = self._last._arrays()
        # Each list of parts is dropped when it is joined.
        for (kind, name, *place), column in self._columns.items():
            match kind:
                case "array":
                    arrays[name] = column.joined()
                case "total":
                    totals[name] = column.joined()
                case _:
                    records.setdefault((kind, int(place[0])), {})[name] = column.joined()
        values: dict[str, Any] = {name: getattr(of_last, name) for name in NUMBERS}
        values |= arrays | {"num_samples": self._done, "records": records}
        return self._last._of_arrays(
            ResultArrays(**values),
            OutputTotals.of_arrays(totals) if totals else None,
            self._num_correct,
        )


def _arrays_of(part: SimulationResult) -> Iterator[tuple[tuple[str, ...], Array]]:
    """Yield each array of a result by what it is, its name, and the place of its population."""
    arrays = part._arrays()
    for name in SAMPLES_FIRST:
        yield ("array", name), getattr(arrays, name)
    if part._totals is not None:
        for name, array in part._totals.arrays().items():
            yield ("total", name), array
    for (what, population), kept in arrays.records.items():
        for name, array in kept.items():
            yield (what, name, str(population)), array


def _axis_of(key: tuple[str, ...], array: Array) -> int | None:
    # Those of records are (steps, samples, neurons), (samples, neurons) or (neurons).
    if key[0] in ("array", "total"):
        return 0
    return array.ndim - 2 if array.ndim > 1 else None


class _Column:
    """One array of all samples: filled in place, or joined at the end.

    Args:
        first: That of the first block.
        axis: Where its samples are; None where it is the same for all.
        total: Samples of all blocks, where it is known.
    """

    def __init__(self, first: Array, axis: int | None, total: int | None) -> None:
        self._axis = axis
        self._parts: list[Array] = []
        self._whole: Array | None = None
        if axis is None:
            self._whole = first.copy()
        # What the network has not got, such as a readout's potentials, is empty in every block.
        elif total is not None and first.size:
            shape = list(first.shape)
            shape[axis] = total
            self._whole = np.empty(shape, dtype=first.dtype)

    def add(self, part: Array, start: int) -> None:
        """Take the array of the block whose first sample is at ``start``."""
        if self._whole is None:
            # A view of the core's memory would keep everything else that the core holds alive.
            self._parts.append(part.copy())
        elif self._axis is not None:
            rows = slice(start, start + part.shape[self._axis])
            self._whole[(slice(None),) * self._axis + (rows,)] = part

    def joined(self) -> Array:
        """Return the array of all samples, and forget its parts."""
        parts, self._parts = self._parts, []
        if self._whole is not None:
            return self._whole
        return np.concatenate(parts, axis=self._axis)
