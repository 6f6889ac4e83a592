"""Spike trains made of intensities, as simulations make them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.memory import check_memory
from .._base.numbers import as_bool, as_int
from .._base.system import as_num_threads
from .input_range import InputRange
from .stimulus import (
    DEFAULT_DT,
    DEFAULT_MAX_RATE,
    DEFAULT_NUM_STEPS,
    DEFAULT_SEED,
    MAX_STEPS,
    Stimulus,
)


def poisson_spikes(
    x: ArrayLike,
    *,
    num_steps: int = DEFAULT_NUM_STEPS,
    duration: float | None = None,
    dt: float = DEFAULT_DT,
    max_rate: float = DEFAULT_MAX_RATE,
    seed: int | None = DEFAULT_SEED,
    sample_ids: ArrayLike | None = None,
    first_step: int = 0,
    scale: float | None = None,
    signed: bool = False,
    num_threads: int | None = None,
) -> NDArray[np.bool_] | NDArray[np.int8]:
    """Draw the Poisson spike trains that `simulate` draws with the same arguments.

    In every step, input i of a sample spikes with probability ``x_i * max_rate * dt``,
    independently. The draws come from Philox4x32-10 (Salmon et al., SC 2011), a function of seed,
    sample id, input and step alone.

    Args:
        x: Intensities in [0, 1], (num_samples, ...), as a fraction of ``max_rate``.
        num_steps: Number of steps.
        duration: In place of ``num_steps``: simulated time in s, which is ``duration / dt`` steps,
            rounded.
        dt: Length of a step in s.
        max_rate: Firing rate in Hz that an intensity of 1 stands for; ``max_rate * dt`` <= 1.
        seed: Seed in [0, 2^64); None draws one, which nothing keeps but the trains.
        sample_ids: Number of each sample for the generator, (num_samples,); row numbers unless
            given. A part of a batch keeps its spikes with the row numbers of the whole.
        first_step: Step that the trains begin with.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        signed: Takes x in [-1, 1]: the probability is ``abs(x_i) * max_rate * dt``, and spikes have
            the sign of ``x_i``. (A network with an ``input_scale`` draws those of
            ``x / input_scale``.)
        num_threads: Threads; None for the default.

    Returns:
        Spike trains, (num_steps, num_samples, ...): bools, or -1, 0, 1 (int8) where ``signed``.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range.
        MemoryError: The trains would not fit in memory.
    """
    stimulus = Stimulus.of(
        dt=dt, max_rate=max_rate, seed=seed, sample_ids=sample_ids, encoding="poisson", scale=scale
    )
    steps = stimulus.num_steps(duration, num_steps)
    return _spike_trains(x, stimulus, steps, first_step, signed, num_threads)


def regular_spikes(
    x: ArrayLike,
    *,
    num_steps: int = DEFAULT_NUM_STEPS,
    duration: float | None = None,
    dt: float = DEFAULT_DT,
    max_rate: float = DEFAULT_MAX_RATE,
    first_step: int = 0,
    scale: float | None = None,
    signed: bool = False,
    num_threads: int | None = None,
) -> NDArray[np.bool_] | NDArray[np.int8]:
    """Make the evenly spaced spike trains of ``simulate(..., encoding="regular")``.

    Input i of a sample spikes ``x_i * max_rate * dt`` times a step on average, at distances that
    differ by one step at most: after any number of steps, its count is that average, rounded up or
    down. Inputs have phases of their own, so that those of the same intensity do not all spike at
    once; input 0 begins in the middle between two spikes. Nothing is drawn: arguments, result and
    errors are those of `poisson_spikes` without its seed and sample ids.

    Example:
        >>> regular_spikes([[0.25]], num_steps=12)[:, 0, 0].astype(int)
        array([0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0])
    """
    stimulus = Stimulus.of(dt=dt, max_rate=max_rate, encoding="regular", scale=scale)
    steps = stimulus.num_steps(duration, num_steps)
    return _spike_trains(x, stimulus, steps, first_step, signed, num_threads)


def _spike_trains(
    x: ArrayLike,
    stimulus: Stimulus,
    num_steps: int,
    first_step: int,
    signed: bool,
    num_threads: int | None,
) -> NDArray[np.bool_] | NDArray[np.int8]:
    is_signed = as_bool(signed, "signed")
    shape = np.shape(x)
    if len(shape) < 2:
        raise ValueError(f"x has shape {shape}, but must be (num_samples, ...)")
    num_inputs = int(np.prod(shape[1:], dtype=np.int64))
    samples = stimulus.intensities(x, (num_inputs,), InputRange(is_signed=is_signed))
    ids = stimulus.ids(len(samples))
    start = as_int(first_step, "first_step")
    if not 0 <= start <= MAX_STEPS - num_steps:
        raise ValueError(
            f"first_step is {start}, but must be at least 0, and the end at most step 2^34"
        )
    threads = as_num_threads(num_threads)
    check_memory("the spike trains", (num_steps, *shape), 1)
    spikes = _core.spike_trains(
        samples,
        num_steps,
        dt=stimulus.dt,
        max_rate=stimulus.max_rate,
        seed=stimulus.seed,
        encoding=stimulus.encoding,
        sample_ids=ids,
        first_step=start,
        is_signed=is_signed,
        num_threads=threads,
    )
    whole = (num_steps, *shape)
    return (
        spikes.view(np.int8).reshape(whole) if is_signed else spikes.view(np.bool_).reshape(whole)
    )
