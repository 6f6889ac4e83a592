"""The specification of inputs: their range, Philox4x32-10 and its draws, evenly spaced trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (0x9E3779B9, 0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


def philox4x32(counter: Sequence[ArrayLike], key: tuple[int, int]) -> NDArray[np.uint32]:
    """Apply ten rounds of Philox4x32 (Salmon et al. 2011) to arrays of counters.

    Args:
        counter: Four arrays of 32-bit words that broadcast against each other.
        key: Two 32-bit words.

    Returns:
        The four output words along a new last axis.
    """
    c0, c1, c2, c3 = (np.asarray(word, dtype=np.uint64) for word in counter)
    k0, k1 = key
    for _ in range(10):
        product0, product1 = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        c0, c1, c2, c3 = (
            (product1 >> _HALF) ^ c1 ^ np.uint64(k0),
            product1 & _LOW,
            (product0 >> _HALF) ^ c3 ^ np.uint64(k1),
            product0 & _LOW,
        )
        k0, k1 = (k0 + _WEYL[0]) % 2**32, (k1 + _WEYL[1]) % 2**32
    return np.stack(np.broadcast_arrays(c0, c1, c2, c3), axis=-1).astype(np.uint32)


def words(
    num_inputs: int,
    num_steps: int,
    *,
    seed: int = 0,
    sample_ids: ArrayLike,
    first_step: int = 0,
) -> NDArray[np.uint32]:
    """Return the random word of each (step, sample, input) as the design numbers them."""
    first_block = first_step // 4
    block = np.arange(first_block, (first_step + num_steps + 3) // 4)
    ids = np.asarray(sample_ids, dtype=np.uint64)[None, :, None]
    counter = (
        np.arange(num_inputs)[None, None, :],
        block[:, None, None],
        ids & _LOW,
        ids >> _HALF,
    )
    drawn = philox4x32(counter, (seed % 2**32, seed >> 32))
    by_step = np.moveaxis(drawn, -1, 1).reshape(4 * len(block), ids.size, num_inputs)
    start = first_step - 4 * first_block
    return by_step[start : start + num_steps]


@dataclass(frozen=True)
class InputRange:
    """What samples are to a network.

    Attributes:
        scale: Largest |x| behind the affine map.
        is_signed: Whether x may be negative.
        affine: Scale and shift of x, one number each or one per channel; None for none.
        num_inputs_per_channel: Pixels of a channel; 1 for a vector, whose channels its inputs are.
    """

    scale: float = 1.0
    is_signed: bool = False
    affine: tuple[ArrayLike, ArrayLike] | None = None
    num_inputs_per_channel: int = 1


def unit_input(x: ArrayLike, input_range: InputRange) -> NDArray[np.float64]:
    """Return inputs as parts of their range, (num_samples, num_inputs)."""
    values = np.asarray(x, dtype=np.float32).astype(np.float64)
    values = values.reshape(len(values), -1)
    if input_range.affine is not None:
        factor, shift = (
            np.repeat(each, input_range.num_inputs_per_channel) if each.size > 1 else each
            for each in (np.asarray(v, dtype=np.float64).reshape(-1) for v in input_range.affine)
        )
        values = values * factor + shift
    return values / input_range.scale


def spike_threshold(
    x: ArrayLike, probability_of_one: float, input_range: InputRange | None = None
) -> NDArray[np.uint64]:
    """Return how many of the 2^32 words mean a spike; ``probability_of_one`` is dt * max_rate."""
    unit = np.abs(unit_input(x, input_range or InputRange()))
    return np.rint(unit * probability_of_one * 2.0**32).astype(np.uint64)


def signs(x: ArrayLike, input_range: InputRange | None = None) -> NDArray[np.int8]:
    """Return the sign of each input's spikes, (num_samples, num_inputs)."""
    return np.where(unit_input(x, input_range or InputRange()) < 0, -1, 1).astype(np.int8)


def poisson_spikes(
    x: ArrayLike,
    num_steps: int,
    *,
    probability_of_one: float = 1.0,
    seed: int = 0,
    sample_ids: ArrayLike | None = None,
    first_step: int = 0,
    input_range: InputRange | None = None,
) -> NDArray[np.int8]:
    """Draw trains of -1, 0, 1, (num_steps, num_samples, num_inputs), for x (num_samples, ...)."""
    rates = spike_threshold(x, probability_of_one, input_range)
    ids = np.arange(len(rates)) if sample_ids is None else sample_ids
    drawn = words(rates.shape[1], num_steps, seed=seed, sample_ids=ids, first_step=first_step)
    return (drawn < rates) * signs(x, input_range)


def regular_spikes(
    x: ArrayLike,
    num_steps: int,
    *,
    probability_of_one: float = 1.0,
    first_step: int = 0,
    input_range: InputRange | None = None,
) -> NDArray[np.int8]:
    """Make evenly spaced trains (num_steps, num_samples, num_inputs) in Python's own integers."""
    rates = spike_threshold(x, probability_of_one, input_range)
    spikes = np.zeros((num_steps, *rates.shape), dtype=np.int8)
    for sample, i in np.ndindex(rates.shape):
        rate, phase = int(rates[sample, i]), (2**31 + i * 0x9E3779B9) % 2**32
        for step in range(num_steps):
            t = first_step + step
            turns = ((t + 1) * rate + phase) // 2**32 - (t * rate + phase) // 2**32
            spikes[step, sample, i] = turns == 1
    return spikes * signs(x, input_range)
