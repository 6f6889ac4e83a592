"""The step from which a prediction is final, read from the outputs of a whole simulation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Spikes = NDArray[np.bool_] | NDArray[np.int8]
Steps = NDArray[np.int64]

_BLOCK = 256  # samples whose counts over time are held at once


def settled_step(
    predictions_over_time: NDArray[np.integer], first_answer_step: NDArray[np.integer]
) -> Steps:
    """Return the first step after which the prediction is the last one for good, (num_samples,).

    An answer needs a spike, or a readout that has begun: before, the prediction is class 0 for want
    of a better, and a sample without output spikes has no such step, which is -1.

    Args:
        predictions_over_time: Class with most spikes so far after each step, (num_steps,
            num_samples).
        first_answer_step: Step of the first output spike, -1 for none, or the first step that a
            readout adds up, (num_samples,).
    """
    changes = predictions_over_time[1:] != predictions_over_time[:-1]
    from_the_end = np.argmax(changes[::-1], axis=0) if len(changes) else 0
    last_change = np.where(changes.any(axis=0), len(changes) - from_the_end, 0)
    steps: Steps = np.where(
        first_answer_step < 0, -1, np.maximum(last_change, first_answer_step)
    ).astype(np.int64)
    return steps


def decided_step(output_spikes: Spikes) -> Steps:
    """Return the first step after which no continuation can change the prediction.

    After step ``t`` there are ``num_steps - 1 - t`` steps to come, and a neuron fires at most once
    in each: a class that stays behind the leader even with all of these spikes, or ties with it
    and has the higher number, has lost. Where outputs can send negative spikes, the leader may also
    fall by one in each.

    Args:
        output_spikes: Spikes of every output neuron, (num_steps, num_samples, num_classes); int8
            where they may be negative.

    Returns:
        Steps, (num_samples,); the last step at the latest.
    """
    num_steps, num_samples, num_classes = output_spikes.shape
    steps = np.zeros(num_samples, dtype=np.int64)
    if num_classes == 1:
        return steps
    # Counts and the rule for ties in one number: no two classes are equal, and the class that
    # leads has the largest.
    rank = np.arange(num_classes - 1, -1, -1)
    swing = 1 if output_spikes.dtype == np.bool_ else 2  # of a difference of counts in a step
    to_come = swing * num_classes * np.arange(num_steps - 1, -1, -1)[:, np.newaxis]
    for rows, counts in _counts(output_spikes):
        leader, runner_up = _two_largest(counts * num_classes + rank)
        steps[rows] = np.argmax(leader - runner_up > to_come, axis=0)
    return steps


def stopped_step(output_spikes: Spikes, *, margin: int, interval: int) -> Steps:
    """Return the first step that `simulate` leaves out with a margin, (num_samples,).

    Args:
        output_spikes: Spikes of every output neuron, (num_steps, num_samples, num_classes).
        margin: As ``stop_margin``.
        interval: As ``stop_interval``.
    """
    num_steps, num_samples, _ = output_spikes.shape
    looks = np.arange(interval - 1, num_steps, interval)
    steps = np.full(num_samples, num_steps, dtype=np.int64)
    for rows, counts in _counts(output_spikes):
        steps[rows] = _first_leads(counts[looks], looks, num_steps, margin)
    return steps


def stopped_step_of_potentials(
    potentials: NDArray[np.float32], *, scale: float, delay: int, margin: float, interval: int
) -> Steps:
    """Return the first step that `simulate` leaves out with a margin of a readout, (num_samples,).

    Args:
        potentials: Of every output neuron, (num_steps, num_samples, num_classes).
        scale: What a difference of potentials is multiplied by.
        delay: Steps before the readout begins.
        margin: As ``stop_margin``.
        interval: As ``stop_interval``.
    """
    num_steps = len(potentials)
    looks = np.arange(interval - 1, num_steps, interval)
    looks = looks[looks >= delay]
    values = potentials[looks].astype(np.float64)
    return _first_leads(values, looks, num_steps, margin, scale)


def _first_leads(
    values: NDArray[Any], looks: Steps, num_steps: int, margin: float, scale: float = 1.0
) -> Steps:
    """Return the step behind the first look at which a class leads, or ``num_steps``.

    Args:
        values: Of each class at each look, (num_looks, num_samples, num_classes).
        looks: Steps of the looks.
        num_steps: Steps of the simulation.
        margin: Lead that ends a sample.
        scale: What a difference is multiplied by.
    """
    if len(looks) == 0:
        return np.full(values.shape[1], num_steps, dtype=np.int64)
    if values.shape[2] == 1:
        lead = values[:, :, 0]
    else:
        leader, runner_up = _two_largest(values)
        lead = leader - runner_up
    reached = lead * scale >= margin
    first = looks[np.argmax(reached, axis=0)] + 1
    steps: Steps = np.where(reached.any(axis=0), first, num_steps)
    return steps


def _counts(output_spikes: Spikes) -> Iterator[tuple[slice, NDArray[np.int64]]]:
    """Yield spikes so far, (num_steps, block, num_classes), for blocks of samples."""
    for start in range(0, output_spikes.shape[1], _BLOCK):
        rows = slice(start, start + _BLOCK)
        yield rows, np.cumsum(output_spikes[:, rows], axis=0, dtype=np.int64)


def _two_largest(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    ranked = np.partition(values, -2, axis=2)
    return ranked[:, :, -1], ranked[:, :, -2]
