"""What a few samples do step by step: input, spikes, potentials, and the decision so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._base.arrays import as_array
from .._base.memory import check_memory
from ..spiking import (
    SimulationResult,
    SpikingNetwork,
    Stimulus,
    poisson_spikes,
    regular_spikes,
    simulate,
)
from ..spiking.batches import StoredSamples
from .matching.mapping import Stage
from .measurement.setting import Setting

MOST_NEURONS = 48
"""Neurons of a population that are kept: those with the largest activations."""
MOST_SAMPLES = 20


@dataclass(frozen=True, eq=False)
class PopulationTrace:
    """The neurons of a population that a trace keeps.

    Attributes:
        name: Name of the population.
        num_neurons: How many it has.
        neurons: Numbers of those that are kept, rising, (num_kept,).
        activation: Their activations over the scale factor: the rate over ``max_rate`` that is
            due, (num_kept,).
        spikes: -1, 0 or 1, (num_steps, num_kept).
        potentials: Membrane potentials after each step, (num_steps, num_kept); None of max pools.
        threshold: Their thresholds, (num_kept,); None of readouts and max pools.
    """

    name: str
    num_neurons: int
    neurons: NDArray[np.int64]
    activation: NDArray[np.float32]
    spikes: NDArray[np.int8]
    potentials: NDArray[np.float32] | None
    threshold: NDArray[np.float32] | None


@dataclass(frozen=True, eq=False)
class SampleTrace:
    """One sample in the network's own run, where its input is drawn with the first seed.

    Attributes:
        sample: Its number in ``x``.
        x: The sample, (*input_shape,).
        label: Its label; None where there are none.
        ann_prediction: The class that the ReLU network predicts.
        encoding: What the sample became.
        input_spikes: -1, 0 or 1, (num_steps, num_inputs); None under constant current.
        populations: A trace for each population.
        decision: Spikes of each output neuron so far, less negative ones, or the potentials of a
            readout, (num_steps, num_classes).
        predictions: The class so far, (num_steps,).
    """

    sample: int
    x: NDArray[np.float32]
    label: int | None
    ann_prediction: int
    encoding: str
    input_spikes: NDArray[np.int8] | None
    populations: tuple[PopulationTrace, ...]
    decision: NDArray[np.float32]
    predictions: NDArray[np.int32]


def as_traced(trace: Sequence[int], num_samples: int) -> tuple[int, ...]:
    """Return numbers of samples, checked.

    Raises:
        TypeError: They are no integers.
        ValueError: One is out of range or there twice, or they are too many.
    """
    array = as_array(trace, "trace")
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise TypeError(f"trace is {trace!r}, but must be a sequence of numbers of samples")
    numbers = tuple(int(each) for each in array)
    if len(numbers) > MOST_SAMPLES:
        raise ValueError(f"trace has {len(numbers)} samples, but must have at most {MOST_SAMPLES}")
    for i, number in enumerate(numbers):
        if not 0 <= number < num_samples:
            raise ValueError(f"trace[{i}] is {number}, but must be in [0, {num_samples})")
        if number in numbers[:i]:
            raise ValueError(f"trace[{i}] is {number}, which trace has already")
    return numbers


def trace_samples(
    snn: SpikingNetwork,
    stages: Sequence[Stage],
    setting: Setting,
    x: NDArray[np.float32] | StoredSamples,
    ids: NDArray[np.uint64],
    labels: NDArray[np.int64] | None,
    ideal: NDArray[np.int64],
    activations: Sequence[NDArray[np.float32]],
    numbers: Sequence[int],
) -> tuple[SampleTrace, ...]:
    """Simulate some samples again and keep what they do.

    Args:
        snn: The spiking network.
        stages: Its populations and their nodes.
        setting: How samples drive the network, steps and threads.
        x: All samples.
        ids: Their numbers for the generator.
        labels: Their labels.
        ideal: What the ReLU network predicts of them.
        activations: Activation of every population over its scale, (num_samples, num_neurons).
        numbers: Which samples.

    Raises:
        MemoryError: One sample's spikes and potentials would not fit in memory.
    """
    num_neurons = sum(each.num_neurons for each in snn.populations)
    check_memory("spikes and potentials of a sample", (setting.num_steps, num_neurons), 5)
    found = []
    for number in numbers:
        row = slice(number, number + 1)
        stimulus = setting.stimulus.changed(scale=None)
        if stimulus.is_random:
            stimulus = stimulus.changed(sample_ids=ids[row])
        result = simulate(
            snn,
            np.asarray(x[row]),
            num_steps=setting.num_steps,
            record=("spikes", "potentials"),
            num_threads=setting.num_threads,
            progress=False,
            **stimulus.options(),
        )
        found.append(
            SampleTrace(
                sample=number,
                x=np.array(x[row])[0],
                label=None if labels is None else int(labels[number]),
                ann_prediction=int(ideal[number]),
                encoding=stimulus.encoding,
                input_spikes=_input_spikes(snn, np.asarray(x[row]), stimulus, setting.num_steps),
                populations=tuple(
                    _population(result, stage, activation[number])
                    for stage, activation in zip(stages, activations, strict=True)
                ),
                decision=_decision(result),
                predictions=result.predictions_over_time[:, 0].astype(np.int32),
            )
        )
    return tuple(found)


def _population(
    result: SimulationResult, stage: Stage, activation: NDArray[np.float32]
) -> PopulationTrace:
    population = stage.population
    name, num_neurons = population.name, population.num_neurons
    order = np.argsort(-np.abs(activation), kind="stable")[:MOST_NEURONS]
    neurons = np.sort(order).astype(np.int64)
    spikes = np.asarray(result.spikes(name))[:, 0].reshape(result.num_steps, -1)
    potentials = None
    if population.neuron != "max_pool":
        all_potentials = np.asarray(result.potentials[name])[:, 0]
        potentials = all_potentials.reshape(result.num_steps, -1)[:, neurons].copy()
    threshold = None
    if population.neuron not in ("max_pool", "readout"):
        thresholds = np.asarray(population.threshold, dtype=np.float32).ravel()
        threshold = np.broadcast_to(thresholds, num_neurons)[neurons].copy()
    return PopulationTrace(
        name=name,
        num_neurons=num_neurons,
        neurons=neurons,
        activation=activation[neurons].copy(),
        spikes=spikes[:, neurons].astype(np.int8),
        potentials=potentials,
        threshold=threshold,
    )


def _decision(result: SimulationResult) -> NDArray[np.float32]:
    if result.has_readout:
        return result.output_potentials[:, 0].astype(np.float32)
    return result.output_spikes[:, 0].astype(np.int32).cumsum(axis=0).astype(np.float32)


def _input_spikes(
    snn: SpikingNetwork, x: NDArray[np.float32], stimulus: Stimulus, num_steps: int
) -> NDArray[np.int8] | None:
    """Return the spikes that a sample becomes, None where it becomes none."""
    if stimulus.encoding == "constant":
        return None
    values = x.astype(np.float64)
    affine = snn.input_range.affine
    if affine is not None:
        scale, shift = (each.reshape(-1, *[1] * (values.ndim - 2)) for each in affine)
        values = values * scale + shift
    values = np.clip(values / snn.input_range.scale, -1.0, 1.0)
    signed = snn.input_range.is_signed
    dt, max_rate = stimulus.dt, stimulus.max_rate
    trains = (
        regular_spikes(values, num_steps=num_steps, dt=dt, max_rate=max_rate, signed=signed)
        if stimulus.encoding == "regular"
        else poisson_spikes(
            values,
            num_steps=num_steps,
            dt=dt,
            max_rate=max_rate,
            seed=stimulus.seed,
            sample_ids=stimulus.sample_ids,
            signed=signed,
        )
    )
    return trains[:, 0].reshape(num_steps, -1).astype(np.int8)
