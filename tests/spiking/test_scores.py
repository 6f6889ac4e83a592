"""Final accuracy, accuracy among several classes, confusion, and labels as one-hot rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pysnn

RNG = np.random.default_rng(4)
NETWORK = pysnn.Network(
    [pysnn.Linear(RNG.normal(size=(7, 5))), pysnn.Linear(RNG.normal(size=(4, 7)))], input_shape=5
)
X = RNG.random((60, 5))
Y = RNG.integers(0, 4, 60)
SPIKING = pysnn.convert(NETWORK, method="model")
READOUT = pysnn.convert(NETWORK, recipe="robust", x=X, readout="potential")
RESULTS = {
    "spikes": pysnn.simulate(SPIKING, X, num_steps=25),
    "readout": pysnn.simulate(READOUT, X, num_steps=25),
    "totals": pysnn.simulate(SPIKING, X, num_steps=25, keep_trains=False, y=Y),
}


@pytest.fixture(params=list(RESULTS))
def result(request: pytest.FixtureRequest) -> pysnn.SimulationResult:
    return RESULTS[request.param]


def test_the_score_is_the_last_accuracy(result: pysnn.SimulationResult) -> None:
    expected = (result.predictions == Y).mean()
    assert result.score(Y) == expected
    assert isinstance(result.score(Y), float)
    if result.has_trains:
        assert result.score(Y) == result.accuracy(Y)[-1]


def test_labels_that_simulate_was_given_are_scored() -> None:
    result = RESULTS["totals"]
    assert result.score() == result.accuracy()[-1] == result.score(Y)


def test_top_k_is_membership_in_a_stable_sort(result: pysnn.SimulationResult) -> None:
    values = result.outputs if result.has_readout else result.spike_counts
    order = np.argsort(-values.astype(float), axis=1, kind="stable")
    for k in range(1, 5):
        expected = np.mean([label in row[:k] for label, row in zip(Y, order, strict=True)])
        assert result.score(Y, top_k=k) == pytest.approx(expected, abs=1e-12)
    assert result.score(Y, top_k=4) == 1


def test_ties_go_to_the_lowest_class() -> None:
    snn = pysnn.SpikingNetwork(1)
    snn.add_population("output", 3)
    snn.connect("input", "output", pysnn.Linear([[0.5], [0.5], [0.5]]))
    result = pysnn.simulate(snn, [[1.0]], num_steps=8)
    assert result.spike_counts.tolist() == [[4, 4, 4]]
    assert [result.score([2], top_k=k) for k in (1, 2, 3)] == [0, 0, 1]
    assert [result.score([1], top_k=k) for k in (1, 2, 3)] == [0, 1, 1]


def test_the_confusion_matrix_counts_every_sample_once(result: pysnn.SimulationResult) -> None:
    matrix = result.confusion_matrix(Y)
    for label in range(4):
        for prediction in range(4):
            both = (label == Y) & (result.predictions == prediction)
            assert matrix[label, prediction] == both.sum()
    assert np.trace(matrix) / len(Y) == pytest.approx(result.score(Y))


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32, np.float64])
def test_one_hot_rows_are_labels(dtype: type) -> None:
    rows = np.eye(4, dtype=dtype)[Y]
    result = RESULTS["spikes"]
    np.testing.assert_array_equal(result.accuracy(rows), result.accuracy(Y))
    assert NETWORK.accuracy(X, rows) == NETWORK.accuracy(X, Y)
    counted = pysnn.simulate(SPIKING, X, num_steps=25, y=rows, batch_size=7)
    np.testing.assert_array_equal(counted.accuracy(), result.accuracy(Y))
    spikes = {"num_steps": 5, "progress": False}
    assert str(pysnn.diagnose(NETWORK, SPIKING, X[:20], y=rows[:20], **spikes)) == str(
        pysnn.diagnose(NETWORK, SPIKING, X[:20], y=Y[:20], **spikes)
    )


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 59), st.integers(0, 3), st.sampled_from([0.5, 2.0, -1.0, np.nan, 1.0]))
def test_rows_that_are_not_one_hot_are_named(row: int, column: int, value: float) -> None:
    rows = np.eye(4)[Y]
    rows[row, column] = value
    if value == 1 and column == Y[row]:
        RESULTS["spikes"].score(rows)
        return
    with pytest.raises(ValueError, match=rf"y\[{row}\] is .*, but must be one-hot"):
        RESULTS["spikes"].score(rows)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"y": np.eye(5)[Y]}, ValueError, r"y has shape \(60, 5\), but must be \(60,\), or "),
        ({"y": np.zeros((60, 4))}, ValueError, r"y\[0\] is .*one-hot"),
        ({"y": Y / 2}, TypeError, "y has dtype float64"),
        ({"y": Y[:3]}, ValueError, r"y has shape \(3,\)"),
        ({"y": Y, "top_k": 0}, ValueError, "top_k is 0"),
        ({"y": Y, "top_k": 5}, ValueError, "top_k is 5, but must be at most 4 classes"),
        ({"y": Y, "top_k": 1.5}, TypeError, "top_k is a float"),
        ({"y": None}, ValueError, "y is None"),
        ({"y": None, "top_k": 2}, ValueError, "y is None, but must be labels, as top_k is 2"),
    ],
)
def test_bad_arguments_of_score(arguments: dict, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        RESULTS["spikes"].score(**arguments)


def test_no_sample_has_no_score() -> None:
    empty = pysnn.simulate(SPIKING, np.zeros((0, 5)), num_steps=3)
    for call in (empty.score, empty.confusion_matrix):
        with pytest.raises(ValueError, match="no samples"):
            call(np.zeros(0, dtype=int))
