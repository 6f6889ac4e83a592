"""Engines that ``--executor`` names: how each is started."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial

from ..importers.extras import load_library
from ..parallel import LocalProcesses, SubmitsWork

Started = AbstractContextManager[tuple[SubmitsWork, int | None]]
"""An executor while it runs, and the threads of each part on it."""


@dataclass(frozen=True)
class Engine:
    """An engine that was asked for.

    Attributes:
        started: Starts it, given the threads that were asked for.
    """

    started: Callable[[int | None], Started]


def engine(text: str) -> Engine:
    """Return the engine that a word of the command line names.

    Raises:
        ArgumentTypeError: There is none of that name.
    """
    name, _, where = text.partition(":")
    if name == "processes" and where.isdecimal() and int(where) > 0:
        return Engine(partial(_processes, int(where)))
    if name == "dask" and where:
        return Engine(partial(_dask, where))
    if text == "mpi":
        return Engine(_mpi)
    raise argparse.ArgumentTypeError(
        f"is {text!r}, but must be processes:N, dask:ADDRESS, dask:FILE.json or mpi"
    )


@contextmanager
def _processes(number: int, threads: int | None) -> Iterator[tuple[SubmitsWork, int | None]]:
    with LocalProcesses(number) as executor:
        yield executor, None if threads is None else max(1, threads // number)


@contextmanager
def _dask(where: str, threads: int | None) -> Iterator[tuple[SubmitsWork, int | None]]:
    distributed = load_library("distributed", "dask", "clusters of Dask")
    found = {"scheduler_file": where} if where.endswith(".json") else {"address": where}
    with distributed.Client(**found) as client:
        yield client.get_executor(), threads


@contextmanager
def _mpi(threads: int | None) -> Iterator[tuple[SubmitsWork, int | None]]:
    futures = load_library("mpi4py.futures", "mpi", "ranks of MPI")
    executor = futures.MPIPoolExecutor()
    try:
        yield executor, threads
    except BaseException:
        # Leaving would wait for parts that have begun; nobody wants them any more.
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()
