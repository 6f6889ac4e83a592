"""Simulating several networks on the same samples: here at once, or in parts."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ...parallel.job import Job, Samples
from ...parallel.messages.calls import Arrays, Part
from ...parallel.run import run_jobs
from ...parallel.workers import Workers
from ...spiking import SpikingNetwork, Stimulus
from ...spiking.parts import as_settings, part_stimulus, sample_ids, shared_network
from ..labelled_samples import part_cell
from .readings import ClassifiedSamples, Readings, read_off

Advance = Callable[[int], None]


@dataclass(frozen=True, eq=False)
class Reading:
    """A network, and how samples drive it.

    Attributes:
        snn: The network.
        stimulus: How all samples drive it, before they are split.
        steps: Numbers of steps after which it is read off, rising.
    """

    snn: SpikingNetwork
    stimulus: Stimulus
    steps: tuple[int, ...]


def read_networks(
    networks: Iterable[tuple[str, Reading]],
    num_networks: int,
    samples: ClassifiedSamples,
    ids: NDArray[np.uint64] | None,
    workers: Workers,
    num_threads: int | None,
    advance: Advance,
) -> Generator[tuple[str, Readings]]:
    """Simulate networks on all samples, and yield each one's readings in their order.

    Closing the generator takes back what has not begun.

    Args:
        networks: Networks by name, asked for one by one.
        num_networks: How many there may be.
        samples: The samples, at least one.
        ids: Numbers of the samples where a stimulus is random; None where none is.
        workers: Who simulates.
        num_threads: Threads of each simulation; None for the default.
        advance: Called with numbers of samples that a network is done with.

    Yields:
        Names and readings; the same whoever simulated.
    """
    if workers.is_plain:
        for name, reading in networks:
            yield (
                name,
                read_off(
                    reading.snn, samples, reading.steps, reading.stimulus, num_threads, advance
                ),
            )
        return
    rows = Samples(
        (samples.x, samples.y, samples.ann, ids), part_cell(workers, samples.x, num_networks)
    )
    found = run_jobs(_jobs(networks), rows, workers, num_threads, advance)
    try:
        for job, parts in found:
            yield job.name, Readings.total([Readings(**each) for each in parts])
    finally:
        found.close()


def common_ids(stimuli: Iterable[Stimulus], num_samples: int) -> NDArray[np.uint64] | None:
    """Return the numbers of samples that all random ones of some stimuli have."""
    ids = (sample_ids(each, num_samples) for each in stimuli)
    return next((each for each in ids if each is not None), None)


def _jobs(networks: Iterable[tuple[str, Reading]]) -> Iterator[Job]:
    for name, reading in networks:
        yield Job(
            kind="readings",
            name=name,
            function=read_part,
            settings={"steps": list(reading.steps), "stimulus": as_settings(reading.stimulus)},
            values=(shared_network(reading.snn),),
        )


def read_part(part: Part) -> Arrays:
    """Read off the network of a part on its samples."""
    (snn,) = part.values
    x, y, ann, ids = part.rows
    settings = part.settings["stimulus"]
    stimulus = part_stimulus(settings, ids if Stimulus.of(**settings).is_random else None)
    found = read_off(
        snn, ClassifiedSamples(x, y, ann), part.settings["steps"], stimulus, part.num_threads
    )
    return {each.name: getattr(found, each.name) for each in fields(Readings)}
