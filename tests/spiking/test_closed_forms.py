"""Neurons whose spikes can be worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import pysnn


def one_neuron(
    weight: float = 1.0, *, bias: float | None = None, **options: Any
) -> pysnn.SpikingNetwork:
    """Return a network of one input and one neuron."""
    snn = pysnn.SpikingNetwork((1,))
    snn.add_population("out", (1,), **options)
    snn.connect("input", "out", pysnn.Linear([[weight]], None if bias is None else [bias]))
    return snn


def spike_steps(snn: pysnn.SpikingNetwork, num_steps: int, **options: Any) -> NDArray[np.int64]:
    """Return the steps in which the neuron fires when its input fires in every step."""
    spikes = np.ones((num_steps, 1, 1), dtype=np.bool_)
    return np.flatnonzero(pysnn.simulate(snn, spikes=spikes, **options).output_spikes)


@pytest.mark.parametrize("weight", [2.0**-k for k in range(-2, 7)])
@pytest.mark.parametrize("threshold", [0.1, 0.75, 1.0, 3.0])
def test_full_rate_input_fires_every_threshold_over_weight_steps(
    weight: float, threshold: float
) -> None:
    period = math.ceil(np.float32(threshold) / weight)
    steps = spike_steps(one_neuron(weight, threshold=threshold), 200)
    np.testing.assert_array_equal(steps, np.arange(period - 1, 200, period))


def test_subtracting_the_threshold_keeps_the_rate_exact() -> None:
    # 5/8 in each step: after n steps floor(5 n / 8) spikes have left, none of the input is lost.
    steps = spike_steps(one_neuron(0.625, reset="subtract"), 400)
    np.testing.assert_array_equal(
        np.searchsorted(steps, np.arange(400), side="right"), np.arange(1, 401) * 5 // 8
    )


def test_reset_to_zero_loses_what_lies_above_the_threshold() -> None:
    # 5/8, 10/8 >= 1: a spike in every second step, although 10/8 came in.
    np.testing.assert_array_equal(spike_steps(one_neuron(0.625), 20), np.arange(1, 20, 2))


def test_a_neuron_fires_at_most_once_per_step() -> None:
    snn = one_neuron(3.0, reset="subtract")
    result = pysnn.simulate(snn, spikes=np.ones((4, 1, 1), np.bool_), record=["potentials"])
    np.testing.assert_array_equal(result.output_spikes[:, 0, 0], [True] * 4)
    np.testing.assert_array_equal(result.potentials["out"][:, 0, 0], [2.0, 4.0, 6.0, 8.0])


def test_the_threshold_itself_is_enough_to_fire() -> None:
    below = np.nextafter(np.float32(1.0), np.float32(0.0))
    assert len(spike_steps(one_neuron(1.0), 1)) == 1
    assert len(spike_steps(one_neuron(float(below)), 1)) == 0


@pytest.mark.parametrize("period", [0.0, 0.001, 0.002, 0.005])
def test_refractory_neurons_are_silent_for_the_refractory_period(period: float) -> None:
    # The step of the spike itself, then round(period / dt) steps without input.
    steps = spike_steps(one_neuron(1.0, refractory_period=period), 60)
    np.testing.assert_array_equal(steps, np.arange(0, 60, 1 + round(period / 1e-3)))


@pytest.mark.parametrize(("period", "silent"), [(0.0005, 0), (0.0015, 2), (0.0025, 2), (0.0035, 4)])
def test_refractory_period_is_rounded_half_to_even(period: float, silent: int) -> None:
    steps = spike_steps(one_neuron(1.0, refractory_period=period), 60)
    np.testing.assert_array_equal(steps, np.arange(0, 60, 1 + silent))


def test_refractory_period_is_counted_in_steps_of_dt() -> None:
    steps = spike_steps(one_neuron(1.0, refractory_period=0.006), 60, dt=2e-3)
    np.testing.assert_array_equal(steps, np.arange(0, 60, 4))


def test_refractory_neurons_drop_input_but_still_compare_with_the_threshold() -> None:
    # 2.5 comes in at step 0 and leaves 1.5 and then 0.5 by subtraction; the input of steps 1 to 3
    # is dropped (the spike of step 1 begins the two steps anew); step 4 adds 2.5 again.
    snn = one_neuron(2.5, reset="subtract", refractory_period=0.002)
    result = pysnn.simulate(snn, spikes=np.ones((6, 1, 1), np.bool_), record=["potentials"])
    np.testing.assert_array_equal(result.potentials["out"][:, 0, 0], [1.5, 0.5, 0.5, 0.5, 2.0, 1.0])
    np.testing.assert_array_equal(np.flatnonzero(result.output_spikes), [0, 1, 4, 5])


def test_bias_is_dropped_while_refractory() -> None:
    # Bias 1/2 alone: a spike every 2 steps, and 3 steps of nothing after each.
    snn = one_neuron(0.0, bias=0.5, refractory_period=0.003)
    np.testing.assert_array_equal(spike_steps(snn, 30), np.arange(1, 30, 5))


def test_bias_is_scaled_by_max_rate_times_dt() -> None:
    snn = one_neuron(0.0, bias=0.5)
    result = pysnn.simulate(snn, np.zeros((1, 1)), duration=0.04, dt=1e-3, max_rate=500.0)
    np.testing.assert_array_equal(np.flatnonzero(result.output_spikes), np.arange(3, 40, 4))


def test_initial_potential_brings_the_first_spike_forward() -> None:
    snn = one_neuron(0.125, initial_potential=0.5)
    np.testing.assert_array_equal(spike_steps(snn, 20), [3, 11, 19])


def test_initial_potential_above_the_threshold_fires_without_input() -> None:
    snn = one_neuron(1.0, initial_potential=1.0)
    result = pysnn.simulate(snn, spikes=np.zeros((3, 1, 1), np.bool_))
    np.testing.assert_array_equal(result.output_spikes[:, 0, 0], [True, False, False])


def test_membrane_potential_has_no_lower_bound() -> None:
    snn = one_neuron(-4.0)
    result = pysnn.simulate(snn, spikes=np.ones((100, 1, 1), np.bool_), record=["potentials"])
    np.testing.assert_array_equal(result.potentials["out"][:, 0, 0], -4.0 * np.arange(1, 101))


def test_populations_follow_each_other_without_delay() -> None:
    snn = pysnn.SpikingNetwork((1,))
    for i in range(5):
        snn.add_population(f"p{i}", (1,))
        snn.connect("input" if i == 0 else f"p{i - 1}", f"p{i}", pysnn.Linear([[1.0]]))
    spikes = np.array([False, True, False]).reshape(3, 1, 1)
    np.testing.assert_array_equal(pysnn.simulate(snn, spikes=spikes).output_spikes, spikes)


@pytest.mark.parametrize("window", [1, 2, 3, 5, 7])
def test_a_pool_fires_when_its_whole_window_does(window: int) -> None:
    # Rounded to nearest, nine times 1/9 would stay under 1 and never fire.
    snn = pysnn.SpikingNetwork((2, window, window))
    snn.add_population("pool", (2, 1, 1))
    snn.connect("input", "pool", pysnn.AvgPool2d(window))
    result = pysnn.simulate(snn, spikes=np.ones((5, 1, 2, window, window), np.bool_))
    assert result.output_spikes.all()


def test_a_pool_of_four_needs_four_spikes() -> None:
    snn = pysnn.SpikingNetwork((1, 2, 2))
    snn.add_population("pool", (1, 1, 1))
    snn.connect("input", "pool", pysnn.AvgPool2d(2))
    spikes = np.zeros((8, 1, 1, 2, 2), dtype=np.bool_)
    spikes[:, 0, 0, 1, 0] = True
    np.testing.assert_array_equal(
        np.flatnonzero(pysnn.simulate(snn, spikes=spikes).output_spikes), [3, 7]
    )
