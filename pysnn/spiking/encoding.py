"""Spike trains from input intensities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_samples
from .._base.memory import check_memory
from .._base.numbers import as_int, as_positive_float, as_rate, as_seed
from .._base.system import as_num_threads

Encoding = Literal["poisson", "regular", "constant"]

ENCODINGS = ("poisson", "regular", "constant")
MAX_STEPS = 1 << 34  # what the generator's counter can tell apart


def poisson_spikes(
    x: ArrayLike,
    *,
    duration: float,
    dt: float = 1e-3,
    max_rate: float = 1000.0,
    seed: int = 0,
    sample_ids: ArrayLike | None = None,
    first_step: int = 0,
    scale: float | None = None,
    num_threads: int | None = None,
) -> NDArray[np.bool_]:
    """Draw the Poisson spike trains that `simulate` draws with the same arguments.

    In every step, input i of a sample spikes with probability ``x_i * max_rate * dt``,
    independently. The draws come from Philox4x32-10 (Salmon et al., SC 2011), a function of seed,
    sample id, input and step alone.

    Args:
        x: Intensities in [0, 1], (num_samples, ...), as a fraction of ``max_rate``.
        duration: Simulated time in s; the number of steps is ``duration / dt``, rounded.
        dt: Length of a step in s.
        max_rate: Firing rate in Hz that an intensity of 1 stands for; ``max_rate * dt`` <= 1.
        seed: Seed in [0, 2^64).
        sample_ids: Number of each sample for the generator, (num_samples,); row numbers unless
            given. A part of a batch keeps its spikes with the row numbers of the whole.
        first_step: Step that the trains begin with.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        num_threads: Threads; None for the default.

    Returns:
        Spike trains, (num_steps, num_samples, ...).

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range.
        MemoryError: The trains would not fit in memory.
    """
    trains = _Trains.checked(x, duration, dt, max_rate, first_step, scale, num_threads)
    ids = as_sample_ids(sample_ids, len(trains.x))
    number = as_seed(seed)
    trains.check_memory()
    return trains.shaped(
        _core.poisson_spikes(
            trains.x,
            trains.num_steps,
            trains.dt,
            trains.max_rate,
            number,
            ids,
            trains.first_step,
            trains.num_threads,
        )
    )


def regular_spikes(
    x: ArrayLike,
    *,
    duration: float,
    dt: float = 1e-3,
    max_rate: float = 1000.0,
    first_step: int = 0,
    scale: float | None = None,
    num_threads: int | None = None,
) -> NDArray[np.bool_]:
    """Make the evenly spaced spike trains of ``simulate(..., encoding="regular")``.

    Input i of a sample spikes ``x_i * max_rate * dt`` times a step on average, at distances that
    differ by one step at most: after any number of steps, its count is that average, rounded up or
    down. Inputs have phases of their own, so that those of the same intensity do not all spike at
    once; input 0 begins in the middle between two spikes.

    Args:
        x: Intensities in [0, 1], (num_samples, ...), as a fraction of ``max_rate``.
        duration: Simulated time in s; the number of steps is ``duration / dt``, rounded.
        dt: Length of a step in s.
        max_rate: Firing rate in Hz that an intensity of 1 stands for; ``max_rate * dt`` <= 1.
        first_step: Step that the trains begin with.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        num_threads: Threads; None for the default.

    Returns:
        Spike trains, (num_steps, num_samples, ...).

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range.
        MemoryError: The trains would not fit in memory.

    Example:
        >>> regular_spikes([[0.25]], duration=0.012)[:, 0, 0].astype(int)
        array([0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0])
    """
    trains = _Trains.checked(x, duration, dt, max_rate, first_step, scale, num_threads)
    trains.check_memory()
    return trains.shaped(
        _core.regular_spikes(
            trains.x,
            trains.num_steps,
            trains.dt,
            trains.max_rate,
            trains.first_step,
            trains.num_threads,
        )
    )


@dataclass(frozen=True)
class _Trains:
    """Arguments that spike trains of every kind have, checked."""

    x: NDArray[np.float32]  # (num_samples, num_inputs)
    shape: tuple[int, ...]
    num_steps: int
    dt: float
    max_rate: float
    first_step: int
    num_threads: int

    @classmethod
    def checked(
        cls,
        x: ArrayLike,
        duration: float,
        dt: float,
        max_rate: float,
        first_step: int,
        scale: float | None,
        num_threads: int | None,
    ) -> _Trains:
        dt = as_positive_float(dt, "dt")
        num_steps = as_num_steps(duration, dt)
        shape = np.shape(x)
        if len(shape) < 2:
            raise ValueError(f"x has shape {shape}, but must be (num_samples, ...)")
        samples = as_samples(x, (int(np.prod(shape[1:], dtype=np.int64)),), scale=scale)
        start = as_int(first_step, "first_step")
        if not 0 <= start <= MAX_STEPS - num_steps:
            raise ValueError(
                f"first_step is {start}, but must be at least 0, and the end at most step 2^34"
            )
        rate = as_rate(max_rate, "max_rate")
        return cls(samples, shape, num_steps, dt, rate, start, as_num_threads(num_threads))

    def check_memory(self) -> None:
        check_memory("the spike trains", (self.num_steps, *self.shape), 1)

    def shaped(self, spikes: NDArray[np.uint8]) -> NDArray[np.bool_]:
        return spikes.view(np.bool_).reshape(self.num_steps, *self.shape)


def as_num_steps(duration: float, dt: float) -> int:
    """Return ``duration / dt`` rounded half to even, at least 1.

    Args:
        duration: Time in s.
        dt: Length of a step in s.

    Raises:
        TypeError: ``duration`` is not a number.
        ValueError: It is not above 0, or rounds to no step at all.
    """
    steps = round(as_positive_float(duration, "duration") / dt)
    if steps < 1:
        raise ValueError(f"duration is {duration} s, but must be at least one step of {dt} s")
    if steps > MAX_STEPS:
        raise ValueError(f"duration is {steps} steps of {dt} s, but must be at most 2^34")
    return steps


def as_sample_ids(sample_ids: ArrayLike | None, num_samples: int) -> NDArray[np.uint64] | None:
    """Return sample ids as the core takes them.

    Raises:
        TypeError: They are not integers.
        ValueError: There are not ``num_samples`` of them, or one is negative.
    """
    if sample_ids is None:
        return None
    if not isinstance(sample_ids, np.ndarray):
        if not isinstance(sample_ids, Sequence):
            raise TypeError(f"sample_ids is a {type(sample_ids).__name__}, but must be an array")
        # NumPy would take a list that reaches beyond int64 for floats.
        numbers = [as_seed(value, f"sample_ids[{i}]") for i, value in enumerate(sample_ids)]
        ids = np.array(numbers, dtype=np.uint64)
    else:
        ids = sample_ids
    if ids.dtype.kind not in "iu":
        raise TypeError(f"sample_ids has dtype {ids.dtype}, but must hold integers")
    if ids.shape != (num_samples,):
        raise ValueError(f"sample_ids has shape {ids.shape}, but must be ({num_samples},)")
    if ids.dtype.kind == "i" and (ids < 0).any():
        first = int(np.argmax(ids < 0))
        raise ValueError(f"sample_ids is {ids[first]} at {first}, but must be at least 0")
    return np.ascontiguousarray(ids, dtype=np.uint64)
