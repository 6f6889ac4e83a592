"""Waiting for futures of any make, in the order in which they finish."""

from __future__ import annotations

import time
from queue import Empty, SimpleQueue

from .executor import Future

_LONGEST_WAIT = 0.2  # s, so that Ctrl-C is noticed wherever waiting can't be interrupted
_FIRST_POLL = 1e-3


class Finished:
    """Futures in flight, and those of them that have finished.

    Futures with ``add_done_callback`` say when they have finished, those with ``done`` are asked,
    and any others are waited for, the oldest first.
    """

    def __init__(self) -> None:
        self._queue: SimpleQueue[int] = SimpleQueue()
        self._futures: dict[int, Future] = {}
        self._silent: dict[int, Future] = {}

    def __len__(self) -> int:
        """Return how many futures are in flight or not yet taken."""
        return len(self._futures)

    def add(self, number: int, future: Future) -> None:
        """Begin to wait for a future, by a number that no other has."""
        self._futures[number] = future
        add_done_callback = getattr(future, "add_done_callback", None)
        if callable(add_done_callback):
            add_done_callback(lambda _: self._queue.put(number))
        else:
            self._silent[number] = future

    def next(self) -> tuple[int, Future]:
        """Wait until a future has finished, and return it with its number."""
        wait = _FIRST_POLL
        while True:
            number = self._take(wait if self._silent else _LONGEST_WAIT)
            if number is None:
                number = self._polled()
            if number is not None:
                self._silent.pop(number, None)
                return number, self._futures.pop(number)
            wait = min(2 * wait, _LONGEST_WAIT)

    def done(self) -> list[tuple[int, Future]]:
        """Return the futures that have finished by now, without waiting."""
        finished = []
        while (number := self._take(0)) is not None or (number := self._polled(False)) is not None:
            self._silent.pop(number, None)
            finished.append((number, self._futures.pop(number)))
        return finished

    def cancel(self) -> None:
        """Take back all futures that have not begun, where they can be."""
        for future in list(self._futures.values()):
            cancel = getattr(future, "cancel", None)
            if callable(cancel):
                cancel()

    def _take(self, wait: float) -> int | None:
        if len(self._silent) == len(self._futures):
            time.sleep(wait)
            return None
        try:
            return self._queue.get(timeout=wait) if wait else self._queue.get_nowait()
        except Empty:
            return None

    def _polled(self, may_wait: bool = True) -> int | None:
        for number, future in self._silent.items():
            done = getattr(future, "done", None)
            if done() if callable(done) else may_wait:
                return number
        return None
