"""pysnn itself on a case, as benchmarks measure it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from cases import DT, Case, Images

import pysnn
from pysnn.datasets import Mnist
from pysnn.spiking import Precision

NUM_CHECKED = 32  # samples whose spikes are compared before anything is timed


@dataclass(frozen=True, eq=False)
class OwnRun:
    """A case ready to be timed.

    Attributes:
        case: The case.
        precision: Precision of the network.
        num_threads: Threads.
        snn: The network.
        images: The images.
        result: What one run gave; every run gives the same.
    """

    case: Case
    precision: Precision
    num_threads: int
    snn: pysnn.SpikingNetwork
    images: Images
    result: pysnn.SimulationResult

    @property
    def num_images(self) -> int:
        """Number of images of a run."""
        return len(self.images.x)

    @property
    def synaptic_operations(self) -> int:
        """Synaptic operations of a run."""
        return int(self.result.synaptic_operations.sum())

    @property
    def accuracy(self) -> float | None:
        """Share of the images that it has right, None where there is no right answer."""
        if self.images.y is None:
            return None
        return float((self.result.predictions == self.images.y).mean())

    def run(self) -> None:
        """Simulate all images."""
        simulate(self.case, self.snn, self.images, self.num_threads)

    def seconds(self) -> float:
        """Simulate all images and return the seconds it took."""
        start = time.perf_counter()
        self.run()
        return time.perf_counter() - start


def prepare(
    case: Case,
    mnist: Mnist,
    *,
    precision: Precision = "float32",
    num_threads: int,
    num_images: int | None = None,
) -> OwnRun:
    """Build a case, and assert that its spikes do not depend on how it is run.

    Args:
        case: The case.
        mnist: The data set.
        precision: Precision of the network.
        num_threads: Threads.
        num_images: The first images are taken; None takes all.
    """
    snn = case.spiking_network(mnist, precision=precision)
    images = case.images(mnist)
    images = Images(images.x[:num_images], None if images.y is None else images.y[:num_images])
    result = simulate(case, snn, images, num_threads)
    check_spikes(case, snn, images, result)
    return OwnRun(case, precision, num_threads, snn, images, result)


def simulate(
    case: Case, snn: pysnn.SpikingNetwork, images: Images, num_threads: int
) -> pysnn.SimulationResult:
    """Simulate images as the case says."""
    return pysnn.simulate(
        snn,
        images.x,
        duration=case.duration,
        dt=DT,
        max_rate=case.max_rate,
        num_threads=num_threads,
    )


def check_spikes(
    case: Case, snn: pysnn.SpikingNetwork, images: Images, result: pysnn.SimulationResult
) -> None:
    """Assert that the spikes are those of one thread that is fed the drawn spike trains."""
    trains = pysnn.poisson_spikes(
        images.x[:NUM_CHECKED], duration=case.duration, dt=DT, max_rate=case.max_rate
    )
    expected = pysnn.simulate(snn, spikes=trains, dt=DT, num_threads=1).output_spikes
    np.testing.assert_array_equal(result.output_spikes[:, :NUM_CHECKED], expected)
