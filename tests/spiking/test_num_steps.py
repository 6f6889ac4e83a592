"""Numbers of steps say the same as durations, wherever both may be given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import pysnn
from pysnn.experiments.first_spike import first_spike
from pysnn.experiments.over_time import OverTimeCase, accuracy_over_time
from pysnn.experiments.stopping import stopping
from pysnn.experiments.sweep import sweep

RNG = np.random.default_rng(3)
X = RNG.random((6, 4))
Y = RNG.integers(0, 2, 6)
NETWORK = pysnn.Network(
    [pysnn.Linear(RNG.random((3, 4))), pysnn.Linear(RNG.random((2, 3)))], input_shape=4
)
SNN = pysnn.convert(NETWORK, method="model")


def resumed(**time: Any) -> pysnn.SimulationResult:
    """Simulate the same time twice."""
    simulation = pysnn.Simulation(SNN, len(X))
    simulation.run(X, **time)
    return simulation.run(X, **time)


@pytest.mark.parametrize(
    "call",
    [
        lambda **time: pysnn.simulate(SNN, X, **time).spike_counts.tolist(),
        lambda **time: resumed(**time).spike_counts.tolist(),
        lambda **time: pysnn.poisson_spikes(X, **time).tolist(),
        lambda **time: pysnn.regular_spikes(X, **time).tolist(),
        lambda **time: str(pysnn.diagnose(NETWORK, SNN, X, **time)),
        lambda **time: pysnn.metrics.measure_spiking_network(SNN, X, Y, **time),
        lambda **time: pysnn.metrics.cost_over_time(SNN, X, **time).to_dict(),
        lambda **time: first_spike(SNN, X, Y, **time).time.steps.tolist(),
        lambda **time: stopping(SNN, X, Y, margins=[2], **time).to_dict(),
        lambda **time: (
            accuracy_over_time(NETWORK, [OverTimeCase("one", "one", SNN)], X, Y, seeds=[0], **time)
            .cases[0]
            .accuracy.tolist()
        ),
    ],
    ids=[
        "simulate",
        "Simulation.run",
        "poisson_spikes",
        "regular_spikes",
        "diagnose",
        "measure_spiking_network",
        "cost_over_time",
        "first_spike",
        "stopping",
        "accuracy_over_time",
    ],
)
def test_steps_are_the_time_that_they_take(call: Callable[..., Any]) -> None:
    assert call(num_steps=24) == call(duration=0.024)


def test_steps_do_not_depend_on_dt() -> None:
    for dt in (1e-3, 0.3e-3, 7e-4):
        result = pysnn.simulate(SNN, X, num_steps=17, dt=dt, encoding="constant")
        assert (result.num_steps, result.dt) == (17, dt)


def compared(**time: Any) -> list[int]:
    found = pysnn.compare(
        NETWORK, X, Y, x_calibration=X, recipes=["robust"], progress=False, **time
    )
    return [int(steps) for steps in found.steps]


def tuned(**time: Any) -> list[int]:
    found = pysnn.tune(
        NETWORK, X, Y, x_calibration=X, recipes=["robust"], max_loss=0.9, progress=False, **time
    )
    return [int(steps) for steps in found.trials[0].steps]


def swept(**time: Any) -> list[int]:
    result = sweep(SNN, X, Y, max_rates=[500], thresholds=[1], progress=False, **time)
    return [result.settings["num_steps"]]


@pytest.mark.parametrize("call", [compared, tuned, swept])
def test_a_time_is_the_last_of_several_steps(call: Callable[..., list[int]]) -> None:
    assert call(num_steps=24) == call(duration=0.024) == call(duration=0.012, dt=5e-4)
    assert call(num_steps=24)[-1] == 24
    for time in ({"num_steps": 24, "duration": 0.024}, {"num_steps": [8, 24], "duration": 0.024}):
        with pytest.raises((TypeError, ValueError), match="num_steps is"):
            call(**time)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: [pysnn.simulate(SNN, X).num_steps], 100),
        (lambda: [pysnn.simulate(SNN, X, dt=5e-4).num_steps], 100),
        (lambda: [len(pysnn.poisson_spikes(X))], 100),
        (lambda: [len(pysnn.regular_spikes(X))], 100),
        (lambda: [pysnn.diagnose(NETWORK, SNN, X).num_steps], 100),
        (lambda: [pysnn.conversion_errors(NETWORK, SNN, X).num_steps], 100),
        (lambda: [len(pysnn.metrics.cost_over_time(SNN, X).time)], 100),
        (swept, 100),
        (compared, 256),
        (tuned, 128),
        (lambda: [first_spike(SNN, X, Y).time.num_steps], 500),
        (lambda: [stopping(SNN, X, Y).num_steps], 500),
    ],
)
def test_defaults_are_those_of_the_command_line(
    call: Callable[[], list[int]], expected: int
) -> None:
    assert call()[-1] == expected


def test_a_simulation_call_by_call_is_told_its_time() -> None:
    with pytest.raises(ValueError, match="num_steps or duration must be given"):
        pysnn.Simulation(SNN, len(X)).run(X)
