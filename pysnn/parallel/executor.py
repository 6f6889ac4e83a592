"""What parts are handed to: any object with ``submit`` that gives futures."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future as StandardFuture
from typing import Any, Protocol, cast

from .._base.system import default_num_threads


class Future(Protocol):
    """What an executor gives back; ``add_done_callback`` or ``done`` is used where there is one."""

    def result(self) -> Any:
        """Wait for the work, and return what it gave or raise what it raised."""


class SubmitsWork(Protocol):
    """What runs parts: executors of `concurrent.futures`, and of libraries that are like them."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Begin a call of a function elsewhere."""


class Here:
    """Runs what is submitted at once, in this process and on this thread."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Call the function now."""
        future: StandardFuture[Any] = StandardFuture()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


class PoolExecutor:
    """Gives ``submit`` to a pool that has ``apply_async``.

    Such are `multiprocessing.Pool` and Ray's ``ray.util.multiprocessing.Pool``.

    Args:
        pool: The pool, which stays the caller's to close.

    Raises:
        TypeError: It has no method ``apply_async``.
    """

    def __init__(self, pool: Any) -> None:
        if not callable(getattr(pool, "apply_async", None)):
            raise TypeError(
                f"pool is a {type(pool).__name__}, but must have a method apply_async, as "
                f"multiprocessing.Pool has"
            )
        self._pool = pool

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Begin a call of a function in the pool."""
        future: StandardFuture[Any] = StandardFuture()
        # A pool can't take back what it was given: a future that runs can't be cancelled.
        future.set_running_or_notify_cancel()
        self._pool.apply_async(
            function,
            arguments,
            callback=future.set_result,
            error_callback=future.set_exception,
        )
        return future


def as_executor(executor: object) -> SubmitsWork | None:
    """Return an executor, or None for none.

    Raises:
        TypeError: It has no method ``submit``.
    """
    if executor is None:
        return None
    if isinstance(executor, type) or not callable(getattr(executor, "submit", None)):
        shown = (
            f"the class {executor.__name__}"
            if isinstance(executor, type)
            else f"a {type(executor).__name__}"
        )
        raise TypeError(
            f"executor is {shown}, but must have a method submit, as the executors of "
            f"concurrent.futures have"
        )
    return cast(SubmitsWork, executor)


def num_workers(executor: SubmitsWork) -> int | None:
    """Return how many parts an executor runs at a time, None where it does not say."""
    for name in ("_max_workers", "num_workers", "max_workers"):
        number = getattr(executor, name, None)
        if isinstance(number, int) and number > 0:
            return number
    return None


def part_threads(executor: SubmitsWork | None, num_threads: int | None) -> int | None:
    """Return the threads of a part, so that those of all workers are no more than processors.

    What is asked for is taken. Without an executor a part has this process's default; the workers
    of a pool of this machine share that; elsewhere, where nobody knows how many workers a
    machine has, a part runs on one thread.
    """
    if num_threads is not None or executor is None:
        return num_threads
    # `concurrent.futures` and loky: pools of this machine.
    workers = getattr(executor, "_max_workers", None)
    if isinstance(workers, int) and workers > 0:
        return max(1, default_num_threads() // workers)
    return 1
