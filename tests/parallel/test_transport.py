"""What travels to workers, how often, and how much of it there is at a time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scaling.elsewhere import Elsewhere
from scaling.functions import NUM_SAMPLES, job, run

import pysnn
from pysnn.parallel import Workers
from pysnn.parallel.executor import part_threads
from pysnn.parallel.messages import cache as caches
from pysnn.parallel.messages import shared
from pysnn.parallel.messages.cache import Cache
from pysnn.parallel.messages.shared import Reference, Shared

TOTAL = NUM_SAMPLES * (NUM_SAMPLES - 1) / 2
VALUE_BYTES = 80_000


@pytest.fixture
def processes() -> Iterator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        yield executor


def test_workers_of_this_machine_read_a_shared_value_once(processes: ProcessPoolExecutor) -> None:
    workers = Workers(processes)
    assert run(workers, job(a=1), job(a=2), reuses_rows=False) == [TOTAL, TOTAL]
    first = workers.report.bytes_read
    assert 0 < first <= 2 * (VALUE_BYTES + 1000)
    assert workers.report.bytes_of_values == 0
    assert run(workers, job(a=3), reuses_rows=False) == [TOTAL]
    assert workers.report.bytes_read <= 2 * (VALUE_BYTES + 1000)
    assert workers.report.num_parts == 24


def test_workers_that_see_no_file_get_a_shared_value_in_a_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workers = Workers(Elsewhere(3, monkeypatch))
    assert run(workers, job(a=1), job(a=2), job(a=3)) == [TOTAL] * 3
    # Each of 24 parts reads it, and all were on their way before the first worker said so.
    assert 3 * VALUE_BYTES < workers.report.bytes_of_values < 4 * VALUE_BYTES
    again = Workers(workers.executor)
    assert run(again, job(a=4)) == [TOTAL]
    assert again.report.bytes_of_values < VALUE_BYTES


def test_without_any_file_values_travel_in_messages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_folder(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(shared.tempfile, "TemporaryDirectory", no_folder)
    assert run(Workers(Elsewhere(2, monkeypatch)), job()) == [TOTAL]


def test_a_changed_file_is_never_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "value"
    path.write_bytes(Shared("key", lambda: 1).content)
    found = Cache().find([Reference("key", str(path), digest="0" * 64)])
    assert (found.values, found.missing, found.unreadable) == ([], ["key"], ["key"])


def test_threads_read_values_where_they_are() -> None:
    with ThreadPoolExecutor(2) as executor:
        workers = Workers(executor)
        assert run(workers, job()) == [TOTAL]
    assert workers.report.bytes_read == workers.report.bytes_of_values == 0
    assert workers.report.bytes_sent < VALUE_BYTES
    assert caches.CACHE._own == {}


def test_no_more_parts_are_in_flight_than_workers_can_use() -> None:
    class Counting(ThreadPoolExecutor):
        most = 0
        waiting = 0

        def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
            Counting.waiting += 1
            Counting.most = max(Counting.most, Counting.waiting)
            future = super().submit(function, *arguments, **options)
            future.add_done_callback(lambda _: self._less())
            return future

        def _less(self) -> None:
            Counting.waiting -= 1

    with Counting(1) as executor:
        assert run(Workers(executor), *(job(a=i) for i in range(5))) == [TOTAL] * 5
    assert Counting.most <= 3


def test_a_cache_keeps_what_was_used_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "_MOST_BYTES", 2500)
    cache = Cache()

    def sent(name: str) -> Reference:
        return Reference(name, content=Shared(name, lambda: bytes(1000)).content)

    for name in ("a", "b", "a", "c"):
        assert cache.find([sent(name)]).missing == []
    assert cache.find([Reference("a")]).missing == []
    assert cache.find([Reference("b")]).missing == ["b"]


def test_threads_of_all_workers_are_no_more_than_processors() -> None:
    default = pysnn.default_num_threads()
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(4 * default) as many:
        assert part_threads(None, None) is None
        assert part_threads(one, None) == default
        assert part_threads(many, None) == 1
        assert part_threads(many, 3) == 3

    class Cluster:
        def submit(self, function: Any, /, *arguments: Any) -> Future[Any]:
            raise AssertionError("a part was handed out")

    assert part_threads(Cluster(), None) == 1


def test_only_rows_of_the_part_travel_with_it(processes: ProcessPoolExecutor) -> None:
    x = np.random.default_rng(0).random((400, 50), dtype=np.float32)
    snn = pysnn.convert(pysnn.models.mlp((50, 4), seed=0), method="none")
    workers = Workers(processes, part_size=40)
    pysnn.simulate(snn, x, num_steps=3, executor=workers)
    assert x.nbytes <= workers.report.bytes_sent < 1.5 * x.nbytes
