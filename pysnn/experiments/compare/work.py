"""Simulating several networks on the same samples: here or by an executor, in parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    jobs: Mapping[str, Job],
    samples: ClassifiedSamples,
    executor: SubmitsWork | None,
    num_threads: int | None,
    advance: Advance,
) -> dict[str, Readings]:
    """Simulate every network on all samples.

    Args:
        jobs: Networks by name.
        samples: The samples, at least one.
        executor: Where parts run; None: here, one after the other.
        num_threads: Threads of each simulation; None for the default, or for one with an executor.
        advance: Called with numbers of samples that a network is done with.

    Returns:
        Readings by name; the same whatever ran the parts.
    """
    if executor is None:
        return {
            name: read_off(job.snn, samples, job.steps, job.stimulus, num_threads, advance)
            for name, job in jobs.items()
        }
    run = partial(_run_part, num_threads=1 if num_threads is None else num_threads)
    parts = [(name, rows) for name in jobs for rows in _slices(len(samples))]
    futures: list[Future] = []
    found: dict[str, list[Readings]] = {name: [] for name in jobs}
    try:
        for name, rows in parts:
            job = jobs[name]
            stimulus = job.stimulus.part(rows, len(samples))
            futures.append(executor.submit(run, job.snn, samples[rows], job.steps, stimulus))
        for (name, rows), future in zip(parts, futures, strict=True):
            found[name].append(future.result())
            advance(rows.stop - rows.start)
    finally:
        # After a failure or an interruption no worker should go on with what nobody waits for.
        for future in futures:
            with suppress(AttributeError):
                future.cancel()  # type: ignore[attr-defined]
    return {name: Readings.total(each) for name, each in found.items()}


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
