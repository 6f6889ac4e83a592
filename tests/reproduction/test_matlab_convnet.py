"""The experiment on the authors' own network: what it does is what a user would do by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

import pysnn
from pysnn.reproduction import matlab_convnet

pytest.importorskip("scipy", reason="scipy is not installed")

import matlab_files as matlab


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file with a small network."""
    return matlab.write(tmp_path / "net.mat", cnn=matlab.convolutional_struct([2, 3], 3, 2, 27, 4))


def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    return rng.random((12, 1, 18, 18), dtype=np.float32), rng.integers(0, 4, 12)


def run(path: Path, **options) -> matlab_convnet.MatlabConvnetResult:
    x, y = data()
    arguments = {"duration": 0.03, "progress": False, **options}
    return matlab_convnet.run(path, x, y, x[:6], **arguments)


def test_every_case_is_the_conversion_and_simulation_by_hand(path: Path):
    x, y = data()
    network = pysnn.from_matlab(path)
    result = run(path, seed=3, unnormalized_max_rate=300)
    assert result.num_correct == np.count_nonzero(network.classify(x) == y)
    names = [case.normalization for case in result.cases]
    assert names == ["none", "model", "model_hidden", "data"]
    for case, options, rate in zip(
        result.cases,
        (
            {"method": "none"},
            {"method": "model"},
            {"method": "model", "include_last": False},
            {"method": "data", "x": x[:6]},
        ),
        (300, 1000, 1000, 1000),
        strict=True,
    ):
        snn = pysnn.convert(network, **options)
        simulated = pysnn.simulate(snn, x, duration=0.03, max_rate=rate, seed=3)
        np.testing.assert_array_equal(case.curve.mean, simulated.accuracy(y))
        assert case.mean_synaptic_operations == simulated.synaptic_operations.sum() / 12
        assert case.mean_spikes == simulated.num_spikes.sum() / 12
        assert case.max_rate == rate


def test_positive_sums_are_those_of_the_weights(path: Path):
    network = pysnn.from_matlab(path)
    expected = [
        np.maximum(layer.weight, 0).reshape(len(layer.weight), -1).sum(axis=1).max()
        for layer in network.layers
        if not isinstance(layer, pysnn.AvgPool2d)
    ]
    sums = run(path).positive_sums
    assert list(sums) == ["conv1", "conv2", "linear1"]
    np.testing.assert_allclose(list(sums.values()), expected, rtol=1e-6)


def test_the_result_is_a_table_and_json(path: Path):
    result = run(path)
    assert f"{result.num_correct} of 12 right" in str(result)
    assert "99.10% as a spiking network" in str(result)
    values = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert values["num_correct"] == result.num_correct
    assert len(values["cases"][0]["accuracy_after_each_step"]) == 30


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"max_rate": 1001.0}, "max_rate * dt is 1.001"),
        ({"unnormalized_max_rate": 0.0}, "unnormalized_max_rate is 0"),
        ({"dt": 0.0}, "dt is 0"),
        ({"duration": 0.0}, "duration"),
        ({"seed": -1}, "seed is -1"),
        ({"num_threads": 0}, "num_threads is 0"),
    ],
)
def test_bad_arguments_are_named(path: Path, options, words: str):
    with pytest.raises(ValueError, match=re.escape(words)):
        run(path, **options)
