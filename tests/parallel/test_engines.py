"""The executors of other libraries: the bits of one process, also when a worker is killed."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from long_tests import long_test
from scaling import functions
from scaling.functions import NUM_SAMPLES, job, run
from scaling.jobs import JOBS, alone, digest

from pysnn.parallel import PoolExecutor, Workers

TOTAL = NUM_SAMPLES * (NUM_SAMPLES - 1) / 2
SUPPORT = Path(functions.__file__).parents[1]


@pytest.fixture(scope="module")
def dask() -> Iterator[Any]:
    """Yield a client of a cluster of two processes."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=50,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.mark.parametrize("name", JOBS)
def test_dask_gives_the_bits_of_one_process(name: str, dask: Any) -> None:
    assert digest(JOBS[name](Workers(dask.get_executor(), part_size=9))) == alone(name)


def test_dask_goes_on_when_a_worker_is_killed(dask: Any) -> None:
    class Killing:
        """Kills a worker when the second part has come back."""

        def __init__(self, executor: Any) -> None:
            self._executor = executor
            self._victim = next(iter(dask.run(os.getpid).values()))
            self._num_done = 0

        def submit(self, function: Any, /, *arguments: Any) -> Any:
            future = self._executor.submit(function, *arguments)
            future.add_done_callback(lambda _: self._done())
            return future

        def _done(self) -> None:
            self._num_done += 1
            if self._num_done == 2:
                os.kill(self._victim, signal.SIGKILL)

    for name in ("simulate", "sweep", "diagnose"):
        workers = Workers(Killing(dask.get_executor()), part_size=4)
        assert digest(JOBS[name](workers)) == alone(name)


def test_dask_tries_a_failed_part_again(dask: Any, tmp_path: Path) -> None:
    # To Dask, equal calls are one: a second try must not be given the first one's failure.
    workers = Workers(dask.get_executor(pure=True))
    assert run(workers, job(functions.failing, folder=str(tmp_path), failures=2)) == [TOTAL]


def test_a_pool_of_multiprocessing_gives_the_bits_of_one_process() -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        workers = Workers(PoolExecutor(pool), part_size=9)
        assert digest(JOBS["simulate"](workers)) == alone("simulate")


def test_a_pool_must_have_apply_async() -> None:
    with pytest.raises(TypeError, match="pool is a int, but must have a method apply_async"):
        PoolExecutor(3)


def test_loky_gives_the_bits_of_one_process() -> None:
    loky = pytest.importorskip("loky")
    with loky.ProcessPoolExecutor(2) as executor:
        workers = Workers(executor, part_size=9)
        assert digest(JOBS["compare"](workers)) == alone("compare")


def mpi(script: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a script on four ranks of MPI, the first of which hands out parts."""
    command = ["mpirun", "-n", "4", "--oversubscribe", "--allow-run-as-root", "--bind-to", "none"]
    command += [*options, sys.executable, "-m", "mpi4py.futures", str(script)]
    environment = os.environ | {"PYTHONPATH": str(SUPPORT), "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)


@pytest.mark.skipif(
    shutil.which("mpirun") is None or importlib.util.find_spec("mpi4py") is None,
    reason="needs Open MPI and mpi4py",
)
def test_mpi_gives_the_bits_of_one_process(tmp_path: Path) -> None:
    script = tmp_path / "on_ranks.py"
    script.write_text(
        "from mpi4py.futures import MPIPoolExecutor\n"
        "from pysnn.parallel import Workers\n"
        "from scaling.jobs import JOBS, digest\n"
        "if __name__ == '__main__':\n"
        "    with MPIPoolExecutor() as executor:\n"
        "        for name, job in JOBS.items():\n"
        "            workers = Workers(executor, part_size=9)\n"
        "            print(name, digest(job(workers)), len(workers.report.workers), sep=';')\n"
    )
    done = mpi(script)
    assert done.returncode == 0, done.stderr
    lines = [line.split(";") for line in done.stdout.splitlines()]
    assert {name: found for name, found, _ in lines} == {name: alone(name) for name in JOBS}
    assert max(int(num_workers) for *_, num_workers in lines) > 1


@long_test
def test_executorlib_gives_the_bits_of_one_process() -> None:
    executorlib = pytest.importorskip("executorlib")
    with executorlib.SingleNodeExecutor(max_workers=2) as executor:
        workers = Workers(executor, part_size=30)
        assert digest(JOBS["simulate"](workers)) == alone("simulate")


@long_test
def test_submitit_gives_the_bits_of_one_process(tmp_path: Path) -> None:
    submitit = pytest.importorskip("submitit")
    executor = submitit.LocalExecutor(tmp_path)
    workers = Workers(executor, part_size=30, folder=tmp_path / "parts")
    assert digest(JOBS["simulate"](workers)) == alone("simulate")


@long_test
def test_ray_gives_the_bits_of_one_process(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    # In a process of its own: Ray leaves processes behind that Python warns of.
    script = tmp_path / "with_ray.py"
    script.write_text(
        "import ray\n"
        "from pysnn.parallel import PoolExecutor, Workers\n"
        "from ray.util.multiprocessing import Pool\n"
        "from scaling.jobs import JOBS, digest\n"
        "ray.init(num_cpus=2, include_dashboard=False, logging_level='error')\n"
        "with Pool(2) as pool:\n"
        "    workers = Workers(PoolExecutor(pool), part_size=9)\n"
        "    print(digest(JOBS['sweep'](workers)))\n"
    )
    # A busy machine takes longer than Ray likes to wait for.
    wait = {"RAY_raylet_start_wait_time_s": "400"}
    environment = os.environ | {"PYTHONPATH": str(SUPPORT)} | wait
    done = subprocess.run(
        [sys.executable, script], check=False, capture_output=True, text=True, env=environment
    )
    assert done.stdout.split()[-1:] == [alone("sweep")], done.stderr
