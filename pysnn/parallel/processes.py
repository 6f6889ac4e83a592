"""Processes of this machine, replaced when one of them dies."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .._base.numbers import as_positive_int
from .executor import Future

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor


_LONGEST_WAIT = 5.0  # s


@contextmanager
def _ctrl_c_later() -> Iterator[None]:
    """Let Ctrl-C wait until the block is over, where the system can.

    It would leave a process half begun, which complains of that; and processes that begin in the
    block never see one.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """Prepare a process for parts: Ctrl-C is for the one that it belongs to, and so is its end."""
    import multiprocessing
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    # Who was killed could end nobody, and without this processes would wait for it forever.
    parent.join()
    os._exit(1)


class LocalProcesses:
    """A pool of spawned processes that goes on when one of them is killed.

    A pool of `concurrent.futures` takes nothing more once a worker has died; this one begins
    another pool, so that the parts that were lost with it can be tried again. Ctrl-C is left
    to the process that the pool belongs to.

    Args:
        num_processes: How many.
    """

    def __init__(self, num_processes: int) -> None:
        self._max_workers = as_positive_int(num_processes, "num_processes")
        self._pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        # Who imports pysnn seldom needs them.
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        return ProcessPoolExecutor(
            self._max_workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
        )

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Begin a call of a function in a process."""
        # Processes begin here.
        with _ctrl_c_later():
            try:
                return self._pool.submit(function, *arguments)
            except BrokenExecutor:
                self._pool.shutdown(wait=False)
                self._pool = self._new()
                return self._pool.submit(function, *arguments)

    def shutdown(self) -> None:
        """Wait for the processes to end."""
        self._pool.shutdown()

    def terminate(self) -> None:
        """End the processes now, whatever they are at."""
        # The pool's own list, before it forgets it. Its thread is no part of its interface.
        running = list((self._pool._processes or {}).values())
        manager: Any = getattr(self._pool, "_executor_manager_thread", None)
        self._pool.shutdown(wait=False, cancel_futures=True)
        # Were a process ended before the pool's thread has dropped what was taken back, that thread
        # would fail on it, for all to see.
        end = time.monotonic() + _LONGEST_WAIT
        while manager is not None and manager.is_alive() and time.monotonic() < end:
            if not getattr(self._pool, "_cancel_pending_futures", False):
                break
            time.sleep(1e-3)
        for each in running:
            each.terminate()
        for each in running:
            each.join()
        # It waits for the processes, too, and whoever comes second is not told of their end.
        if manager is not None:
            manager.join(_LONGEST_WAIT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # After a failure, nobody waits for the parts that have begun.
        if kind is None:
            self.shutdown()
        else:
            self.terminate()
