"""Metrics of a network on data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_array, as_labels, as_samples
from .._base.foreign import wrong_type
from .._base.numbers import as_positive_int
from .._base.progress import check_progress, progress_bar
from ..network import Network
from ..nodes import ReLU, WeightedNode
from ..spiking import (
    INPUT,
    SpikingNetwork,
    Stimulus,
    StimulusOptions,
    poisson_spikes,
    regular_spikes,
    simulate,
)
from ..spiking.settings import check_network
from ..spiking.stimulus import DEFAULT_NUM_STEPS
from .model import connection_sparsity, dense_operations, footprint, weighted_layers

Counts = NDArray[np.int64]

_STEPS = 16  # steps of input spikes that are in memory at a time
_TRAIN_BYTES = 1 << 27  # of spike trains that are in memory at a time


@dataclass(frozen=True)
class NeuroBenchMetrics:
    """What NeuroBench reports of a network on data.

    Attributes:
        footprint: Memory in bytes.
        connection_sparsity: Fraction of weights that are 0.
        classification_accuracy: Fraction of samples that are classified rightly.
        activation_sparsity: Fraction of activations, or of neurons and steps, that are 0.
        effective_macs: Multiply-accumulates per sample, those with a factor of 0 left out.
        effective_acs: Accumulates per sample, those with a factor of 0 left out.
        dense: Operations per sample with nothing left out.
        seed: Seed of the Poisson input, given or drawn; None where there was none.
    """

    footprint: int
    connection_sparsity: float
    classification_accuracy: float
    activation_sparsity: float
    effective_macs: float
    effective_acs: float
    dense: float
    seed: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers under NeuroBench's names, laid out as its results are."""
        return {
            "Footprint": self.footprint,
            "ConnectionSparsity": self.connection_sparsity,
            "ClassificationAccuracy": self.classification_accuracy,
            "ActivationSparsity": self.activation_sparsity,
            "SynapticOperations": {
                "Effective_MACs": self.effective_macs,
                "Effective_ACs": self.effective_acs,
                "Dense": self.dense,
            },
        }


def classification_accuracy(predictions: ArrayLike, y: ArrayLike) -> float:
    """Return the fraction of predictions that are the labels.

    Args:
        predictions: Classes, (num_samples,), at least one.
        y: Labels of the same shape.

    Raises:
        TypeError: One of them does not hold integers.
        ValueError: Shapes differ, or there is no sample.

    Example:
        >>> classification_accuracy([3, 1, 2, 2], [3, 1, 0, 2])
        0.75
    """
    classes = as_array(predictions, "predictions")
    if classes.dtype.kind not in "iu":
        raise TypeError(f"predictions has dtype {classes.dtype}, but must hold integer classes")
    if classes.ndim != 1 or classes.size == 0:
        raise ValueError(
            f"predictions has shape {classes.shape}, but must be (num_samples,), at least one"
        )
    labels = as_labels(y, len(classes), None)
    return float(np.mean(classes == labels))


def measure_network(
    network: Network,
    x: ArrayLike,
    y: ArrayLike,
    *,
    scale: float | None = None,
    batch_size: int = 1000,
) -> NeuroBenchMetrics:
    """Measure a ReLU network on data.

    Args:
        network: The network, with outputs (num_classes,).
        x: Samples, at least one.
        y: Labels, (num_samples,).
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        batch_size: Samples that are computed at a time.

    Returns:
        The metrics. Operations of a layer are accumulates where all its inputs are 0, 1 or -1.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: ``x`` or ``y`` does not fit, or there is no sample.
    """
    if not isinstance(network, Network):
        raise wrong_type("network", network, "a pysnn.Network")
    batch_size = as_positive_int(batch_size, "batch_size")
    samples = as_samples(x, network.input_shape, scale=scale)
    accuracy = network.accuracy(samples, y, batch_size=batch_size)
    layers = weighted_layers(network)
    counts = [np.zeros(np.prod(shape), dtype=np.int64) for _, _, shape in layers]
    is_binary = [True] * len(layers)
    num_zeros = num_activations = 0
    start = 0
    for outputs in network.activation_batches(samples, batch_size=batch_size):
        batch = samples[start : start + batch_size]
        start += batch_size
        values_of = {INPUT: batch, **dict(zip(network.layer_names, outputs, strict=True))}
        for i, (source, _, _) in enumerate(layers):
            values = values_of[source].reshape(len(batch), -1)
            counts[i] += np.count_nonzero(values, axis=0)
            is_binary[i] &= bool(np.isin(values, (0, 1, -1)).all())
        for layer, values in zip(network.layers, outputs, strict=True):
            has_relu = isinstance(layer, WeightedNode) and layer.activation == "relu"
            if has_relu or isinstance(layer, ReLU):
                num_zeros += int(values.size - np.count_nonzero(values))
                num_activations += values.size
    operations = [
        int(number @ layer.fan_out(shape, leave_out_zeros=True))
        for number, (_, layer, shape) in zip(counts, layers, strict=True)
    ]
    accumulates = sum(n for n, binary in zip(operations, is_binary, strict=True) if binary)
    return NeuroBenchMetrics(
        footprint=footprint(network),
        connection_sparsity=connection_sparsity(network),
        classification_accuracy=accuracy,
        activation_sparsity=num_zeros / num_activations if num_activations else 0.0,
        effective_macs=(sum(operations) - accumulates) / len(samples),
        effective_acs=accumulates / len(samples),
        dense=float(dense_operations(network)),
    )


