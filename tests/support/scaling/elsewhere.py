"""Workers of other machines, in this process."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from pysnn.parallel.messages import cache as caches
from pysnn.parallel.messages import calls
from pysnn.parallel.messages.cache import Cache


class Elsewhere:
    """Workers that have a cache each and see no file, on one thread and in turns."""

    def __init__(
        self, num_workers: int, monkeypatch: pytest.MonkeyPatch, *, sees_files: bool = False
    ) -> None:
        self._sees_files = sees_files
        self._caches = [Cache() for _ in range(num_workers)]
        self._turns: Iterator[int] = itertools.cycle(range(num_workers))
        self._monkeypatch = monkeypatch

    def submit(self, function: Any, /, *arguments: Any) -> Future[Any]:
        worker = next(self._turns)
        future: Future[Any] = Future()
        with self._monkeypatch.context() as patch:
            patch.setattr(calls, "CACHE", self._caches[worker])
            patch.setattr(calls, "worker_name", lambda: f"worker {worker}")
            if not self._sees_files:
                patch.setattr(caches, "_read", lambda _: None)
                patch.setattr(caches, "_rows", lambda _: None)
            try:
                future.set_result(function(*arguments))
            except Exception as error:
                future.set_exception(error)
        return future
