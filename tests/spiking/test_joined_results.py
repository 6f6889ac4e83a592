"""Results that are pickled, copied and joined hold the same bits."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from comparison import intensities
from numpy.typing import NDArray
from random_networks import NETWORKS

import pysnn

RECORD = ("spikes", "potentials", "counts", "balance")
WAYS: dict[str, Callable[[pysnn.SimulationResult], pysnn.SimulationResult]] = {
    "pickled": lambda result: pickle.loads(pickle.dumps(result)),
    "copied": copy.copy,
    "deeply copied": copy.deepcopy,
    "joined alone": lambda result: pysnn.SimulationResult.concatenate([result]),
}


def simulated(rows: slice = slice(None), kind: str = "several sources", **options: Any) -> Any:
    """Simulate some of 23 samples, which keep the spikes that they have in the whole batch."""
    description = NETWORKS[kind](21, "float32")
    x = intensities(description, 23, seed=3)
    return pysnn.simulate(
        description.build(),
        x[rows],
        sample_ids=np.arange(23)[rows],
        **{"duration": 0.045, "max_rate": 900.0, "seed": 5, "record": RECORD, **options},
    )


def everything(result: pysnn.SimulationResult) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield every array of a result by a name."""
    for name in (
        "output_spikes",
        "spike_counts",
        "predictions",
        "predictions_over_time",
        "first_spike_step",
        "stopped_step",
        "num_input_spikes",
        "num_spikes",
        "synaptic_operations",
    ):
        yield name, getattr(result, name)
    for name in ("spikes", "potentials", "counts"):
        for population, array in getattr(result, name).items():
            yield f"{name} of {population}", array
    for population, balance in result.balance.items():
        for name, value in dataclasses.asdict(balance).items():
            yield f"{name} of {population}", np.asarray(value)


def assert_same(result: pysnn.SimulationResult, expected: pysnn.SimulationResult) -> None:
    """Compare everything, types included."""
    for name in ("first_step", "num_steps", "num_samples", "num_classes", "dt"):
        assert getattr(result, name) == getattr(expected, name), name
    assert result.population_names == expected.population_names
    mine, theirs = dict(everything(result)), dict(everything(expected))
    assert mine.keys() == theirs.keys()
    for name, array in mine.items():
        assert array.dtype == theirs[name].dtype, name
        assert array.shape == theirs[name].shape, name
        assert array.tobytes() == theirs[name].tobytes(), name


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("record", [(), RECORD, {"potentials": ["b"], "counts": ["a", "out"]}])
def test_a_result_that_went_through_it_is_the_same(way: str, record: Any) -> None:
    result = simulated(record=record)
    assert_same(WAYS[way](result), result)


@pytest.mark.parametrize("way", WAYS)
def test_a_result_may_go_through_it_twice_and_after_it_was_read(way: str) -> None:
    result = simulated(stop_margin=2, stop_interval=3)
    before = dict(everything(result))
    again = WAYS[way](WAYS[way](result))
    del result
    for name, array in everything(again):
        np.testing.assert_array_equal(array, before[name], name)


@pytest.mark.parametrize("way", WAYS)
def test_the_arrays_of_a_result_that_went_through_it_are_read_only(way: str) -> None:
    result = WAYS[way](simulated())
    assert not result.num_spikes.flags.writeable
    assert not result.potentials["a"].flags.writeable
    assert not result.balance["out"].input_charge.flags.writeable


def test_a_pickle_is_about_as_large_as_the_arrays() -> None:
    result = simulated(duration=1.0)
    steps, samples, neurons = 1000, 23, 144 + 64 + 16 + 7
    kept = steps * samples * (neurons * (1 + 4) + 1)  # spike trains, potentials, packed outputs
    rest = samples * neurons * (4 + 4 * 8 + 2 * 4 + 2 * 4)
    assert len(pickle.dumps(result)) < 1.01 * (kept + rest) + 10_000


@pytest.mark.parametrize("stop", [{}, {"stop_margin": 2, "stop_interval": 3}])
@pytest.mark.parametrize("sizes", [[23], [22, 1], [5, 0, 18], [1] * 23])
@pytest.mark.parametrize("kind", ["several sources", "pools"])
def test_parts_of_a_batch_joined_are_the_whole_batch(
    kind: str, sizes: list[int], stop: dict[str, Any]
) -> None:
    ends = np.cumsum(sizes)
    parts = [
        simulated(slice(end - size, end), kind, **stop)
        for size, end in zip(sizes, ends, strict=True)
    ]
    whole = simulated(kind=kind, **stop)
    assert_same(pysnn.SimulationResult.concatenate(parts), whole)
    assert_same(pysnn.SimulationResult.concatenate(pickle.loads(pickle.dumps(tuple(parts)))), whole)


def test_joined_samples_stand_in_the_order_of_the_parts() -> None:
    first, second = simulated(slice(0, 9)), simulated(slice(9, 23))
    joined = pysnn.SimulationResult.concatenate([second, first])
    np.testing.assert_array_equal(
        joined.num_spikes, np.concatenate([second.num_spikes, first.num_spikes]), strict=True
    )
    np.testing.assert_array_equal(joined.output_spikes[:, :14], second.output_spikes)


def test_a_joined_result_does_not_change_with_its_parts() -> None:
    part = copy.deepcopy(simulated(slice(0, 9)))
    joined = pysnn.SimulationResult.concatenate([part])
    before = joined.num_spikes.copy()
    part.num_spikes.flags.writeable = True
    part.num_spikes[:] = -1
    np.testing.assert_array_equal(joined.num_spikes, before)


def test_results_of_later_steps_are_joined_with_results_of_the_same_steps() -> None:
    snn = NETWORKS["several sources"](21, "float32").build()
    x = intensities(NETWORKS["several sources"](21, "float32"), 6, seed=3)
    results = []
    for rows in (slice(0, 6), slice(0, 2), slice(2, 6)):
        ids = np.arange(6)[rows]
        simulation = pysnn.Simulation(snn, len(ids), sample_ids=ids, record=RECORD)
        simulation.run(x[rows], duration=0.02)
        results.append(simulation.run(x[rows], duration=0.03))
    assert_same(pysnn.SimulationResult.concatenate(results[1:]), results[0])
    with pytest.raises(ValueError, match=r"parts\[1\] has first_step 0"):
        pysnn.SimulationResult.concatenate([results[0], simulated(duration=0.03)])
