"""Accuracy over time: the numbers of `simulate`, and what is made of them."""

from __future__ import annotations

import json

import numpy as np
import pytest

import pysnn
from pysnn.datasets import Mnist
from pysnn.experiments.over_time import (
    AccuracyOverTime,
    CaseOverTime,
    OverTimeCase,
    accuracy_over_time,
    convert_cases,
)


def case(
    *rows: list[float],
    ann: float = 0.9,
    num_samples: int = 1000,
    lost: tuple[int, ...] = (0,),
    gained: tuple[int, ...] = (0,),
) -> CaseOverTime:
    """Return a case with these accuracies, a row per seed, in steps of 2 ms."""
    return CaseOverTime(
        accuracy=np.array(rows),
        dt=2e-3,
        num_samples=num_samples,
        name="a",
        title="A",
        max_rate=500.0,
        ann_accuracy=ann,
        num_lost=lost,
        num_gained=gained,
    )


def test_times_are_those_to_come_near_and_those_to_stay() -> None:
    curve = case([0.2, 0.89, 0.895, 0.88, 0.8995, 0.905])
    within = curve.time_within(1.0)
    assert (within.come, within.stay) == pytest.approx((4e-3, 10e-3))
    near = curve.time_within(0.1)
    assert (near.come, near.stay) == pytest.approx((10e-3, 10e-3))
    assert curve.time_within(100.0).stay == pytest.approx(2e-3)


def test_an_accuracy_that_falls_at_the_end_comes_and_does_not_stay() -> None:
    within = case([0.2, 0.95, 0.2]).time_within(1.0)
    assert within.come == pytest.approx(4e-3)
    assert within.stay is None
    never = case([0.2, 0.3, 0.2]).time_within(1.0)
    assert never.come is never.stay is never.mean_come is None


def test_an_accuracy_of_exactly_so_many_points_less_is_within() -> None:
    # 0.989 - 0.001 is not 0.988 in binary.
    assert case([0.988], ann=0.989).time_within(0.1).come == pytest.approx(2e-3)
    assert case([0.9879], ann=0.989).time_within(0.1).come is None


def test_times_are_given_for_each_seed_and_for_the_mean_accuracy() -> None:
    both = case([0.0, 0.9, 0.9, 0.9], [0.0, 0.0, 0.0, 0.9], lost=(0, 0), gained=(0, 0))
    within = both.time_within(1.0)
    assert within.come_by_seed == pytest.approx((4e-3, 8e-3))
    assert within.mean_come == within.mean_stay == pytest.approx(6e-3)
    # The mean accuracy is 0.45 until the slower seed is there.
    assert within.come == pytest.approx(8e-3)
    late = case([0.0, 0.9], [0.0, 0.0], lost=(0, 0), gained=(0, 0)).time_within(1.0)
    assert late.come_by_seed == (pytest.approx(4e-3), None)
    assert late.mean_come is None


def test_spread_over_seeds_and_over_samples_are_told_apart() -> None:
    equal = case([0.8], [0.8], [0.8], lost=(0,) * 3, gained=(0,) * 3)
    assert equal.seed_interval is not None
    assert [float(end[0]) for end in equal.seed_interval] == pytest.approx([0.8, 0.8])
    low, high = equal.sample_interval
    # Nearly the normal interval, 1.96 sqrt(0.8 * 0.2 / 1000).
    assert [low[0], high[0]] == pytest.approx([0.8 - 0.0248, 0.8 + 0.0248], abs=2e-3)
    more = case(*[[0.8]] * 30, lost=(0,) * 30, gained=(0,) * 30)
    assert more.sample_interval[0][0] == pytest.approx(low[0])
    spread = case([0.7], [0.9], lost=(0, 0), gained=(0, 0))
    assert spread.seed_interval is not None
    half = 12.7062 * np.std([0.7, 0.9], ddof=1) / np.sqrt(2)
    assert spread.seed_interval[1][0] == pytest.approx(0.8 + half, abs=1e-4)
    assert case([0.8]).seed_interval is case([0.8]).seed_deviation is None


def test_a_difference_is_as_sure_as_the_samples_on_which_networks_disagree_say() -> None:
    assert case([0.9]).difference_error == 0.0
    unpaired = case([0.8], ann=0.9, lost=(110,), gained=(10,))
    assert unpaired.difference_error == pytest.approx(np.sqrt((0.12 - 0.01) / 1000))
    outcomes = np.repeat([-1, 1, 0], [110, 10, 880])
    assert unpaired.difference_error == pytest.approx(outcomes.std() / np.sqrt(1000))


