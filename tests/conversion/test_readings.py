"""What samples tell of populations equals a plain NumPy computation, bit for bit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from conversion.reference_readings import ReferenceReadings
from numpy.typing import NDArray
from random_graphs import random_graph
from residual import residual

import pysnn
from pysnn.conversion.folding import FoldedNetwork, fold_graph
from pysnn.conversion.scales import Per, ScaleSettings
from pysnn.conversion.scales.readings import Readings

RNG = np.random.default_rng(5)
X = RNG.random((150, 3, 8, 8)).astype(np.float32)
PERS: tuple[Per, ...] = ("layer", "channel")


def settings(x: NDArray[np.float32], per: Per = "channel", **changes: Any) -> ScaleSettings:
    plain = ScaleSettings(
        x=x,
        variant="correct",
        include_last=True,
        batch_size=1000,
        num_threads=1,
        progress=False,
        per=per,
    )
    return replace(plain, **changes)


def chain() -> pysnn.Network:
    """Return a chain whose nodes have ReLUs of their own, a max pool before a ReLU, a clipped one
    and a value that may be negative between two weighted nodes."""
    rng = np.random.default_rng(2)
    network = pysnn.Network(input_shape=(3, 8, 8))
    network.add("conv1", pysnn.Conv2d(rng.normal(0.1, 0.4, (5, 3, 3, 3)), activation="relu"))
    network.add("conv2", pysnn.Conv2d(rng.normal(0, 0.4, (4, 5, 1, 1)), activation="none"))
    network.add("pool", pysnn.MaxPool2d(2)).add("relu", pysnn.ReLU(max=0.8))
    network.add("flatten", pysnn.Flatten())
    network.add("fc1", pysnn.Linear(rng.normal(0, 0.4, (6, 36)), activation="none"))
    return network.add("fc2", pysnn.Linear(rng.normal(0, 1, (3, 6)), activation="none"))


NETWORKS = {"residual": residual(), "chain": chain()}


def both(
    network: pysnn.Network, per: Per, x: NDArray[np.float32] = X
) -> tuple[Readings, ReferenceReadings, FoldedNetwork]:
    folded = fold_graph(network.graph)
    return (
        Readings(network, folded, settings(x, per)),
        ReferenceReadings(network, folded, x, per),
        folded,
    )


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("per", PERS)
@pytest.mark.parametrize("percentile", [0.01, 50.0, 99.9, 100.0])
def test_percentiles_are_values_of_the_sorted_whole(name: str, per: Per, percentile: float) -> None:
    readings, reference, _ = both(NETWORKS[name], per)
    assert_same(readings.percentiles(percentile), reference.percentiles(percentile))


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("per", PERS)
def test_largest_values_are_those_of_the_whole(name: str, per: Per) -> None:
    readings, reference, _ = both(NETWORKS[name], per)
    expected = {key: rows.max(axis=(1, 2)) for key, rows in reference.values().items()}
    assert_same(readings.largest(), expected)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("per", PERS)
def test_means_and_variances_are_sums_in_a_fixed_order(name: str, per: Per) -> None:
    readings, reference, _ = both(NETWORKS[name], per)
    assert_same(readings.moments(readings.populations), reference.moments())


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("per", PERS)
@pytest.mark.parametrize("shift", [0.0, 0.5, 1.0, -0.5])
def test_squared_errors_are_sums_in_a_fixed_order(name: str, per: Per, shift: float) -> None:
    readings, reference, _ = both(NETWORKS[name], per)
    # As many candidates as fill no vector.
    scales = {
        key: np.where(each > 0, each, 1.0)[:, np.newaxis] * np.array([1.0, 0.83, 0.3])
        for key, each in readings.largest().items()
    }
    shifts = dict.fromkeys(scales, shift)
    assert_same(
        readings.squared_errors(scales, 7, shifts), reference.squared_errors(scales, 7, shifts)
    )


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("per", PERS)
@pytest.mark.parametrize("num_samples", [30, 150])
def test_balanced_thresholds_are_those_of_plain_loops(
    name: str, per: Per, num_samples: int
) -> None:
    readings, reference, _ = both(NETWORKS[name], per, X[:num_samples])
    # The second batch of 150 samples goes on with the first ones.
    assert_same(readings.balanced(3), reference.balanced(3))


@pytest.mark.parametrize("seed", range(6))
def test_readings_of_random_graphs_are_those_of_plain_loops(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = random_graph(seed)
    x = rng.random((70, *network.input_shape), dtype=np.float32)
    readings, reference, _ = both(network, "channel", x)
    assert_same(readings.percentiles(99.0), reference.percentiles(99.0))
    assert_same(readings.moments(readings.populations), reference.moments())
    assert_same(readings.balanced(2), reference.balanced(2))


def test_readings_do_not_depend_on_threads_or_batches() -> None:
    network = residual()
    folded = fold_graph(network.graph)
    shown = []
    for num_threads, batch_size in ((1, 1000), (3, 1000), (2, 5)):
        own = settings(X, num_threads=num_threads, batch_size=batch_size)
        readings = Readings(network, folded, own)
        shifts = {each.name: 0.5 for each in readings.populations}
        scales = {
            each.name: np.full((readings.num_channels(each), 2), 0.7)
            for each in readings.populations
        }
        shown.append(
            [
                readings.percentiles(99.0),
                readings.moments(readings.populations),
                readings.squared_errors(scales, 8, shifts),
                readings.balanced(2),
            ]
        )
    for other in shown[1:]:
        for first, second in zip(shown[0], other, strict=True):
            assert_same(first, second)


def test_an_overflow_names_the_node_and_the_sample() -> None:
    network = pysnn.Network(input_shape=1)
    for name in ("first", "second"):
        network.add(name, pysnn.Linear([[3e38]], activation="relu"))
    x = np.zeros((70, 1), dtype=np.float32)
    x[66] = 1.0
    readings, _, _ = both(network, "layer", x)
    for reduce in (lambda: readings.percentiles(99.0), lambda: readings.balanced(1)):
        with pytest.raises(ValueError, match="'second': its sum for sample 66 of x overflows"):
            reduce()
