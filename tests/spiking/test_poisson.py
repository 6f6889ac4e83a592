"""Poisson spike trains: the generator against its published vectors, and statistics of its draws.

Seeds are fixed, so that nothing here is left to chance on later runs. A test that compares with
a distribution had, before its seed was chosen, a chance of at most ``FALSE_ALARM`` to fail on
a sound generator; no seed was tried a second time.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import reference_poisson
from numpy.typing import NDArray

import pysnn

FALSE_ALARM = 1e-6

# Published with Random123 (kat_vectors): counter, key, output.
KNOWN_ANSWERS = [
    (
        (0, 0, 0, 0),
        (0, 0),
        (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
    ),
    (
        (0xFFFFFFFF,) * 4,
        (0xFFFFFFFF,) * 2,
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN_ANSWERS)
def test_reference_generator_gives_the_published_vectors(
    counter: tuple[int, ...], key: tuple[int, int], output: tuple[int, ...]
) -> None:
    np.testing.assert_array_equal(reference_poisson.philox4x32(counter, key), output)


def test_core_draws_the_published_vector_of_zero_counter_and_key() -> None:
    # A rate of word / 2^32 per step must just not fire, and the next higher one must.
    for step, word in enumerate(KNOWN_ANSWERS[0][2]):
        for limit, fires in ((word, False), (word + 1, True)):
            spikes = pysnn.poisson_spikes(
                np.ones((1, 1)), duration=1.0, dt=1.0, max_rate=limit / 2**32, first_step=step
            )
            assert bool(spikes[0, 0, 0]) is fires


@pytest.mark.parametrize("seed", [1, 2**32, 0xDEADBEEF_12345678, 2**64 - 1])
@pytest.mark.parametrize("first_step", [0, 1, 6, 4 * 0xFFFFFFFF])
def test_every_word_of_seed_sample_and_step_reaches_the_generator(
    seed: int, first_step: int
) -> None:
    ids = np.array([0, 1, 2**32, 0x01234567_89ABCDEF, 2**64 - 1], dtype=np.uint64)
    x = np.full((len(ids), 67), 0.5, dtype=np.float32)
    num_steps = 4 if first_step > 2**32 else 13
    drawn = pysnn.poisson_spikes(
        x, duration=num_steps * 1e-3, seed=seed, sample_ids=ids, first_step=first_step
    )
    expected = reference_poisson.poisson_spikes(
        x, num_steps, seed=seed, sample_ids=ids, first_step=first_step
    )
    np.testing.assert_array_equal(drawn, expected)


@pytest.mark.parametrize("num_inputs", [1, 3, 15, 16, 17, 63, 64, 65, 784])
@pytest.mark.parametrize("max_rate", [1000.0, 333.3, 1e-3])
def test_spike_trains_equal_the_reference(num_inputs: int, max_rate: float) -> None:
    rng = np.random.default_rng(num_inputs)
    x = np.clip(rng.uniform(-0.2, 1.2, (5, num_inputs)), 0, 1).astype(np.float32)
    drawn = pysnn.poisson_spikes(x, duration=0.03, max_rate=max_rate, seed=77)
    expected = reference_poisson.poisson_spikes(x, 30, probability_of_one=max_rate * 1e-3, seed=77)
    assert drawn.dtype == np.bool_
    np.testing.assert_array_equal(drawn, expected)


def test_later_steps_continue_the_same_trains() -> None:
    x = np.random.default_rng(0).random((4, 50), dtype=np.float32)
    whole = pysnn.poisson_spikes(x, duration=0.021, seed=3)
    for first in (1, 2, 3, 4, 7, 20):
        tail = pysnn.poisson_spikes(x, duration=(21 - first) * 1e-3, seed=3, first_step=first)
        np.testing.assert_array_equal(tail, whole[first:])


@pytest.mark.parametrize("num_threads", [1, 2, 3, 7])
def test_any_number_of_threads_draws_the_same_trains(num_threads: int) -> None:
    x = np.random.default_rng(0).random((23, 100), dtype=np.float32)
    drawn = pysnn.poisson_spikes(x, duration=0.02, num_threads=num_threads)
    np.testing.assert_array_equal(drawn, reference_poisson.poisson_spikes(x, 20))


def test_spike_trains_have_the_shape_of_the_input() -> None:
    drawn = pysnn.poisson_spikes(np.ones((3, 2, 4, 5)), duration=0.007)
    assert drawn.shape == (7, 3, 2, 4, 5)


def test_probability_zero_never_fires_and_one_always_does() -> None:
    x = np.zeros((2, 1000), dtype=np.float32)
    x[1] = 1.0
    for seed in range(5):
        drawn = pysnn.poisson_spikes(x, duration=0.5, dt=1e-3, max_rate=1000.0, seed=seed)
        assert not drawn[:, 0].any()
        assert drawn[:, 1].all()


def test_an_intensity_too_small_for_one_word_never_fires() -> None:
    # rint(2^-33 * 2^32) is rint(1/2) = 0; the next float32 above rounds to one word of 2^32.
    x = np.full((1, 4), 2.0**-33, dtype=np.float32)
    assert reference_poisson.spike_threshold(x, 1.0).max() == 0
    assert reference_poisson.spike_threshold(np.nextafter(x, np.float32(1.0)), 1.0).min() == 1
    assert not pysnn.poisson_spikes(x, duration=2.0).any()


# Spikes of (num_steps, num_samples, num_inputs) = (200, 100, 64) at a probability of 0.3.
NUM_STEPS, NUM_SAMPLES, NUM_INPUTS, PROBABILITY = 200, 100, 64, float(np.float32(0.3))


@pytest.fixture(scope="module")
def train() -> NDArray[np.bool_]:
    """Draw many spikes of one probability."""
    x = np.full((NUM_SAMPLES, NUM_INPUTS), PROBABILITY, dtype=np.float32)
    return pysnn.poisson_spikes(x, duration=NUM_STEPS * 1e-3, seed=20150712)


def binomial_log_pmf(n: int, p: float) -> NDArray[np.float64]:
    """Return the log probability of 0 to n successes."""
    k = range(n + 1)
    choose = [math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) for i in k]
    successes = np.arange(n + 1)
    log_pmf: NDArray[np.float64] = (
        np.array(choose) + successes * math.log(p) + (n - successes) * math.log1p(-p)
    )
    return log_pmf


def binomial_p_value(count: int, n: int, p: float) -> float:
    """Return the two-sided probability of a count at least as far out."""
    pmf = np.exp(binomial_log_pmf(n, p))
    return float(min(1.0, 2.0 * min(pmf[: count + 1].sum(), pmf[count:].sum())))


def chi_square_p_value(statistic: float, freedom: int) -> float:
    """Return the upper tail of the chi-square distribution: 1 - P(freedom / 2, statistic / 2)."""
    a, x = freedom / 2, statistic / 2
    term = total = 1 / a
    n = 0
    while term > 1e-17 * total:
        n += 1
        term *= x / (a + n)
        total += term
    return max(0.0, 1.0 - math.exp(a * math.log(x) - x - math.lgamma(a)) * total)


def test_the_tests_of_distribution_have_the_right_tails() -> None:
    # 5 of 5 heads; chi-square of 2 degrees of freedom is exponential; 3.841 is the 5 % point of 1.
    assert binomial_p_value(5, 5, 0.5) == pytest.approx(2 / 32)
    assert chi_square_p_value(6.0, 2) == pytest.approx(math.exp(-3.0))
    assert chi_square_p_value(3.841458820694124, 1) == pytest.approx(0.05)


@pytest.mark.parametrize("probability", [1e-4, 0.01, 0.3, 0.5, 0.99])
@pytest.mark.parametrize("max_rate", [1000.0, 250.0])
def test_total_count_is_binomial(probability: float, max_rate: float) -> None:
    x = np.full((50, 40), probability, dtype=np.float32)
    drawn = pysnn.poisson_spikes(x, duration=0.1, max_rate=max_rate, seed=1)
    p = float(x[0, 0]) * max_rate * 1e-3
    assert binomial_p_value(int(drawn.sum()), drawn.size, p) > FALSE_ALARM


def test_counts_of_single_trains_are_binomial(train: NDArray[np.bool_]) -> None:
    counts = train.sum(axis=0).reshape(-1)
    expected = len(counts) * np.exp(binomial_log_pmf(NUM_STEPS, PROBABILITY))
    # Bins of at least 20 expected trains each; the ends are merged into the outermost of them.
    inner = np.flatnonzero(expected >= 20)
    low, high = int(inner[0]), int(inner[-1])
    observed = np.bincount(np.clip(counts, low, high) - low, minlength=high - low + 1)
    merged = expected[low : high + 1].copy()
    merged[0] += expected[:low].sum()
    merged[-1] += expected[high + 1 :].sum()
    statistic = float(((observed - merged) ** 2 / merged).sum())
    assert chi_square_p_value(statistic, len(merged) - 1) > FALSE_ALARM


@pytest.mark.parametrize("axis", ["step", "sample", "input"])
def test_no_step_sample_or_input_fires_more_than_others(
    train: NDArray[np.bool_], axis: str
) -> None:
    others = {"step": (1, 2), "sample": (0, 2), "input": (0, 1)}[axis]
    counts = train.sum(axis=others)
    n = train.size / len(counts)
    variance = n * PROBABILITY * (1 - PROBABILITY)
    statistic = float(((counts - n * PROBABILITY) ** 2).sum() / variance)
    assert chi_square_p_value(statistic, len(counts)) > FALSE_ALARM


@pytest.mark.parametrize("lag", [1, 2, 3, 4, 5, 8, 16, 32])
@pytest.mark.parametrize("axis", [0, 1, 2], ids=["steps", "samples", "inputs"])
def test_spikes_are_independent_of_earlier_neighbouring_and_other_ones(
    train: NDArray[np.bool_], axis: int, lag: int
) -> None:
    # Pairs (a, b) at a distance: the 2 x 2 table against the product of known probabilities.
    size = train.shape[axis]
    first = np.take(train, np.arange(size - lag), axis=axis)
    second = np.take(train, np.arange(lag, size), axis=axis)
    centred = (first - PROBABILITY) * (second - PROBABILITY)
    # Products of pairs are uncorrelated with mean 0, so that their normalized sum is normal.
    z = float(centred.sum()) / (math.sqrt(first.size) * PROBABILITY * (1 - PROBABILITY))
    assert math.erfc(abs(z) / math.sqrt(2)) > FALSE_ALARM


def test_trains_of_other_seeds_are_independent(train: NDArray[np.bool_]) -> None:
    x = np.full((NUM_SAMPLES, NUM_INPUTS), PROBABILITY, dtype=np.float32)
    other = pysnn.poisson_spikes(x, duration=NUM_STEPS * 1e-3, seed=20150713)
    z = float(((train - PROBABILITY) * (other - PROBABILITY)).sum()) / (
        math.sqrt(train.size) * PROBABILITY * (1 - PROBABILITY)
    )
    assert math.erfc(abs(z) / math.sqrt(2)) > FALSE_ALARM


def test_the_next_four_steps_are_a_new_block_of_words(train: NDArray[np.bool_]) -> None:
    # All 16 patterns of the four steps of a block have the chance of independent steps.
    blocks = train[: NUM_STEPS - NUM_STEPS % 4].reshape(-1, 4, NUM_SAMPLES * NUM_INPUTS)
    patterns = np.bincount((blocks * np.array([1, 2, 4, 8])[None, :, None]).sum(axis=1).ravel())
    ones = np.array([bin(i).count("1") for i in range(16)])
    expected = patterns.sum() * PROBABILITY**ones * (1 - PROBABILITY) ** (4 - ones)
    statistic = float(((patterns - expected) ** 2 / expected).sum())
    assert chi_square_p_value(statistic, 15) > FALSE_ALARM
