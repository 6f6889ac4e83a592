"""Shared values on their way to workers that can read no file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


class Deliveries:
    """Which workers lack which values, and how many messages carry them.

    No engine lets a caller choose the worker of a part. So a value goes out as often as workers
    are known to lack it, with any parts; parts for which that is so already wait until one of
    these messages has come to somebody. Were each part answered by the value, it would travel once
    for each part that is in flight at the beginning.
    """

    def __init__(self) -> None:
        self._lacking: dict[str, set[str]] = {}
        self._on_the_way: Counter[str] = Counter()

    def has(self, worker: str, keys: Iterable[str]) -> None:
        """Note that a worker has values."""
        for key in keys:
            self._lacking.get(key, set()).discard(worker)

    def lacks(self, worker: str, keys: Iterable[str]) -> None:
        """Note that a worker lacks values, and can't read them from files."""
        for key in keys:
            self._lacking.setdefault(key, set()).add(worker)

    def may_send(self, keys: Iterable[str]) -> bool:
        """Return whether some worker lacks each of some values that is on no way to it."""
        return all(self._on_the_way[key] < len(self._lacking.get(key, ())) for key in keys)

    def sent(self, keys: Iterable[str]) -> None:
        """Note that a message carries values."""
        self._on_the_way.update(keys)

    def arrived(self, keys: Iterable[str]) -> None:
        """Note that a message that carried values was answered, or is lost."""
        self._on_the_way.subtract(keys)
