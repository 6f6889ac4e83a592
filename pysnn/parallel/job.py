"""What is computed in parts: jobs, and the samples that they share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .._base.digests import sha256
from .._base.system import STREAM_VERSION, VERSION
from .messages.calls import Arrays, Function
from .messages.mapped import MappedRows, RowsInFiles
from .messages.shared import Shared


@dataclass(frozen=True, eq=False)
class Job:
    """One setting, over all samples.

    Attributes:
        kind: What is done, one word: files of its parts begin with it.
        name: What tells it from other jobs of the same call, for people; "" for a single one.
        function: What computes a part of it.
        settings: What the parts depend on besides values and rows, ready for JSON.
        values: What they share, such as the network.
        hints: What parts are told besides, which has no effect on what they give.
        is_there: Tells whether what a kept part refers to is there; None: it refers to nothing.
    """

    kind: str
    name: str
    function: Function
    settings: Mapping[str, Any]
    values: tuple[Shared, ...]
    hints: Mapping[str, Any] = field(default_factory=dict)
    is_there: Callable[[Arrays], bool] | None = None

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"{self.kind}: {self.name}" if self.name else self.kind

    @cached_property
    def key(self) -> str:
        """Hash of all that its parts depend on, but their rows."""
        words = json.dumps(
            [self.kind, VERSION, STREAM_VERSION, self.settings, [each.key for each in self.values]],
            sort_keys=True,
            allow_nan=False,
        )
        return sha256(words.encode())


class StoredRows(Protocol):
    """Rows that are read when they are needed: of a memory map, or of a function."""

    def __len__(self) -> int:
        """Return how many there are."""

    def block(self, start: int, stop: int) -> NDArray[Any]:
        """Return some of them, as parts read them."""

    def in_file(self, start: int, stop: int) -> MappedRows | None:
        """Return where other processes find some of them; None where they can't."""


class Samples:
    """Arrays with one entry for each sample.

    Args:
        arrays: The arrays, in memory or not; None for one that there is not.
        axis: Axis of the samples in all that are in memory.
        cell: Samples of a part; unless what is kept asks for fewer, parts are these cells.
        multiple: What the first sample of a part is a multiple of.
    """

    def __init__(
        self,
        arrays: Sequence[NDArray[Any] | StoredRows | None],
        cell: int,
        axis: int = 0,
        multiple: int = 1,
    ) -> None:
        self._arrays = tuple(arrays)
        self._axis = axis
        self._keys: dict[tuple[int, int], str] = {}
        self.cell = cell
        self._multiple = multiple

    def __len__(self) -> int:
        """Return the number of samples."""
        first = next(each for each in self._arrays if each is not None)
        return first.shape[self._axis] if isinstance(first, np.ndarray) else len(first)

    def can_have(self, start: int, stop: int) -> bool:
        """Return whether a part may be of these samples."""
        ends = stop == len(self) or stop % self._multiple == 0
        return start < stop <= len(self) and start % self._multiple == 0 and ends

    def rows(self, start: int, stop: int) -> tuple[NDArray[Any] | None, ...]:
        """Return some samples of each array, not copied where that is possible."""
        return tuple(self._rows_of(each, start, stop) for each in self._arrays)

    def _rows_of(
        self, array: NDArray[Any] | StoredRows | None, start: int, stop: int
    ) -> NDArray[Any] | None:
        if isinstance(array, np.ndarray):
            index = (slice(None),) * self._axis + (slice(start, stop),)
            return np.ascontiguousarray(array[index])
        return None if array is None else np.ascontiguousarray(array.block(start, stop))

    def in_files(self, start: int, stop: int) -> RowsInFiles | None:
        """Return some samples for workers that see the same files; None without any file."""
        found = [
            None if each is None or isinstance(each, np.ndarray) else each.in_file(start, stop)
            for each in self._arrays
        ]
        if not any(found):
            return None
        arrays = tuple(
            self._rows_of(array, start, stop) if place is None else place
            for array, place in zip(self._arrays, found, strict=True)
        )
        return RowsInFiles(arrays, self.key(start, stop))

    def key(self, start: int, stop: int) -> str:
        """Return the hash of some samples."""
        if (start, stop) not in self._keys:
            self._keys[start, stop] = sha256(
                *(b"none" if each is None else each for each in self.rows(start, stop))
            )
        return self._keys[start, stop]
