"""Processes that share a command's work."""

from __future__ import annotations

import argparse
import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from .arguments import Options, positive_int


def add_processes(parser: Options, what: str) -> None:
    """Add ``--processes``: how many processes share ``what``."""
    parser.add_argument(
        "--processes",
        type=positive_int,
        default=1,
        metavar="N",
        help=f"processes that share {what}, each with its part of the threads (default: 1); "
        "results do not depend on it",
    )


@contextmanager
def workers(options: argparse.Namespace) -> Iterator[tuple[Executor | None, int | None]]:
    """Yield the executor, None for this process, and the threads of each of its workers."""
    if options.processes == 1:
        yield None, options.threads
        return
    from .._base.system import default_num_threads

    threads = options.threads or default_num_threads()
    # Ctrl-C reaches every process of the terminal; the workers leave it to this one.
    executor = ProcessPoolExecutor(
        options.processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    with executor:
        try:
            yield executor, max(1, threads // options.processes)
        except BaseException:
            # Leaving the block would wait for parts that have begun; nobody wants them any more.
            executor.shutdown(wait=False, cancel_futures=True)
            running = multiprocessing.active_children()
            for worker in running:
                worker.terminate()
            for worker in running:
                worker.join()
            raise
