"""Samples with labels, as every experiment gets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._base.defaults import default
from .._base.interface.loaders import NO_LABELS, in_step, is_loader
from .._base.progress import check_progress, progress_bar
from .._base.system import as_num_threads
from ..network import Network
from ..parallel import Workers
from ..parallel.job import Job
from ..parallel.job import Samples as PartSamples
from ..parallel.messages.calls import Arrays, Function, Part
from ..parallel.run import run_jobs
from ..spiking import SpikingNetwork, Stimulus
from ..spiking.batches import ReadyMade, Rows, StoredSamples, as_stored, known_length, read_labels
from ..spiking.batches.labels import LabelReader
from ..spiking.batches.samples import SampleDrive
from ..spiking.batches.sources import as_source
from ..spiking.batches.stored import block_size_of
from ..spiking.parts import as_settings, sample_ids, shared_network
from ..spiking.settings import check_network

DEFAULT_DURATION: float = default(0.5)  # s

Samples = NDArray[np.float32] | StoredSamples
"""Samples in memory, or read when they are asked for."""


def labelled_samples(
    snn: SpikingNetwork, x: Rows, y: Rows | None, stimulus: Stimulus
) -> tuple[Samples, NDArray[np.int64], Stimulus]:
    """Check a network with samples and labels, before any of them is simulated.

    Args:
        snn: The spiking network.
        x: Samples, (num_samples, *input_shape) or flat: an array, a memory map, or a function of a
            range of samples, where ``y`` or the stimulus has a length.
        y: Integer labels, (num_samples,), or one-hot rows: likewise, or an iterable of batches.
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
    if y is None:
        raise ValueError(NO_LABELS)
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


def measure(
    kind: str,
    function: Function,
    settings: Mapping[str, Any],
    snn: SpikingNetwork,
    x: Rows,
    y: Rows | None,
    stimulus: Stimulus,
    *,
    workers: Workers,
    num_threads: int | None,
    progress: bool | None,
) -> tuple[list[Arrays], NDArray[np.int64]]:
    """Run a function of parts once over all samples, so that these may be an iterable.

    Args:
        kind: What is measured, one word.
        function: Measures a part: its rows are samples, labels and sample ids, the network is its
            value, and its settings have the stimulus beside the following.
        settings: What else it depends on.
        snn: The network.
        x: Samples, as for `labelled_samples`; without an executor also an iterable of batches.
        y: Labels; None where such an iterable gives them.
        stimulus: How the samples drive the network.
        workers: Who does it.
        num_threads: Threads of a part.
        progress: Whether to show a bar.

    Returns:
        What the parts gave, in order, and the labels.

    Raises:
        TypeError: An argument has the wrong type, or an iterable comes with an executor.
        ValueError: A value is out of its range, shapes do not fit, or there is no sample.
    """
    as_num_threads(num_threads)
    check_progress(progress)
    title = kind.replace("_", " ")
    common = {**settings, "stimulus": as_settings(stimulus.changed(scale=None))}
    if workers.is_plain and is_loader(x):
        parts, labels = [], []
        with progress_bar(None, title, progress=progress, unit="sample") as bar:
            for start, rows in _read_once(snn, x, y, stimulus):
                parts.append(function(Part(common, {}, start, (snn,), rows, num_threads, ())))
                labels.append(rows[1])
                bar.advance(len(rows[1]))
        return parts, np.concatenate(labels)
    samples, found, ready = labelled_samples(snn, x, y, stimulus)
    job = Job(kind, "", function, common, (shared_network(snn),))
    ids = sample_ids(ready, len(samples))
    batch = PartSamples((samples, found, ids), part_cell(workers, samples))
    with progress_bar(len(samples), title, progress=progress, unit="sample") as bar:
        ((_, parts),) = run_jobs([job], batch, workers, num_threads, bar.advance, reuses_rows=False)
    return parts, found


def _read_once(
    snn: SpikingNetwork, x: Rows, y: Rows | None, stimulus: Stimulus
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield blocks of samples, labels and sample ids, each with the number of its first sample."""
    stimulus.check_rate()
    x, y = in_step(x, y)
    if y is None:
        raise ValueError(NO_LABELS)
    length = known_length(y, stimulus.sample_ids)
    expected = None if length is None else (length, "y or sample_ids has a length of")
    drive = SampleDrive(snn, as_source(x, "x", None), 1, stimulus.scale, expected)
    reader = LabelReader(y, None, snn.num_outputs)
    start = 0
    for block in drive.blocks(block_size_of(snn.input_shape)):
        if not len(block):
            raise ValueError("x has no samples, but an accuracy needs at least one")
        stop = start + len(block)
        part = stimulus.part(slice(start, stop), stop if length is None else length)
        yield start, (block, reader.take(len(block)), sample_ids(part, len(block)))
        start = stop
    reader.finish()
