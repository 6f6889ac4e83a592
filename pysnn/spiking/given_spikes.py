"""Spike trains that a user gives: their axes, their values, and doubts about either."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_array, first_bad, samples_shape, slices
from .._base.numbers import as_int
from .spiking_network import SpikingNetwork

Spikes = NDArray[np.uint8] | NDArray[np.int8]

_LOOK_AT = 64  # steps, samples and inputs each: enough to tell steps from samples
_FEWEST = 8
_ALIKE = 1.5  # times the variance of independent spikes
_APART = 4.0


@dataclass(frozen=True, eq=False)
class GivenTrains:
    """Spike trains whose shape, type and axes are checked, and whose numbers are read when needed.

    Attributes:
        array: What was given, with steps on the axis ``time_axis`` and samples on the other of the
            first two.
        time_axis: 0 or 1.
        num_inputs: Inputs of the network.
    """

    array: NDArray[Any]
    time_axis: int
    num_inputs: int

    @classmethod
    def of(
        cls,
        spikes: ArrayLike,
        snn: SpikingNetwork,
        time_axis: int | None = None,
        *,
        num_samples: int | None = None,
    ) -> GivenTrains:
        """Check the trains of a user.

        Args:
            spikes: Trains of any type that holds 0 and 1, or -1, 0 and 1.
            snn: The network that they drive.
            time_axis: 0 or 1; None is 0, with a warning where the trains look like 1.
            num_samples: Samples that there must be; None for any number.

        Raises:
            TypeError: They hold no numbers, or ``time_axis`` is no int.
            ValueError: Their shape does not fit.
        """
        array = as_array(spikes, "spikes")
        _check_type(array, "spikes")
        if array.ndim < 3:
            raise ValueError(
                f"spikes has shape {array.shape}, but must be (num_steps, num_samples, ...)"
            )
        axis = 0 if time_axis is None else as_int(time_axis, "time_axis")
        if axis not in (0, 1):
            raise ValueError(f"time_axis is {axis}, but must be 0 or 1")
        samples_shape(array.shape[1:], snn.input_shape, "spikes of a step")
        came = array.shape[1 - axis]
        if num_samples is not None and came != num_samples:
            question = ""
            if time_axis is None and array.shape[0] == num_samples:
                question = f"; time_axis=1 reads {num_samples} samples of {came} steps"
            raise ValueError(
                f"spikes has shape {array.shape}, {came} samples on axis {1 - axis}, but the "
                f"simulation has {num_samples}{question}"
            )
        if time_axis is None:
            _warn_if_swapped(array)
        return cls(array, axis, snn.num_inputs)

    @property
    def num_steps(self) -> int:
        """Steps of each sample."""
        return int(self.array.shape[self.time_axis])

    @property
    def num_samples(self) -> int:
        """Number of samples."""
        return int(self.array.shape[1 - self.time_axis])

    def whole(self) -> Spikes:
        """Return all trains, (num_steps, num_samples, num_inputs), int8 where they have signs.

        Raises:
            ValueError: A number is none of -1, 0 and 1.
        """
        return self._arranged(as_spikes(self.array))

    def block(self, start: int, stop: int) -> Spikes:
        """Return the trains of the samples ``start`` to below ``stop``, as `whole` does."""
        rows = slice(start, stop)
        # As a plain array: a slice of a memory map is one, and slower for it.
        part = np.asarray(self.array[rows] if self.time_axis == 1 else self.array[:, rows])
        place = f"[{start}:{stop}]" if self.time_axis == 1 else f"[:, {start}:{stop}]"
        is_all = stop - start == self.num_samples
        return self._arranged(as_spikes(part, "spikes" if is_all else f"spikes{place}"))

    def _arranged(self, trains: Spikes) -> Spikes:
        flat: NDArray[Any] = trains.reshape(*trains.shape[:2], self.num_inputs)
        return np.ascontiguousarray(flat.swapaxes(0, 1) if self.time_axis == 1 else flat)


def check_no_time_axis(time_axis: int | None) -> None:
    """Raise a ValueError where the axis of steps comes without spikes."""
    if time_axis is not None:
        raise ValueError(f"time_axis is {time_axis}, but it is an axis of spikes, not of x")


def as_spikes(array: NDArray[Any], name: str = "spikes") -> Spikes:
    """Return an array of 0 and 1 as uint8, one of -1, 0 and 1 as int8.

    Raises:
        TypeError: It does not hold bools, integers or floats.
        ValueError: A number is another one; names the first.
    """
    if array.dtype == np.bool_:
        return array.view(np.uint8)
    if array.dtype in (np.uint8, np.int8):
        return array  # whose values the core checks
    _check_type(array, name)
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


def _check_type(array: NDArray[Any], name: str) -> None:
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} has dtype {array.dtype}, but must hold 0 and 1, or -1, 0 and 1")


def _warn_if_swapped(trains: NDArray[Any]) -> None:
    """Warn where the first axis looks like samples, and the second like steps."""
    corner = trains[:_LOOK_AT, :_LOOK_AT]
    if min(corner.shape[:2]) < _FEWEST:
        return
    flat = corner.reshape(*corner.shape[:2], -1)
    part = flat[:, :, :: max(1, flat.shape[2] // _LOOK_AT)] != 0
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


def _spread(trains: NDArray[np.bool_], axis: int) -> float:
    """Return how much counts differ along an axis, 1 where spikes are independent and rates equal.

    The index of dispersion of binomial counts: their variance over that of as many draws.
    """
    counts = trains.sum(axis=1 - axis, dtype=np.int64)
    draws = trains.shape[1 - axis]
    rates = counts.mean(axis=0) / draws
    due = float((draws * rates * (1 - rates)).sum())
    return float(counts.var(axis=0, ddof=1).sum()) / due if due > 0 else 1.0
