"""Simulating several networks on the same samples: here or by an executor, in parts."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, cast

from ...spiking import SpikingNetwork, Stimulus
from .readings import ClassifiedSamples, Readings, read_off

_PART_SAMPLES = 500

Advance = Callable[[int], None]


class Future(Protocol):
    """What an executor gives back."""

    def result(self) -> Any:
        """Wait for the work, and return what it gave or raise what it raised."""


class SubmitsWork(Protocol):
    """What runs parts: executors of `concurrent.futures`, and of libraries that are like them."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Begin a call of a function elsewhere."""


@dataclass(frozen=True, eq=False)
class Job:
    """A network and how samples drive it.

    Attributes:
        snn: The network.
        stimulus: How all samples drive it, before they are split.
        steps: Numbers of steps after which it is read off, rising.
    """

    snn: SpikingNetwork
    stimulus: Stimulus
    steps: tuple[int, ...]


def as_executor(executor: object) -> SubmitsWork | None:
    """Return an executor, or None for none.

    Raises:
        TypeError: It has no method ``submit``.
    """
    if executor is None:
        return None
    if not callable(getattr(executor, "submit", None)):
        raise TypeError(
            f"executor is a {type(executor).__name__}, but must have a method submit, as the "
            f"executors of concurrent.futures have"
        )
    return cast(SubmitsWork, executor)


def run_jobs(
    jobs: Iterable[tuple[str, Job]],
    samples: ClassifiedSamples,
    executor: SubmitsWork | None,
    num_threads: int | None,
    advance: Advance,
) -> Generator[tuple[str, Readings]]:
    """Simulate networks on all samples, and yield each one's readings in their order.

    An executor gets all of them at once; closing the generator takes back what has not begun.

    Args:
        jobs: Networks by name.
        samples: The samples, at least one.
        executor: Where parts run; None: here, one after the other.
        num_threads: Threads of each simulation; None for the default, or for one with an executor.
        advance: Called with numbers of samples that a network is done with.

    Yields:
        Names and readings; the same whatever ran the parts.
    """
    if executor is None:
        for name, job in jobs:
            yield (
                name,
                read_off(job.snn, samples, job.steps, job.stimulus, num_threads, advance),
            )
        return
    run = partial(_run_part, num_threads=1 if num_threads is None else num_threads)
    slices = _slices(len(samples))
    submitted: list[tuple[str, list[Future]]] = []
    try:
        for name, job in jobs:
            futures: list[Future] = []
            submitted.append((name, futures))
            for rows in slices:
                stimulus = job.stimulus.part(rows, len(samples))
                futures.append(executor.submit(run, job.snn, samples[rows], job.steps, stimulus))
        for name, futures in submitted:
            parts = []
            for rows, future in zip(slices, futures, strict=True):
                parts.append(future.result())
                advance(rows.stop - rows.start)
            yield name, Readings.total(parts)
    finally:
        # After a failure or an interruption no worker should go on with what nobody waits for.
        for _, futures in submitted:
            for future in futures:
                with suppress(AttributeError):
                    future.cancel()  # type: ignore[attr-defined]


def _run_part(
    snn: SpikingNetwork,
    samples: ClassifiedSamples,
    steps: Sequence[int],
    stimulus: Stimulus,
    num_threads: int,
) -> Readings:
    return read_off(snn, samples, steps, stimulus, num_threads)


def _slices(num_samples: int) -> list[slice]:
    return [
        slice(start, min(start + _PART_SAMPLES, num_samples))
        for start in range(0, num_samples, _PART_SAMPLES)
    ]
