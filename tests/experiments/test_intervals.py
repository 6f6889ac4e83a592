"""Confidence intervals against tables, their defining equations, and other programs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pysnn._base.intervals import mean_interval, paired_interval, share_interval, student_quantile


@pytest.mark.parametrize(
    ("degrees", "quantile"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (30, 2.042), (100, 1.984)],
)
def test_student_quantiles_are_those_of_the_printed_tables(degrees: int, quantile: float) -> None:
    assert student_quantile(0.975, degrees) == pytest.approx(quantile, abs=5e-4)


def test_student_quantiles_are_those_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for degrees in (1, 2, 3, 4, 7, 50, 501):
        for probability in (0.6, 0.9, 0.995):
            expected = stats.t.ppf(probability, degrees)
            assert student_quantile(probability, degrees) == pytest.approx(expected, rel=1e-10)


def test_the_interval_of_a_mean_is_student_s_for_each_column() -> None:
    low, high = mean_interval([[0.1, 0.5], [0.3, 0.5], [0.2, 0.5]])
    half = 4.302653 * 0.1 / math.sqrt(3)
    np.testing.assert_allclose(low, [0.2 - half, 0.5], atol=1e-6)
    np.testing.assert_allclose(high, [0.2 + half, 0.5], atol=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.989, 1.0])
@pytest.mark.parametrize("num_samples", [1, 30, 10_000])
def test_the_ends_of_a_share_s_interval_are_as_far_as_chance_explains(
    share: float, num_samples: int
) -> None:
    # Wilson's ends are the probabilities p with |share - p| = 1.96 sqrt(p (1 - p) / num_samples).
    ends = share_interval(share, num_samples)
    assert 0 <= ends[0] <= share <= ends[1] <= 1
    assert ends[1] - ends[0] > 0
    for end in ends:
        if 0 < end < 1:
            chance = 1.959964 * math.sqrt(end * (1 - end) / num_samples)
            assert abs(share - end) == pytest.approx(chance, rel=1e-6)


def test_intervals_of_shares_hold_the_true_one_as_often_as_they_say() -> None:
    # 4,000 of 200 samples at 0.97: 95 % of the intervals hold it, up to 1.5 points at false-alarm
    # rate 1e-5 plus Wilson's own deviation from the nominal share, below 2.5 points here.
    shares = np.random.default_rng(0).binomial(200, 0.97, 4000) / 200
    low, high = share_interval(shares, 200)
    assert np.mean((low <= 0.97) & (high >= 0.97)) == pytest.approx(0.95, abs=0.04)


def test_a_paired_interval_is_wald_s_with_half_a_sample_more_of_each_kind() -> None:
    low, high = paired_interval(7, 2, 100)
    lost, gained = 7.5 / 102, 2.5 / 102
    half = 1.959964 * math.sqrt((lost + gained - (lost - gained) ** 2) / 102)
    assert low == pytest.approx(lost - gained - half, abs=1e-6)
    assert high == pytest.approx(lost - gained + half, abs=1e-6)


def test_a_paired_interval_is_no_point_where_nothing_differs() -> None:
    low, high = paired_interval([0, 0], [0, 3], 50)
    assert (low < 0).all()
    assert high[0] == -low[0] > 0


@pytest.mark.parametrize(("p_lost", "p_gained"), [(0.02, 0.02), (0.05, 0.01), (0.2, 0.1)])
def test_a_paired_interval_holds_the_true_difference_as_often_as_it_says(
    p_lost: float, p_gained: float
) -> None:
    draws = np.random.default_rng(0).multinomial(
        300, [p_lost, p_gained, 1 - p_lost - p_gained], size=4000
    )
    low, high = paired_interval(draws[:, 0], draws[:, 1], 300)
    held = ((low <= p_lost - p_gained) & (p_lost - p_gained <= high)).mean()
    # Four standard deviations of 4000 draws are 1.4 points; the formula itself is good to one.
    assert 0.93 < held < 0.97
