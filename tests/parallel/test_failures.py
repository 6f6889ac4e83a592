"""Workers that fail, die or were never there; interruptions."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from scaling import functions
from scaling.functions import NUM_SAMPLES, job, run

from pysnn.parallel import ExecutorError, LocalProcesses, PartError, Workers

TOTAL = NUM_SAMPLES * (NUM_SAMPLES - 1) / 2


def spawned(num_workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(num_workers, mp_context=multiprocessing.get_context("spawn"))


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder


def test_a_part_that_fails_twice_is_tried_a_third_time(marks: Path) -> None:
    with ThreadPoolExecutor(2) as executor:
        workers = Workers(executor)
        found = run(workers, job(functions.failing, folder=str(marks), failures=2))
    assert found == [TOTAL]
    assert workers.report.num_retried == 2


def test_a_part_that_fails_too_often_is_named_with_its_samples_and_settings(marks: Path) -> None:
    failing = job(functions.failing, folder=str(marks), failures=9)
    with ThreadPoolExecutor(2) as executor, pytest.raises(PartError) as caught:
        run(Workers(executor, num_retries=1), failing)
    words = str(caught.value)
    assert words.startswith("total: the part of samples 10 to 14 failed 2 times, at last with")
    assert "ArithmeticError: no sum of these" in words
    assert "'failures': 9" in words
    assert caught.value.rows == (10, 15)
    assert isinstance(caught.value.__cause__, ArithmeticError)


def test_what_was_done_before_a_failure_is_kept(marks: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    failing = job(functions.failing, folder=str(marks), failures=1)
    with pytest.raises(PartError):
        run(Workers(folder=kept, num_retries=0), failing)
    again = Workers(folder=kept)
    assert run(again, failing) == [TOTAL]
    assert (again.report.num_kept, again.report.num_parts) == (2, 6)


def test_a_pool_that_loses_a_process_is_an_error_and_a_new_one_goes_on(
    marks: Path, tmp_path: Path
) -> None:
    dying = job(functions.dying, folder=str(marks), deaths=1)
    kept = tmp_path / "kept"
    with spawned(1) as executor, pytest.raises(ExecutorError) as caught:
        run(Workers(executor, folder=kept), dying)
    assert "parts of this call are done and kept in" in str(caught.value)
    assert isinstance(caught.value.__cause__, BrokenExecutor)
    with spawned(1) as executor:
        again = Workers(executor, folder=kept)
        assert run(again, dying) == [TOTAL]
    assert again.report.num_kept == 2


def test_local_processes_replace_one_that_dies(marks: Path) -> None:
    dying = job(functions.dying, folder=str(marks), deaths=2)
    with LocalProcesses(1) as executor:
        workers = Workers(executor)
        assert run(workers, dying) == [TOTAL]
    assert workers.report.num_retried > 0
    assert len(workers.report.workers) > 1


def test_a_part_that_kills_every_worker_is_given_up(marks: Path) -> None:
    dying = job(functions.dying, folder=str(marks), deaths=99)
    with LocalProcesses(1) as executor, pytest.raises(PartError, match="failed 2 times"):
        run(Workers(executor, num_retries=1), dying)


def test_an_executor_that_is_shut_down_is_refused() -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(ExecutorError, match=r"accepts no more parts: .*after shutdown; 0 parts"):
        run(Workers(executor), job())


def test_a_cancelled_part_is_handed_out_again() -> None:
    class Cancelling:
        def __init__(self) -> None:
            self.num_cancelled = 0

        def submit(self, function: Any, /, *arguments: Any) -> Future[Any]:
            future: Future[Any] = Future()
            if self.num_cancelled < 3:
                self.num_cancelled += 1
                future.cancel()
            else:
                future.set_result(function(*arguments))
            return future

    assert run(Workers(Cancelling(), num_retries=3), job()) == [TOTAL]


def test_a_failure_takes_back_what_has_not_begun() -> None:
    class Idle:
        def __init__(self) -> None:
            self.futures: list[Future[Any]] = []

        def submit(self, function: Any, /, *arguments: Any) -> Future[Any]:
            future: Future[Any] = Future()
            self.futures.append(future)
            if len(self.futures) == 8:
                self.futures[0].set_exception(ArithmeticError("lost"))
            return future

    idle = Idle()
    with pytest.raises(PartError):
        run(Workers(idle, num_retries=0), job())
    assert all(each.cancelled() for each in idle.futures[1:])


def test_an_interruption_keeps_what_is_finished(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    # Interrupted from within, when the second part is handed out: no clock decides where.
    code = (
        "import os, signal, sys\n"
        f"sys.path.insert(0, {str(Path(functions.__file__).parents[1])!r})\n"
        "from concurrent.futures import Future\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background\n"
        "from pysnn.parallel import Workers\n"
        "from scaling.functions import job, run\n"
        "class Interrupting:\n"
        "    num = 0\n"
        "    def submit(self, function, *arguments):\n"
        "        self.num += 1\n"
        "        if self.num == 3:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "        future = Future()\n"
        "        future.set_result(function(*arguments))\n"
        "        return future\n"
        f"run(Workers(Interrupting(), folder={str(kept)!r}), job())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert done.returncode == -signal.SIGINT, done.stderr.decode()
    again = Workers(folder=kept)
    assert run(again, job()) == [TOTAL]
    assert again.report.num_kept >= 2
    assert not list(kept.glob("pysnn-shared-*"))