def test_accuracies_are_those_of_simulate_for_every_case_and_seed(
    trained_mlp: pysnn.Network, mnist: Mnist
) -> None:
    x, y = mnist.x_test[:60], mnist.y_test[:60]
    cases = convert_cases(trained_mlp, mnist.x_train[:300], unnormalized_max_rate=250.0)
    assert [each.name for each in cases] == ["none", "model", "model_hidden", "data"]
    assert [each.max_rate for each in cases] == [250.0, 1000.0, 1000.0, 1000.0]
    options = {"duration": 0.03, "seeds": [4, 9], "progress": False}
    result = accuracy_over_time(trained_mlp, cases, x, y, **options, num_threads=1)
    other = accuracy_over_time(trained_mlp, cases, x, y, **options, num_threads=2)
    assert result.to_dict() == other.to_dict()
    assert result.ann_accuracy == trained_mlp.accuracy(x, y)
    ids = np.arange(20, 60)
    part = accuracy_over_time(trained_mlp, cases, x[20:], y[20:], **options, sample_ids=ids)
    run = pysnn.simulate(cases[3].snn, x, duration=0.03, seed=9)
    right = (run.predictions_over_time == y)[:, 20:]
    np.testing.assert_array_equal(part.cases[3].accuracy[1], right.mean(axis=1))
    ann_right = trained_mlp.classify(x) == y
    for each, measured in zip(cases, result.cases, strict=True):
        for i, seed in enumerate((4, 9)):
            run = pysnn.simulate(each.snn, x, duration=0.03, max_rate=each.max_rate, seed=seed)
            np.testing.assert_array_equal(measured.accuracy[i], run.accuracy(y))
            right = run.predictions == y
            assert measured.num_lost[i] == (ann_right & ~right).sum()
            assert measured.num_gained[i] == (~ann_right & right).sum()
            difference = (measured.num_gained[i] - measured.num_lost[i]) / 60
            assert measured.accuracy[i, -1] - result.ann_accuracy == pytest.approx(difference)
    method = {"none": "none", "model": "model", "data": "data"}
    for name in method:
        snn = pysnn.convert(
            trained_mlp, method=name, x=mnist.x_train[:300] if name == "data" else None
        )
        assert snn == next(each.snn for each in cases if each.name == name)


@pytest.fixture(scope="module")
def result() -> AccuracyOverTime:
    """Return three seeds of two cases that input of full intensity makes the same."""
    network = pysnn.Network([pysnn.Linear([[1.0, 0.0], [0.0, 0.5]])], input_shape=2)
    cases = [
        OverTimeCase("none", "as trained", pysnn.convert(network, method="none")),
        OverTimeCase("high", "threshold 1.5", pysnn.convert(network, method="none", threshold=1.5)),
    ]
    x, y = [[0.0, 1.0], [1.0, 0.0]], [1, 0]
    return accuracy_over_time(network, cases, x, y, duration=0.006, seeds=[0, 1, 2])


def test_input_in_every_step_gives_the_steps_that_weights_and_threshold_say(
    result: AccuracyOverTime,
) -> None:
    none, high = result.cases
    # The second class needs threshold / 0.5 steps; without spikes the answer is the first class.
    np.testing.assert_array_equal(none.accuracy, [[0.5, 1, 1, 1, 1, 1]] * 3)
    np.testing.assert_array_equal(high.accuracy, [[0.5, 0.5, 1, 1, 1, 1]] * 3)
    assert result.ann_accuracy == 1.0
    assert none.time_within(0.1).stay == pytest.approx(2e-3)
    assert high.time_within(0.1).stay_by_seed == pytest.approx((3e-3,) * 3)
    assert result.case("high") is high
    with pytest.raises(KeyError, match="low"):
        result.case("low")


def test_the_result_is_json_and_text(result: AccuracyOverTime) -> None:
    read = json.loads(json.dumps(result.to_dict()))
    assert read["seeds"] == [0, 1, 2]
    assert read["cases"][1]["time_within"][0]["come"] == pytest.approx(3e-3)
    text = str(result)
    for word in ("threshold 1.5", "3 seeds", "100.00% of 2", "3 ms", "+0.00 +- 0.00"):
        assert word in text
    header, rows = result.table()
    assert {len(row) for row in rows} == {len(header)}


def test_the_plot_shows_a_line_and_a_band_for_each_case_and_the_network_s_interval(
    result: AccuracyOverTime,
) -> None:
    figure = pytest.importorskip("matplotlib.figure")
    ax = figure.Figure().subplots()
    assert result.plot(title="two", ax=ax) is ax
    assert len(ax.get_lines()) == 3
    np.testing.assert_allclose(ax.get_lines()[0].get_ydata(), 100 * result.cases[0].mean)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels[:2] == ["as trained, 1000 Hz", "threshold 1.5, 1000 Hz"]
    assert labels[-1] == "its 95 % interval over test sets of 2"
