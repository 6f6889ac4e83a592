"""Classes and times at the first output spike."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import pysnn
from pysnn.datasets import Mnist
from pysnn.experiments.first_spike import FirstSpikeResult, first_spike
from pysnn.experiments.step_distribution import StepDistribution


def relayed(spikes: NDArray[np.bool_]) -> pysnn.SimulationResult:
    """Return a simulation whose output has these spikes, (num_steps, num_samples, num_classes)."""
    snn = pysnn.SpikingNetwork(spikes.shape[2])
    snn.add_population("out", spikes.shape[2])
    snn.connect("input", "out", pysnn.Linear(np.eye(spikes.shape[2])))
    return pysnn.simulate(snn, spikes=spikes)


def test_class_and_time_are_those_of_the_first_output_spike() -> None:
    # Rows are steps, columns classes, one sample each.
    alone = [[0, 0, 0], [0, 0, 1], [1, 1, 0], [1, 1, 0]]
    tied = [[0, 1, 1], [1, 0, 0], [1, 0, 0], [1, 0, 0]]
    silent = [[0, 0, 0]] * 4
    spikes = np.array([alone, tied, silent, silent], dtype=np.bool_).swapaxes(0, 1)
    result = FirstSpikeResult.of(relayed(spikes), [2, 2, 0, 1])
    np.testing.assert_array_equal(result.time.steps, [1, 0, -1, -1])
    np.testing.assert_array_equal(result.predictions, [2, 1, 0, 0])
    np.testing.assert_array_equal(result.is_tied, [False, True, False, False])
    assert result.accuracy == 0.5  # the first, and by the rule for silence the third
    assert result.accuracy_of_spiking == 0.5
    assert (result.num_silent, result.share_silent, result.share_tied) == (2, 0.5, 0.25)
    assert result.accuracy_of_tied == 0.0
    assert result.time.median == pytest.approx(2e-3)
    assert result.time.quantile(0.75) is None
    assert result.time.mean == pytest.approx(1.5e-3)
    values = result.to_dict()
    assert values["right_by_step"] == [0, 1, 0, 0]
    assert values["time"]["samples_by_step"] == [1, 1, 0, 0]


@pytest.mark.parametrize(("weight", "threshold"), [(0.25, 1.0), (0.5, 1.0), (1.0, 7.0)])
def test_input_in_every_step_fires_after_threshold_over_weight_steps(
    weight: float, threshold: float
) -> None:
    network = pysnn.Network([pysnn.Linear(weight * np.eye(3))], input_shape=3)
    snn = pysnn.convert(network, method="none", threshold=threshold)
    result = first_spike(snn, np.eye(3), [0, 1, 2], duration=0.02, progress=False)
    np.testing.assert_array_equal(result.time.steps, np.ceil(threshold / weight) - 1)
    assert result.accuracy == result.accuracy_of_spiking == 1.0
    assert result.share_silent == result.share_tied == 0.0


def test_a_network_that_never_fires_is_silent_and_says_the_lowest_class() -> None:
    network = pysnn.Network([pysnn.Linear(np.eye(2))], input_shape=2)
    snn = pysnn.convert(network, method="none", threshold=100.0)
    result = first_spike(snn, np.eye(2), [0, 1], duration=0.05, progress=False)
    assert result.share_silent == 1.0
    assert result.accuracy == 0.5
    assert result.accuracy_of_spiking is result.time.median is result.time.mean is None
    assert "never" in str(result)
    assert json.loads(json.dumps(result.to_dict()))["time"]["quantile_50_s"] is None


def test_samples_that_end_early_say_what_whole_ones_say(
    trained_mlp: pysnn.Network, mnist: Mnist
) -> None:
    x, y = mnist.x_test[:120], mnist.y_test[:120]
    snn = pysnn.convert(trained_mlp, method="data", x=mnist.x_train[:300])
    for options in ({"duration": 0.06}, {"duration": 0.005, "seed": 3}, {"duration": 0.1}):
        whole = FirstSpikeResult.of(pysnn.simulate(snn, x, **options), y)
        one, two = (first_spike(snn, x, y, num_threads=n, **options) for n in (1, 2))
        assert one.to_dict() == two.to_dict() == whole.to_dict()
        np.testing.assert_array_equal(one.predictions, whole.predictions)
        np.testing.assert_array_equal(one.is_tied, whole.is_tied)
        part = first_spike(snn, x[50:90], y[50:90], sample_ids=np.arange(50, 90), **options)
        np.testing.assert_array_equal(part.time.steps, whole.time.steps[50:90])
    assert whole.num_silent == 0
    assert whole.accuracy > 0.8


@given(st.lists(st.integers(-1, 9), min_size=1, max_size=30), st.integers(1, 100))
def test_a_quantile_is_the_first_time_by_which_so_many_samples_are_there(
    steps: list[int], percent: int
) -> None:
    values = np.array(steps)
    times = StepDistribution(values, 10, 1e-3)
    expected = None
    for step in range(10):
        if 100 * np.count_nonzero((values >= 0) & (values <= step)) >= percent * len(values):
            expected = (step + 1) * 1e-3
            break
    assert times.quantile(percent / 100) == expected
    assert times.histogram.sum() + times.num_never == len(values)


@pytest.mark.parametrize("share", [0.0, -0.1, 1.01, float("nan")])
def test_a_quantile_of_no_share_is_refused(share: Any) -> None:
    with pytest.raises(ValueError, match="share is"):
        StepDistribution(np.array([1]), 2, 1e-3).quantile(share)


def test_the_plot_is_a_histogram_of_the_times() -> None:
    figure = pytest.importorskip("matplotlib.figure")
    spikes = np.zeros((4, 2, 2), dtype=np.bool_)
    spikes[1, :, 1] = True
    ax = figure.Figure().subplots()
    assert FirstSpikeResult.of(relayed(spikes), [1, 0]).plot(title="t", ax=ax) is ax
    assert ax.get_legend().get_texts()[0].get_text() == "50.00 % correct at it"


@pytest.mark.parametrize("encoding", ["poisson", "regular", "constant"])
def test_first_spikes_under_every_encoding_are_those_of_simulate(encoding: str) -> None:
    snn = pysnn.convert(pysnn.models.mlp((6, 8, 3), seed=2), method="none")
    x = np.random.default_rng(1).random((9, 6), dtype=np.float32)
    result = first_spike(snn, x, np.zeros(9, dtype=int), duration=0.03, encoding=encoding)
    whole = pysnn.simulate(snn, x, duration=0.03, encoding=encoding)
    np.testing.assert_array_equal(result.time.steps, whole.first_spike_step)
