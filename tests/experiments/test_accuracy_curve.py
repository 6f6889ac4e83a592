"""Accuracy curves: read from simulations, put together of seeds and of samples."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import pysnn
from pysnn.experiments.accuracy_curve import AccuracyCurve, plot_curves

RNG = np.random.default_rng(4)
X, Y = RNG.random((30, 5), dtype=np.float32), RNG.integers(0, 3, 30)


def curve(*rows: list[float], dt: float = 2e-3, num_samples: int = 100) -> AccuracyCurve:
    """Return a curve with these accuracies, a row per seed."""
    return AccuracyCurve(np.array(rows), dt, num_samples)


def simulate(rows: slice = slice(None), seed: int = 0) -> pysnn.SimulationResult:
    """Simulate some of the samples for 20 steps."""
    snn = pysnn.convert(pysnn.models.mlp((5, 8, 3), seed=1), method="none")
    ids = np.arange(30)[rows]
    return pysnn.simulate(snn, X[rows], duration=0.02, seed=seed, sample_ids=ids)


def test_times_are_the_ends_of_steps() -> None:
    one = curve([0.1, 0.98, 0.97, 0.99])
    np.testing.assert_allclose(one.time, [2e-3, 4e-3, 6e-3, 8e-3])
    assert one.duration == pytest.approx(8e-3)
    assert one.time_to(0.98) == pytest.approx(4e-3)
    assert one.time_to(0.995) is None
    assert one.accuracy_at(6e-3) == 0.97
    assert one.accuracy_at(0.1) is None
    assert (one.best_accuracy, one.final_accuracy) == (0.99, 0.99)
    assert [(step, time) for step, time, _ in one.rows()] == [
        (0, "2"),
        (1, "4"),
        (2, "6"),
        (3, "8"),
    ]


def test_a_curve_has_the_accuracies_of_its_simulation() -> None:
    result = simulate()
    one = AccuracyCurve.of(result, Y)
    np.testing.assert_array_equal(one.accuracy, [result.accuracy(Y)])
    assert (one.dt, one.num_samples, one.num_seeds, one.num_steps) == (1e-3, 30, 1, 20)


def test_stacked_seeds_are_rows() -> None:
    seeds = [AccuracyCurve.of(simulate(seed=seed), Y) for seed in (3, 4)]
    both = AccuracyCurve.stack(seeds)
    np.testing.assert_array_equal(both.accuracy, np.vstack([each.accuracy for each in seeds]))
    assert both.num_samples == 30


def test_parts_of_the_samples_together_have_the_bits_of_the_whole() -> None:
    cuts = [slice(0, 7), slice(7, 8), slice(8, 30)]
    parts = [AccuracyCurve.of(simulate(rows), Y[rows]) for rows in cuts]
    whole = AccuracyCurve.concatenate(parts)
    np.testing.assert_array_equal(whole.accuracy, AccuracyCurve.of(simulate(), Y).accuracy)
    assert whole.num_samples == 30


@pytest.mark.parametrize(
    ("join", "words"),
    [
        (lambda: AccuracyCurve.stack([]), "curves is empty"),
        (lambda: AccuracyCurve.concatenate([]), "parts is empty"),
        (
            lambda: AccuracyCurve.stack([curve([0.5]), curve([0.5], num_samples=7)]),
            r"curves\[1\] has num_samples 7, but curves\[0\] has 100",
        ),
        (
            lambda: AccuracyCurve.stack([curve([0.5]), curve([0.5, 0.6])]),
            r"curves\[1\] has num_steps 2, but curves\[0\] has 1",
        ),
        (
            lambda: AccuracyCurve.concatenate([curve([0.5]), curve([0.5], [0.6])]),
            r"parts\[1\] has num_seeds 2, but parts\[0\] has 1",
        ),
        (
            lambda: plot_curves({"a": curve([0.5]), "b": curve([0.5], dt=1e-3)}),
            r"curves\[1\] has dt 0\.001, but curves\[0\] has 0\.002",
        ),
    ],
)
def test_curves_that_do_not_fit_are_refused_by_what_differs(join, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        join()


def test_a_curve_pickles() -> None:
    one = curve([0.1, 0.2], [0.3, 0.4])
    again = pickle.loads(pickle.dumps(one))
    np.testing.assert_array_equal(again.accuracy, one.accuracy)
    assert (again.dt, again.num_samples) == (one.dt, one.num_samples)
