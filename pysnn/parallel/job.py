"""What is computed in parts: jobs, and the samples that they share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._base.digests import sha256
from .._base.system import STREAM_VERSION, VERSION
from .messages.calls import Function
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
    """

    kind: str
    name: str
    function: Function
    settings: Mapping[str, Any]
    values: tuple[Shared, ...]

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


class Samples:
    """Arrays with one entry for each sample.

    Args:
        arrays: The arrays; None for one that there is not.
        axis: Axis of the samples in all of them.
        cell: Samples of a part; unless what is kept asks for fewer, parts are these cells.
        multiple: What the first sample of a part is a multiple of.
    """

    def __init__(
        self,
        arrays: Sequence[NDArray[Any] | None],
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
        return len(next(each for each in self._arrays if each is not None).swapaxes(0, self._axis))

    def can_have(self, start: int, stop: int) -> bool:
        """Return whether a part may be of these samples."""
        ends = stop == len(self) or stop % self._multiple == 0
        return start < stop <= len(self) and start % self._multiple == 0 and ends

    def rows(self, start: int, stop: int) -> tuple[NDArray[Any] | None, ...]:
        """Return some samples of each array, not copied where that is possible."""
        index = (slice(None),) * self._axis + (slice(start, stop),)
        return tuple(
            None if each is None else np.ascontiguousarray(each[index]) for each in self._arrays
        )

    def key(self, start: int, stop: int) -> str:
        """Return the hash of some samples."""
        if (start, stop) not in self._keys:
            self._keys[start, stop] = sha256(
                *(b"none" if each is None else each for each in self.rows(start, stop))
            )
        return self._keys[start, stop]
