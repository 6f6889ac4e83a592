"""Samples with labels, as every experiment gets them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .._base.defaults import default
from ..network import Network
from ..parallel import Workers
from ..spiking import SpikingNetwork, Stimulus
from ..spiking.batches import ReadyMade, Rows, StoredSamples, as_stored, known_length, read_labels
from ..spiking.settings import check_network

DEFAULT_DURATION: float = default(0.5)  # s

Samples = NDArray[np.float32] | StoredSamples
"""Samples in memory, or read when they are asked for."""


def labelled_samples(
    snn: SpikingNetwork, x: Rows, y: Rows, stimulus: Stimulus
) -> tuple[Samples, NDArray[np.int64], Stimulus]:
    """Check a network with samples and labels, before any of them is simulated.

    Args:
        snn: The spiking network.
        x: Samples, (num_samples, *input_shape) or flat: an array, a memory map, or a function of a
            range of samples, where ``y`` or the stimulus has a length.
        y: Integer labels, (num_samples,): likewise, or an iterable of batches.
        stimulus: How the samples drive the network.

    Returns:
        The samples, scaled, (num_samples, *input_shape); the labels; and the stimulus of scaled
        samples.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, shapes do not fit, or there is no sample.
    """
    check_network(snn)
    ready = ReadyMade(snn.input_shape, snn.input_range, stimulus.scale)
    samples = read_samples(x, ready, y, stimulus.sample_ids)
    labels = read_labels(y, len(samples), snn.num_outputs)
    stimulus.ids(len(samples))
    stimulus.check_rate()
    return samples, labels, stimulus.changed(scale=None)


def read_samples(
    x: Rows, ready: ReadyMade, y: Rows | None, sample_ids: NDArray[np.uint64] | None
) -> Samples:
    """Return samples, at least one.

    Args:
        x: The samples.
        ready: What is made of them.
        y: Labels, which may tell how many samples a function has.
        sample_ids: Numbers of the samples, likewise.

    Raises:
        TypeError: ``x`` is of the wrong type.
        ValueError: It does not fit, has no sample, or no known number of them.
    """
    samples = as_stored(x, ready, known_length(y, sample_ids))
    if len(samples) == 0:
        raise ValueError("x has no samples, but an accuracy needs at least one")
    return samples


def classes_of(network: Network, samples: Samples) -> NDArray[np.int64]:
    """Return the ReLU network's class of each sample."""
    if isinstance(samples, StoredSamples):
        return np.concatenate([network.classify(block) for block in samples.blocks()])
    return network.classify(samples)


def part_cell(workers: Workers, samples: Samples, num_jobs: int = 1) -> int:
    """Return the samples of a part; without parts, as many as are worth having in memory."""
    cell = workers.cell(len(samples), num_jobs)
    if workers.is_plain and isinstance(samples, StoredSamples):
        return min(cell, samples.block_size)
    return cell
