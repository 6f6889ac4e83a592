"""``seed=None`` draws a seed that the result keeps, and that gives the same again."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import pysnn
from pysnn.experiments.first_spike import first_spike
from pysnn.experiments.stopping import stopping
from pysnn.experiments.sweep import sweep

RNG = np.random.default_rng(2)
X = RNG.random((24, 6), dtype=np.float32)
Y = RNG.integers(0, 3, 24)
NETWORK = pysnn.models.mlp((6, 8, 3), seed=1)
SNN = pysnn.convert(NETWORK, method="model")


def trained(seed: int | None) -> tuple[Any, int | None]:
    network = NETWORK.copy()
    history = pysnn.train(network, X, Y, epochs=1, dropout=0.5, seed=seed, progress=False)
    return network.layers[0].weight.tolist(), history.seed


def simulated(seed: int | None, **options: Any) -> tuple[Any, int | None]:
    result = pysnn.simulate(SNN, X, num_steps=40, seed=seed, **options)
    return result.spike_counts.tolist(), result.seed


def run(seed: int | None) -> tuple[Any, int | None]:
    simulation = pysnn.Simulation(SNN, len(X), seed=seed)
    result = simulation.run(X, num_steps=40)
    assert result.seed == simulation.seed
    return result.spike_counts.tolist(), simulation.seed


def diagnosed(seed: int | None) -> tuple[Any, int | None]:
    report = pysnn.diagnose(NETWORK, SNN, X, y=Y, num_steps=20, num_seeds=2, seed=seed)
    return report.to_dict()["populations"], report.seeds[0]


def swept(seed: int | None) -> tuple[Any, int | None]:
    result = sweep(SNN, X, Y, max_rates=[300, 700], thresholds=[0.5, 1], seed=seed, num_steps=20)
    return result.spikes.tolist(), result.settings["seed"]


def compared(seed: int | None) -> tuple[Any, int | None]:
    ways = [("robust", {"encoding": "poisson"}), "diehl2015"]
    found = pysnn.compare(
        NETWORK, X, Y, x_calibration=X, recipes=ways, num_steps=8, seed=seed, progress=False
    )
    assert found.to_dict()["seed"] == found.seed
    return found.spikes.tolist(), found.seed


def first_spikes(seed: int | None) -> tuple[Any, int | None]:
    found = first_spike(SNN, X, Y, num_steps=40, seed=seed)
    return found.time.steps.tolist(), found.seed


def stopped(seed: int | None) -> tuple[Any, int | None]:
    found = stopping(SNN, X, Y, margins=[2], num_steps=60, seed=seed, progress=False)
    return found.to_dict(), found.seed


def cost(seed: int | None) -> tuple[Any, int | None]:
    found = pysnn.metrics.cost_over_time(SNN, X, num_steps=20, seed=seed)
    return found.to_dict(), found.seed


def measured(seed: int | None) -> tuple[Any, int | None]:
    found = pysnn.metrics.measure_spiking_network(SNN, X, Y, num_steps=20, seed=seed)
    return found.to_dict(), found.seed


WORK: dict[str, Callable[[int | None], tuple[Any, int | None]]] = {
    "train": trained,
    "simulate": simulated,
    "simulate in blocks": lambda seed: simulated(seed, batch_size=5),
    "simulate with workers": lambda seed: simulated(seed, executor=pysnn.parallel.Workers()),
    "Simulation": run,
    "diagnose": diagnosed,
    "sweep": swept,
    "compare": compared,
    "first_spike": first_spikes,
    "stopping": stopped,
    "cost_over_time": cost,
    "measure_spiking_network": measured,
}


@pytest.mark.parametrize("name", WORK)
def test_the_seed_that_was_drawn_gives_the_same_again(name: str) -> None:
    numbers, seed = WORK[name](None)
    assert seed is not None
    assert 0 <= seed < 1 << 53
    assert WORK[name](seed) == (numbers, seed)
    others, other = WORK[name](None)
    # Two draws of 53 bits are the same once in 10^16 runs, and so many spikes hardly more often.
    assert other != seed
    assert others != numbers


def test_a_result_without_chance_has_no_seed() -> None:
    assert pysnn.simulate(SNN, X, num_steps=4, encoding="constant").seed is None
    assert pysnn.simulate(SNN, spikes=np.ones((4, 2, 6))).seed is None
    assert pysnn.Simulation(SNN, 3, encoding="regular").seed is None
    assert pysnn.simulate(SNN, X, num_steps=4).seed == 0


@pytest.mark.parametrize("encoding", ["constant", "regular"])
def test_no_seed_may_be_asked_for_where_nothing_is_drawn(encoding: Any) -> None:
    options: Any = {"num_steps": 12, "encoding": encoding}
    plain = pysnn.simulate(SNN, X, **options)
    asked = pysnn.simulate(SNN, X, seed=None, **options)
    assert asked.seed is None
    np.testing.assert_array_equal(asked.spike_counts, plain.spike_counts)
    assert pysnn.Simulation(SNN, 3, encoding=encoding, seed=None).seed is None
    report = pysnn.diagnose(NETWORK, SNN, X, seed=None, **options)
    assert report.seeds == ()
    assert str(report) == str(pysnn.diagnose(NETWORK, SNN, X, **options))
    taken = pysnn.conversion_errors(NETWORK, SNN, X, seed=None, **options)
    assert taken.to_dict() == pysnn.conversion_errors(NETWORK, SNN, X, **options).to_dict()
    found = pysnn.compare(
        NETWORK, X, Y, x_calibration=X, recipes=["robust"], num_steps=8, seed=None, progress=False
    )
    assert found.seed is None


def test_results_keep_the_seed_that_they_share() -> None:
    parts = [pysnn.simulate(SNN, X[i : i + 3], num_steps=4, seed=9) for i in (0, 3)]
    other = pysnn.simulate(SNN, X[:2], num_steps=4, seed=8)
    assert pysnn.SimulationResult.concatenate(parts).seed == 9
    assert pysnn.SimulationResult.concatenate([*parts, other]).seed is None
    assert pickle.loads(pickle.dumps(parts[0])).seed == 9
    assert parts[0].without_trains().without_records().seed == 9


@pytest.mark.parametrize("seed", [-1, 1 << 64])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="seed is"):
        pysnn.simulate(SNN, X, num_steps=4, seed=seed)
