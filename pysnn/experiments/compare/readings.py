"""What is read off one simulation after several numbers of steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ..._base.system import default_num_threads
from ...spiking import Simulation, SpikingNetwork, Stimulus
from ...spiking.batches import StoredSamples
from ..labelled_samples import Samples

Counts = NDArray[np.int64]

_BLOCK_BYTES = 1 << 27
_BYTES_PER_NEURON = 16  # potential, counts, records of a step: an upper estimate


@dataclass(frozen=True, eq=False)
class Readings:
    """Sums over samples after each of some numbers of steps, (num_readings,) each.

    Whole numbers, so that they do not depend on how samples were split.

    Attributes:
        num_correct: Samples that are classified as labelled.
        num_lost: Those that the ReLU network has right, and this one has not.
        num_equal: Samples with the ReLU network's class.
        spikes: Spikes so far of all populations, without the input's.
        synaptic_operations: Synaptic operations so far.
    """

    num_correct: Counts
    num_lost: Counts
    num_equal: Counts
    spikes: Counts
    synaptic_operations: Counts

    @staticmethod
    def total(parts: Sequence[Readings]) -> Readings:
        """Return the sums over the samples of all parts; at least one."""
        names = [each.name for each in fields(Readings)]
        return Readings(
            **{name: np.sum([getattr(part, name) for part in parts], axis=0) for name in names}
        )


@dataclass(frozen=True, eq=False)
class ClassifiedSamples:
    """Samples, their labels and what the ReLU network takes them for.

    Attributes:
        x: Samples, (num_samples, *input_shape), in memory or not.
        y: Labels, (num_samples,).
        ann: Classes of the ReLU network, (num_samples,).
    """

    x: Samples
    y: NDArray[np.int64]
    ann: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.x)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> ClassifiedSamples:
        """Return some of the samples."""
        return ClassifiedSamples(self.x[rows], self.y[rows], self.ann[rows])

    def check(self, snn: SpikingNetwork) -> None:
        """Raise a ValueError where a network does not take all of the samples."""
        if isinstance(self.x, StoredSamples):
            self.x.check(snn.input_range)
        else:
            snn.input_range.samples(self.x, snn.input_shape)


def read_off(
    snn: SpikingNetwork,
    samples: ClassifiedSamples,
    steps: Sequence[int],
    stimulus: Stimulus,
    num_threads: int | None,
    advance: Callable[[int], None] | None = None,
) -> Readings:
    """Simulate samples once, to the last of ``steps``, and read off after each of them.

    Args:
        snn: The network.
        samples: The samples, at least one.
        steps: Numbers of steps, rising.
        stimulus: How the samples drive the network.
        num_threads: Threads; None for the default.
        advance: Called with numbers of samples that are done.
    """
    size = _block_size(snn, num_threads)
    blocks = []
    for start in range(0, len(samples), size):
        rows = slice(start, min(start + size, len(samples)))
        part = stimulus.part(rows, len(samples))
        blocks.append(_read_block(snn, samples[rows], steps, part, num_threads))
        if advance is not None:
            advance(rows.stop - rows.start)
    return Readings.total(blocks)


def _read_block(
    snn: SpikingNetwork,
    samples: ClassifiedSamples,
    steps: Sequence[int],
    stimulus: Stimulus,
    num_threads: int | None,
) -> Readings:
    simulation = Simulation(
        snn, len(samples), num_threads=num_threads, progress=False, **stimulus.options()
    )
    x = np.asarray(samples.x)
    ann_right = samples.ann == samples.y
    rows = []
    spikes = operations = 0
    for end in steps:
        result = simulation.run(x, num_steps=end - simulation.next_step)
        spikes += int(result.num_spikes.sum())
        operations += int(result.synaptic_operations.sum())
        predictions = simulation.predictions
        right = predictions == samples.y
        lost, equal = ann_right & ~right, predictions == samples.ann
        rows.append((right.sum(), lost.sum(), equal.sum(), spikes, operations))
    return Readings(*np.array(rows, dtype=np.int64).T)


def _block_size(snn: SpikingNetwork, num_threads: int | None) -> int:
    """Return how many samples' states fit what a block may take, some for each thread at least."""
    neurons = snn.num_inputs + sum(each.num_neurons for each in snn.populations)
    threads = default_num_threads() if num_threads is None else num_threads
    return max(4 * threads, _BLOCK_BYTES // (_BYTES_PER_NEURON * neurons))
