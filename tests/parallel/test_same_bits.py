"""Every long job gives the bits of one process, wherever and in whatever order its parts ran."""

from __future__ import annotations

import multiprocessing
import pickle
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from scaling.jobs import JOBS, alone, digest

from pysnn.parallel import PartsMissing, Workers


class Shuffled:
    """Runs everything in another order than it came; what it is given has travelled."""

    def __init__(self) -> None:
        self._random = random.Random(5)
        self._waiting: list[tuple[Any, ...]] = []

    def submit(self, function: Any, /, *arguments: Any) -> AskedFuture:
        future = AskedFuture(self)
        self._waiting.append((future, function, pickle.loads(pickle.dumps(arguments))))
        return future

    def run_one(self) -> None:
        place = self._random.randrange(len(self._waiting))
        future, function, arguments = self._waiting.pop(place)
        future.value = function(*arguments)
        future.is_done = True


class AskedFuture:
    """Is done when it was asked often enough; has no callback."""

    def __init__(self, executor: Shuffled) -> None:
        self._executor = executor
        self.is_done = False
        self.value: object = None

    def done(self) -> bool:
        if not self.is_done:
            self._executor.run_one()
        return self.is_done

    def result(self) -> object:
        while not self.is_done:
            self._executor.run_one()
        return self.value


@pytest.fixture(scope="module", params=["threads", "spawn", "forkserver"])
def executor(request: pytest.FixtureRequest) -> Iterator[Any]:
    match request.param:
        case "threads":
            with ThreadPoolExecutor(3) as pool:
                yield pool
        case method:
            context = multiprocessing.get_context(method)
            with ProcessPoolExecutor(2, mp_context=context) as pool:
                yield pool


@pytest.mark.parametrize("name", JOBS)
def test_an_executor_gives_the_bits_of_one_process(name: str, executor: Any) -> None:
    assert digest(JOBS[name](executor)) == alone(name)


@pytest.mark.parametrize("size", [3, 25])
@pytest.mark.parametrize("name", JOBS)
def test_parts_of_any_size_in_any_order_give_the_same_bits(name: str, size: int) -> None:
    assert digest(JOBS[name](Workers(Shuffled(), part_size=size))) == alone(name)


@pytest.mark.parametrize("name", JOBS)
def test_shares_of_parts_give_the_same_bits_when_all_are_there(name: str, tmp_path: Path) -> None:
    # A search needs a round of shares for each of its own rounds.
    for _ in range(6):
        for number in (3, 1, 2):
            workers = Workers(folder=tmp_path, part_size=9, share=(number, 3))
            try:
                found = JOBS[name](workers)
            except PartsMissing:
                continue
            assert digest(found) == alone(name)
        try:
            found = JOBS[name](Workers(folder=tmp_path, only_kept=True))
        except PartsMissing:
            continue
        assert digest(found) == alone(name)
        return
    pytest.fail("parts are still missing")


@pytest.mark.parametrize("name", JOBS)
def test_what_is_kept_is_taken_by_another_split(name: str, tmp_path: Path) -> None:
    half = Workers(folder=tmp_path, part_size=9, share=(1, 2))
    with pytest.raises(PartsMissing):
        JOBS[name](half)
    rest = Workers(folder=tmp_path, part_size=16)
    assert digest(JOBS[name](rest)) == alone(name)
    assert rest.report.num_kept > 0
    again = Workers(folder=tmp_path, part_size=2)
    assert digest(JOBS[name](again)) == alone(name)
    assert again.report.num_parts == 0