def measure_spiking_network(
    snn: SpikingNetwork,
    x: ArrayLike,
    y: ArrayLike,
    *,
    num_steps: int = DEFAULT_NUM_STEPS,
    duration: float | None = None,
    batch_size: int = 1000,
    num_threads: int | None = None,
    progress: bool | None = None,
    **stimulus: Unpack[StimulusOptions],
) -> NeuroBenchMetrics:
    """Simulate a spiking network, under the input that it was made for, and measure it.

    Constant input has no spikes, and what it costs is not counted.

    Args:
        snn: The spiking network.
        x: Samples in [0, 1], at least one.
        y: Labels, (num_samples,).
        num_steps: Number of steps.
        duration: In place of ``num_steps``: simulated time in s.
        batch_size: Samples that are simulated at a time; numbers do not depend on it.
        num_threads: Threads; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.
        stimulus: ``dt``, ``max_rate``, ``seed``, ``encoding`` (that of the network unless given),
            ``sample_ids`` and ``scale``, as `simulate` explains them.

    Returns:
        The metrics; all operations are accumulates.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, or there is no sample.
    """
    check_network(snn)
    batch_size = as_positive_int(batch_size, "batch_size")
    given = Stimulus.of(**stimulus, of_network=snn.encoding)
    steps = given.num_steps(duration, num_steps)
    samples = given.intensities(x, snn.input_shape, snn.input_range)
    if len(samples) == 0:
        raise ValueError("x has no samples, but metrics need at least one")
    labels = as_labels(y, len(samples), snn.num_outputs)
    check_progress(progress)
    driven = given.changed(scale=None)
    reached = _effective_fan_out(snn)
    sources = [each for each in snn.populations if each.name in reached]
    signed = [each for each in sources if each.sends_negative]
    # Counts of spikes of both signs are net: those populations are counted by their trains.
    recorded = {
        "counts": [each.name for each in sources if not each.sends_negative],
        "spikes": [each.name for each in signed],
    }
    train_size = steps * sum(each.num_neurons for each in signed)
    part_size = min(batch_size, max(1, _TRAIN_BYTES // max(1, train_size)))
    num_correct = num_spikes = operations = 0
    with progress_bar(len(samples), "metrics", progress=progress, unit="sample") as bar:
        for rows in _parts(len(samples), part_size):
            part = driven.part(rows, len(samples))
            result = simulate(
                snn,
                samples[rows],
                num_steps=steps,
                record=recorded,
                num_threads=num_threads,
                progress=False,
                **part.options(),
            )
            num_correct += int(np.count_nonzero(result.predictions == labels[rows]))
            num_spikes += int(result.num_spikes.sum())
            for name, targets in reached.items():
                if name in result.counts:
                    operations += int(result.counts(name).sum(axis=0, dtype=np.int64) @ targets)
                elif name != INPUT:
                    train = result.spikes(name)
                    operations += int(np.count_nonzero(train, axis=(0, 1)) @ targets)
                elif (targets == targets[0]).all() or part.encoding == "constant":
                    operations += int(result.num_input_spikes.sum() * targets[0])
                else:
                    unit = snn.input_range.unit(samples[rows].reshape(-1, *snn.input_shape))
                    spikes = _input_spikes(unit, steps, part, num_threads)
                    operations += int(spikes @ targets)
            bar.advance(rows.stop - rows.start)
    num_neurons = sum(population.num_neurons for population in snn.populations)
    return NeuroBenchMetrics(
        footprint=footprint(snn),
        connection_sparsity=connection_sparsity(snn),
        classification_accuracy=num_correct / len(samples),
        activation_sparsity=1 - num_spikes / (len(samples) * steps * num_neurons),
        effective_macs=0.0,
        effective_acs=operations / len(samples),
        dense=float(steps * dense_operations(snn)),
        seed=given.drawn_seed,
    )


def _effective_fan_out(snn: SpikingNetwork) -> dict[str, Counts]:
    """Return by source the synapses of a weight other than 0, pools left out, (num_neurons,)."""
    reached: dict[str, Counts] = {}
    for source, layer, shape in weighted_layers(snn):
        targets = layer.fan_out(shape, leave_out_zeros=True)
        reached[source] = reached.get(source, 0) + targets
    return reached


def _input_spikes(
    x: NDArray[np.float32], num_steps: int, stimulus: Stimulus, num_threads: int | None
) -> NDArray[np.int64]:
    """Return the spikes of each input in all samples together, (num_inputs,)."""
    counts = np.zeros(x.shape[1], dtype=np.int64)
    for steps in _parts(num_steps, _STEPS):
        options: dict[str, Any] = {
            "num_steps": steps.stop - steps.start,
            "first_step": steps.start,
            "dt": stimulus.dt,
            "max_rate": stimulus.max_rate,
            "signed": bool((x < 0).any()),
            "num_threads": num_threads,
        }
        trains = (
            poisson_spikes(x, seed=stimulus.seed, sample_ids=stimulus.sample_ids, **options)
            if stimulus.is_random
            else regular_spikes(x, **options)
        )
        counts += np.count_nonzero(trains, axis=(0, 1))
    return counts


def _parts(total: int, size: int) -> Iterator[slice]:
    for start in range(0, total, size):
        yield slice(start, min(start + size, total))
