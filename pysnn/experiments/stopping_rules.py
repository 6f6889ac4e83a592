"""From which step on an answer stands, read from the output spikes of a whole simulation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Spikes = NDArray[np.bool_]
Steps = NDArray[np.int64]

_BLOCK = 256  # samples whose counts over time are held at once


def settled_step(
    predictions_over_time: NDArray[np.integer], first_spike_step: NDArray[np.integer]
) -> Steps:
    """Return the first step after which the prediction is the last one for good, (num_samples,).

    An answer needs a spike: before the first one the prediction is class 0 for want of a better,
    and a sample without output spikes has no such step, which is -1.

    Args:
        predictions_over_time: Class with most spikes so far after each step, (num_steps,
            num_samples).
        first_spike_step: Step of the first output spike, -1 for none, (num_samples,).
    """
    changes = predictions_over_time[1:] != predictions_over_time[:-1]
    from_the_end = np.argmax(changes[::-1], axis=0) if len(changes) else 0
    last_change = np.where(changes.any(axis=0), len(changes) - from_the_end, 0)
    steps: Steps = np.where(
        first_spike_step < 0, -1, np.maximum(last_change, first_spike_step)
    ).astype(np.int64)
    return steps


def decided_step(output_spikes: Spikes) -> Steps:
    """Return the first step after which no continuation can change the prediction.

    After step ``t`` there are ``num_steps - 1 - t`` steps to come, and a neuron fires at most once
    in each: a class that stays behind the leader even with all of these spikes, or ties with it
    and has the higher number, has lost.

    Args:
        output_spikes: Spikes of every output neuron, (num_steps, num_samples, num_classes).

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
    to_come = num_classes * np.arange(num_steps - 1, -1, -1)[:, np.newaxis]
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
    num_steps, num_samples, num_classes = output_spikes.shape
    steps = np.full(num_samples, num_steps, dtype=np.int64)
    looks = np.arange(interval - 1, num_steps, interval)
    if len(looks) == 0:
        return steps
    for rows, counts in _counts(output_spikes):
        at_looks = counts[looks]
        if num_classes == 1:
            lead = at_looks[:, :, 0]
        else:
            leader, runner_up = _two_largest(at_looks)
            lead = leader - runner_up
        reached = lead >= margin
        first = looks[np.argmax(reached, axis=0)] + 1
        steps[rows] = np.where(reached.any(axis=0), first, num_steps)
    return steps


def _counts(output_spikes: Spikes) -> Iterator[tuple[slice, NDArray[np.int64]]]:
    """Yield spikes so far, (num_steps, block, num_classes), for blocks of samples."""
    for start in range(0, output_spikes.shape[1], _BLOCK):
        rows = slice(start, start + _BLOCK)
        yield rows, np.cumsum(output_spikes[:, rows], axis=0, dtype=np.int64)


def _two_largest(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    ranked = np.partition(values, -2, axis=2)
    return ranked[:, :, -1], ranked[:, :, -2]
