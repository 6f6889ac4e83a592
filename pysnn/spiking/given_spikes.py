"""Spike trains that a user gives: their axes, their values, and doubts about either."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_array, first_bad, samples_shape, slices
from .._base.numbers import as_int
from .spiking_network import SpikingNetwork

_LOOK_AT = 64  # steps, samples and inputs each: enough to tell steps from samples
_FEWEST = 8
_ALIKE = 1.5  # times the variance of independent spikes
_APART = 4.0


def as_spike_trains(
    spikes: ArrayLike,
    snn: SpikingNetwork,
    time_axis: int | None = None,
    *,
    num_samples: int | None = None,
) -> NDArray[np.uint8] | NDArray[np.int8]:
    """Return spike trains as (num_steps, num_samples, num_inputs), int8 where they have signs.

    Args:
        spikes: Trains with steps on the axis ``time_axis`` and samples on the other of the first
            two, of any type that holds 0 and 1, or -1, 0 and 1.
        snn: The network that they drive.
        time_axis: 0 or 1; None is 0, with a warning where the trains look like 1.
        num_samples: Samples that there must be; None for any number.

    Raises:
        TypeError: They hold no numbers, or ``time_axis`` is no int.
        ValueError: Their shape does not fit, or a number is none of -1, 0 and 1.
    """
    trains: NDArray[Any] = as_spikes(as_array(spikes, "spikes"))
    if trains.ndim < 3:
        raise ValueError(
            f"spikes has shape {trains.shape}, but must be (num_steps, num_samples, ...)"
        )
    axis = 0 if time_axis is None else as_int(time_axis, "time_axis")
    if axis not in (0, 1):
        raise ValueError(f"time_axis is {axis}, but must be 0 or 1")
    samples_shape(trains.shape[1:], snn.input_shape, "spikes of a step")
    came = trains.shape[1 - axis]
    if num_samples is not None and came != num_samples:
        question = ""
        if time_axis is None and trains.shape[0] == num_samples:
            question = f"; time_axis=1 reads {num_samples} samples of {came} steps"
        raise ValueError(
            f"spikes has shape {trains.shape}, {came} samples on axis {1 - axis}, but the "
            f"simulation has {num_samples}{question}"
        )
    flat = trains.reshape(*trains.shape[:2], snn.num_inputs)
    if time_axis is None:
        _warn_if_swapped(flat)
    return np.ascontiguousarray(flat.swapaxes(0, 1) if axis == 1 else flat)


def check_no_time_axis(time_axis: int | None) -> None:
    """Raise a ValueError where the axis of steps comes without spikes."""
    if time_axis is not None:
        raise ValueError(f"time_axis is {time_axis}, but it is an axis of spikes, not of x")


def as_spikes(array: NDArray[Any], name: str = "spikes") -> NDArray[np.uint8 | np.int8]:
    """Return an array of 0 and 1 as uint8, one of -1, 0 and 1 as int8.

    Raises:
        TypeError: It does not hold bools, integers or floats.
        ValueError: A number is another one; names the first.
    """
    if array.dtype == np.bool_:
        return array.view(np.uint8)
    if array.dtype in (np.uint8, np.int8):
        return array  # whose values the core checks
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} has dtype {array.dtype}, but must hold 0 and 1, or -1, 0 and 1")
    result = np.empty(array.shape, dtype=np.int8)
    has_negative = False
    for start, part in slices(array):
        good = (part == 0) | (part == 1) | (part == -1)
        if not good.all():
            place, value = first_bad(good, part, start, name)
            raise ValueError(
                f"{place} is {value}, but must be 0 or 1, or -1 where spikes have signs"
            )
        result[start : start + len(part)] = part
        has_negative = has_negative or bool((part < 0).any())
    return result if has_negative else result.view(np.uint8)


def _warn_if_swapped(trains: NDArray[np.uint8 | np.int8]) -> None:
    """Warn where the first axis looks like samples, and the second like steps."""
    part = trains[:_LOOK_AT, :_LOOK_AT, :: max(1, trains.shape[2] // _LOOK_AT)]
    if min(part.shape[:2]) < _FEWEST:
        return
    along_first, along_second = (_spread(part, axis) for axis in (0, 1))
    if along_first > _APART and along_second < _ALIKE:
        steps, samples = trains.shape[:2]
        warnings.warn(
            f"spikes has shape ({steps}, {samples}, ...), which is read as {steps} steps of "
            f"{samples} samples, but looks like {steps} samples of {samples} steps: rates differ "
            f"along the first axis and not along the second. time_axis=1 reads it so, time_axis=0 "
            f"keeps the order without this warning",
            UserWarning,
            stacklevel=4,
        )


def _spread(trains: NDArray[np.uint8 | np.int8], axis: int) -> float:
    """Return how much counts differ along an axis, 1 where spikes are independent and rates equal.

    The index of dispersion of binomial counts: their variance over that of as many draws.
    """
    counts = np.abs(trains, dtype=np.int64).sum(axis=1 - axis)
    draws = trains.shape[1 - axis]
    rates = counts.mean(axis=0) / draws
    due = float((draws * rates * (1 - rates)).sum())
    return float(counts.var(axis=0, ddof=1).sum()) / due if due > 0 else 1.0
