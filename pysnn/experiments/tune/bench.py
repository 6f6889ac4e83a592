"""Measuring candidates: converted once, simulated where they are not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...network import Network
from ...parallel import Workers
from ...spiking import SpikingNetwork, Stimulus
from ..compare import Candidate
from ..compare.readings import ClassifiedSamples, Readings
from ..compare.work import Reading, common_ids, read_networks
from .checkpoint import Checkpoint


@dataclass(frozen=True, eq=False)
class Bench:
    """What all measurements of a search share.

    Attributes:
        network: The ReLU network.
        calibration: Samples for the conversion.
        samples: All samples, which every network must take.
        checkpoint: Where results are kept.
        workers: Who simulates.
        num_threads: Threads of each.
        advance: Called with numbers of samples that a candidate is done with.
        converted: Networks of the candidates that are still in the search.
    """

    network: Network
    calibration: NDArray[np.float32] | None
    samples: ClassifiedSamples
    checkpoint: Checkpoint
    workers: Workers
    num_threads: int | None
    advance: Callable[[int], None]
    converted: dict[str, SpikingNetwork] = field(default_factory=dict)

    def convert(self, candidate: Candidate) -> SpikingNetwork:
        """Return the network of a candidate, converted once.

        Raises:
            ValueError: The network can't be converted so, or does not take the samples.
        """
        if candidate.name not in self.converted:
            snn = candidate.convert(self.network, self.calibration, self.num_threads)
            self.samples.check(snn)
            self.converted[candidate.name] = snn
        return self.converted[candidate.name]


@dataclass(frozen=True, eq=False)
class Task:
    """A candidate with the steps it is read off at.

    Attributes:
        candidate: The candidate.
        stimulus: How the samples at hand drive it.
        steps: Numbers of steps, rising.
    """

    candidate: Candidate
    stimulus: Stimulus
    steps: tuple[int, ...]


def measure(
    bench: Bench,
    tasks: Sequence[Task],
    samples: ClassifiedSamples,
    is_over: Callable[[], bool],
) -> Iterator[tuple[Candidate, Readings | str]]:
    """Measure candidates, and yield the readings of each or why it can't be converted.

    Args:
        bench: What measurements share.
        tasks: The candidates.
        samples: The samples.
        is_over: Whether time is over, asked before each candidate but the first.
    """
    keys = [bench.checkpoint.key(t.candidate, samples, t.steps, t.stimulus) for t in tasks]
    kept = [bench.checkpoint.load(key) for key in keys]
    missing = {t.candidate.name: i for i, t in enumerate(tasks) if kept[i] is None}
    for i, each in enumerate(kept):
        if each is not None:
            bench.advance(len(samples))
            yield tasks[i].candidate, each
    refused: list[tuple[int, str]] = []

    def jobs() -> Iterator[tuple[str, Reading]]:
        has_begun = False
        for name, i in missing.items():
            if has_begun and is_over():
                return
            try:
                snn = bench.convert(tasks[i].candidate)
            except ValueError as error:
                refused.append((i, str(error)))
            else:
                has_begun = True
                yield name, Reading(snn, tasks[i].stimulus, tasks[i].steps)

    found = read_networks(
        jobs(),
        len(missing),
        samples,
        common_ids((each.stimulus for each in tasks), len(samples)),
        bench.workers,
        bench.num_threads,
        bench.advance,
    )
    try:
        for name, readings in found:
            i = missing[name]
            bench.checkpoint.save(keys[i], readings)
            yield tasks[i].candidate, readings
            if is_over():
                break
    finally:
        found.close()
    for i, reason in refused:
        bench.checkpoint.save(keys[i], reason)
        bench.advance(len(samples))
        yield tasks[i].candidate, reason
