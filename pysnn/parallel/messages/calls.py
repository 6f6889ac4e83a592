"""One part as it travels: the call, and the reply."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from .cache import CACHE, worker_name
from .shared import Reference

Arrays = dict[str, NDArray[Any]]
"""What a part gives: arrays by name, that a file can keep."""


def grouped(arrays: Arrays) -> dict[str, Arrays]:
    """Return arrays by the first word of their names, which ends at a slash, and by the rest.

    Example:
        >>> {name: list(group) for name, group in grouped({"0/a": 1, "0/b": 2, "1": 3}).items()}
        {'0': ['a', 'b'], '1': ['']}
    """
    groups: dict[str, Arrays] = {}
    for name, array in arrays.items():
        first, _, rest = name.partition("/")
        groups.setdefault(first, {})[rest] = array
    return groups


@dataclass(frozen=True, eq=False)
class Part:
    """What the function of a job gets.

    Attributes:
        settings: The job's.
        hints: The job's.
        start: Number of its first sample among all.
        values: Values that its parts share, such as the network.
        rows: Arrays of the part's samples, None for those that there are none of.
        num_threads: Threads that it may use; None for the default.
    """

    settings: Mapping[str, Any]
    hints: Mapping[str, Any]
    start: int
    values: tuple[Any, ...]
    rows: tuple[Any, ...]
    num_threads: int | None
    _keys: tuple[str, ...]

    def derived(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what ``make`` gave the last time that a part of the same values asked for it.

        Args:
            name: What tells it from other things made of the same values.
            make: Makes it.
        """
        return CACHE.derived(name, self._keys, make)


Function = Callable[[Part], Arrays]
"""What computes a part: a function of a module, so that workers find it by its name."""


@dataclass(frozen=True, eq=False)
class Call:
    """What a worker is asked.

    Attributes:
        function: What computes the part.
        settings: Settings of the job.
        hints: What else it is told, with no effect on what it gives.
        start: Number of its first sample.
        values: Values that parts share, and at the end the part's rows.
        num_threads: Threads that the part may use.
        number: Tells this message from all others: an engine that takes equal calls for the same
            one, as Dask does, would answer a second try with the failure of the first.
    """

    function: Function
    settings: Mapping[str, Any]
    hints: Mapping[str, Any]
    start: int
    values: tuple[Reference, ...]
    num_threads: int | None
    number: str


@dataclass(frozen=True, eq=False)
class Reply:
    """What a worker answers.

    Attributes:
        worker: Its machine and process.
        missing: Keys of values that it needs first; there is no result then.
        unreadable: Those of them whose file it could not read.
        bytes_read: Bytes of files that it read.
        seconds: Time that the part itself took.
        arrays: What the part gave.
    """

    worker: str
    missing: tuple[str, ...]
    unreadable: tuple[str, ...]
    bytes_read: int
    seconds: float
    arrays: Arrays


def run_call(payload: bytes) -> bytes:
    """Compute a part, or say what it needs first: what is handed to executors.

    Bytes and nothing else travel, so that engines neither inspect nor copy what is in them, and
    their number is known.
    """
    call: Call = pickle.loads(payload)
    found = CACHE.find(call.values)
    arrays: Arrays = {}
    seconds = 0.0
    if not found.missing:
        start = time.perf_counter()
        *values, rows = found.values
        keys = tuple(each.key for each in call.values[:-1])
        part = Part(
            call.settings, call.hints, call.start, tuple(values), rows, call.num_threads, keys
        )
        arrays = call.function(part)
        seconds = time.perf_counter() - start
    reply = Reply(
        worker_name(),
        tuple(found.missing),
        tuple(found.unreadable),
        found.bytes_read,
        seconds,
        arrays,
    )
    return pickle.dumps(reply, protocol=pickle.HIGHEST_PROTOCOL)
