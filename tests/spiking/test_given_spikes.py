"""Spike trains that a user gives: any type of 0 and 1, and steps before samples or behind them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import pysnn

Make = Callable[..., NDArray[Any]]
Simulates = Callable[..., pysnn.SimulationResult]


def network(*, signed: bool = False) -> pysnn.SpikingNetwork:
    snn = pysnn.SpikingNetwork(30, input_scale=1.0 if signed else None)
    snn.add_population("output", 4)
    snn.connect("input", "output", pysnn.Linear(np.linspace(-0.2, 0.4, 120).reshape(4, 30)))
    return snn


X = np.random.default_rng(4).random((12, 30)) ** 2


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.int64, np.uint16, np.float16, np.float64])
def test_zeros_and_ones_of_every_type_are_the_same_spikes(kind: type) -> None:
    trains = pysnn.poisson_spikes(X, num_steps=20)
    expected = pysnn.simulate(network(), spikes=trains)
    result = pysnn.simulate(network(), spikes=trains.astype(kind))
    np.testing.assert_array_equal(result.output_spikes, expected.output_spikes)
    streamed = pysnn.Simulation(network(), 12).run(spikes=trains.astype(kind))
    np.testing.assert_array_equal(streamed.output_spikes, expected.output_spikes)


def test_floats_may_have_signs_where_the_network_takes_them() -> None:
    trains = pysnn.poisson_spikes(2 * X - 1, num_steps=20, signed=True)
    expected = pysnn.simulate(network(signed=True), spikes=trains)
    result = pysnn.simulate(network(signed=True), spikes=trains.astype(np.float32))
    np.testing.assert_array_equal(result.output_spikes, expected.output_spikes)
    with pytest.raises(ValueError, match="spikes"):
        pysnn.simulate(network(), spikes=trains.astype(np.float32))


@pytest.mark.parametrize("value", [0.5, 2.0, -2.0, float("nan"), 255.0])
def test_other_numbers_are_named(value: float) -> None:
    trains = np.zeros((5, 3, 30))
    trains[2, 1, 7] = value
    with pytest.raises(ValueError, match=rf"spikes\[2, 1, 7\] is {value}, but must be 0"):
        pysnn.simulate(network(), spikes=trains)


@pytest.mark.parametrize("make", [pysnn.poisson_spikes, pysnn.regular_spikes])
def test_samples_before_steps_warn_and_are_read_where_they_are_named(make: Make) -> None:
    trains = make(X, num_steps=40)
    expected = pysnn.simulate(network(), spikes=trains)
    swapped = trains.swapaxes(0, 1)
    with pytest.warns(UserWarning, match=r"\(12, 40, \.\.\.\), which is read as 12 steps of 40"):
        pysnn.simulate(network(), spikes=swapped)
    for call in (
        lambda: pysnn.simulate(network(), spikes=swapped, time_axis=1),
        lambda: pysnn.Simulation(network(), 12).run(spikes=swapped, time_axis=1),
    ):
        result = call()
        assert (result.num_steps, result.num_samples) == (40, 12)
        np.testing.assert_array_equal(result.output_spikes, expected.output_spikes)


def in_parts(trains: NDArray[Any], tmp_path: Path, **options: Any) -> pysnn.SimulationResult:
    with ThreadPoolExecutor(2) as executor:
        workers = pysnn.parallel.Workers(executor, part_size=5)
        return pysnn.simulate(network(), spikes=trains, executor=workers, **options)


def in_blocks(trains: NDArray[Any], tmp_path: Path, **options: Any) -> pysnn.SimulationResult:
    return pysnn.simulate(network(), spikes=trains, batch_size=5, **options)


def of_a_file(trains: NDArray[Any], tmp_path: Path, **options: Any) -> pysnn.SimulationResult:
    np.save(tmp_path / "trains.npy", trains)
    mapped = np.load(tmp_path / "trains.npy", mmap_mode="r")
    return pysnn.simulate(network(), spikes=mapped, batch_size=5, **options)


PATHS = pytest.mark.parametrize("path", [in_parts, in_blocks, of_a_file])


@PATHS
@pytest.mark.parametrize("kind", [bool, np.uint8, np.int8, np.int64, np.float32])
def test_parts_and_blocks_read_every_type_and_both_orders(
    path: Simulates, kind: type, tmp_path: Path
) -> None:
    trains = pysnn.poisson_spikes(X, num_steps=40).astype(kind)
    expected = pysnn.simulate(network(), spikes=trains)
    swapped = np.ascontiguousarray(trains.swapaxes(0, 1))
    for result in (path(trains, tmp_path), path(swapped, tmp_path, time_axis=1)):
        assert (result.num_steps, result.num_samples) == (40, 12)
        np.testing.assert_array_equal(result.output_spikes, expected.output_spikes)
    with pytest.warns(UserWarning, match=r"12 steps of 40") as seen:
        path(swapped, tmp_path)
    assert [Path(each.filename).name for each in seen] == [Path(__file__).name]


@PATHS
def test_parts_and_blocks_name_other_numbers(path: Simulates, tmp_path: Path) -> None:
    trains = np.zeros((4, 12, 30))
    trains[2, 6, 7] = 0.5
    place = r"spikes\[:, 5:10\]\[2, 1, 7\]" if path is of_a_file else r"spikes\[2, 6, 7\]"
    with pytest.raises(ValueError, match=rf"{place} is 0\.5, but must be 0"):
        path(trains, tmp_path)


def test_an_order_that_is_named_does_not_warn() -> None:
    swapped = pysnn.poisson_spikes(X, num_steps=40).swapaxes(0, 1)
    assert pysnn.simulate(network(), spikes=swapped, time_axis=0).num_steps == 12


@pytest.mark.parametrize(
    "trains",
    [
        pysnn.poisson_spikes(X, num_steps=40),
        pysnn.poisson_spikes(np.full((12, 30), 0.3), num_steps=40),
        np.random.default_rng(9).random((30, 30, 30)) < np.linspace(0, 1, 30),
        np.zeros((20, 20, 30), dtype=bool),
        np.ones((20, 20, 30), dtype=bool),
        # Rates that change in time, of samples that differ too: events of a sensor.
        np.random.default_rng(9).random((20, 20, 30))
        < np.random.default_rng(8).random((20, 1, 30)) * np.random.default_rng(7).random((20, 30)),
    ],
    ids=["Poisson", "samples alike", "independent", "silent", "always", "events"],
)
def test_trains_in_order_do_not_warn(trains: NDArray[Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pysnn.simulate(network(), spikes=trains)


def test_a_stream_of_other_samples_says_which_axis_they_are_on() -> None:
    trains = pysnn.poisson_spikes(X, num_steps=40).swapaxes(0, 1)
    with pytest.raises(ValueError, match=r"40 samples on axis 1, .* has 12; time_axis=1 reads 12"):
        pysnn.Simulation(network(), 12).run(spikes=trains)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"spikes": np.zeros((3, 2, 30)), "time_axis": 2}, ValueError, "time_axis is 2, but must"),
        ({"spikes": np.zeros((3, 2, 30)), "time_axis": "0"}, TypeError, "time_axis is a str"),
        ({"x": X, "num_steps": 3, "time_axis": 0}, ValueError, "not of x"),
        ({"spikes": np.full((3, 2, 30), "a")}, TypeError, "spikes has dtype <U1"),
    ],
)
def test_wrong_axes_and_types_are_named(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        pysnn.simulate(network(), **arguments)


def test_a_duration_in_milliseconds_warns() -> None:
    snn = network()
    with pytest.warns(UserWarning, match=r"100 s, which is 100,000 steps .* duration=0\.1, and"):
        pysnn.poisson_spikes(X[:1, :1], duration=100)
    with pytest.warns(UserWarning, match="10,000 steps"):
        pysnn.simulate(snn, X[:1], duration=10)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pysnn.simulate(snn, X[:1], duration=9.999)
        pysnn.simulate(snn, X[:1], num_steps=10_000)
        pysnn.simulate(snn, X[:1], duration=100, dt=1.0, max_rate=1.0)  # steps as the unit of time
