"""Wall-clock time of the parts of a run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Measures named parts of a run, in order."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._seconds: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Measure the block; parts of the same name add up."""
        start = time.perf_counter()
        yield
        self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - start

    def seconds(self, name: str) -> float:
        """Return the time of one part in s.

        Raises:
            KeyError: No such part has ended.
        """
        return self._seconds[name]

    def finish(self) -> dict[str, float]:
        """Return the time of each part and of the whole run so far, in s."""
        return {**self._seconds, "whole run": time.perf_counter() - self._start}
