"""Layers made of sizes: their weights are drawn as those of the builders, by a seed they keep."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import pysnn


def test_weights_are_those_of_the_builders_with_the_same_seed() -> None:
    linear = pysnn.Linear(20, 7, seed=3)
    np.testing.assert_array_equal(linear.weight, pysnn.models.mlp((20, 7), seed=3).layers[0].weight)
    conv = pysnn.Conv2d(2, 6, 5, seed=4)
    built = pysnn.models.convnet((2, 9, 9), [6], kernel_size=5, pool=None, seed=4)
    np.testing.assert_array_equal(conv.weight, built.layers[0].weight)


@pytest.mark.parametrize(
    ("layer", "limit"),
    [
        (pysnn.Linear(300, 100, seed=0), np.sqrt(6 / 400)),
        (pysnn.Conv2d(20, 40, (3, 5), seed=0), np.sqrt(6 / (15 * 60))),
        (pysnn.Conv2d(20, 40, 3, groups=4, seed=0), np.sqrt(6 / (9 * 45))),
    ],
)
def test_weights_fill_the_range_of_their_fans(layer: Any, limit: float) -> None:
    assert 0.99 * limit < np.abs(layer.weight).max() <= np.float32(limit)
    # Uniform: a mean of 0 within 5 standard errors, and the deviation of such numbers.
    assert abs(layer.weight.mean()) < 5 * limit / np.sqrt(3 * layer.weight.size)
    assert layer.weight.std() == pytest.approx(limit / np.sqrt(3), rel=0.05)


def test_a_drawn_seed_is_kept_and_draws_the_same_again() -> None:
    first, other = pysnn.Linear(30, 20), pysnn.Linear(30, 20)
    assert first.seed is not None
    assert (first.weight != other.weight).any()
    again = pysnn.Linear(in_features=30, out_features=20, seed=first.seed)
    np.testing.assert_array_equal(first.weight, again.weight)
    for same in (copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        assert same.seed == first.seed
    assert first.with_parameters(other.weight).seed is None
    assert pysnn.Linear([[1.0]]).seed is None


def test_biases_begin_at_zero_where_they_are_asked_for() -> None:
    assert pysnn.Linear(3, 2, seed=0).bias is None
    assert pysnn.Linear(3, 2, bias=True, seed=0).bias.tolist() == [0, 0]
    assert pysnn.Conv2d(3, 2, 1, bias=True, seed=0).bias.tolist() == [0, 0]


def test_an_array_is_never_taken_for_sizes() -> None:
    assert pysnn.Linear([[3, 4]], [5]).weight.tolist() == [[3, 4]]
    assert pysnn.Linear(np.array([[3]]), np.array([4])).out_features == 1
    for scalar in (np.array(3), 3.0, True):
        with pytest.raises((TypeError, ValueError), match="weight has"):
            pysnn.Linear(scalar, 4)
    assert pysnn.Linear(np.int64(3), np.int64(4), seed=0).weight.shape == (4, 3)


def test_windows_are_set_as_with_weights() -> None:
    drawn = pysnn.Conv2d(4, 6, 3, 2, 1, 2, 2, activation="none", seed=1)
    given = pysnn.Conv2d(drawn.weight, None, 2, 1, 2, 2, activation="none")
    assert drawn.settings() == given.settings()
    named = pysnn.Conv2d(
        in_channels=4, out_channels=6, kernel_size=3, stride=2, padding=1, dilation=2, groups=2,
        activation="none", seed=1,
    )  # fmt: skip
    assert repr(named) == repr(drawn)


def test_a_network_of_random_layers_learns() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((400, 6), dtype=np.float32)
    y = (x[:, 0] > x[:, 1]).astype(int)
    layers = [pysnn.Linear(6, 20, seed=1), pysnn.Linear(20, 2, seed=2)]
    network = pysnn.Network(layers, input_shape=6)
    pysnn.train(network, x, y, epochs=10, seed=0)
    assert network.accuracy(x, y) > 0.9


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: pysnn.Linear(3), TypeError, "out_features is a NoneType"),
        (lambda: pysnn.Linear(0, 3), ValueError, "in_features is 0, but must be at least 1"),
        (lambda: pysnn.Linear(3, 2.5), TypeError, "out_features is a float"),
        (lambda: pysnn.Linear(3, 2, bias=[1, 2]), TypeError, "bias is a list, but must be a bool"),
        (lambda: pysnn.Linear(3, 2, seed=-1), ValueError, "seed is -1"),
        (lambda: pysnn.Linear(3, 2, weight=1), TypeError, "no argument 'weight' beside in_feat"),
        (lambda: pysnn.Linear([[1.0]], seed=1), TypeError, "no argument 'seed' beside weight"),
        (lambda: pysnn.Conv2d(3, 2), TypeError, "kernel_size is a NoneType"),
        (lambda: pysnn.Conv2d(3, 2, 0), ValueError, "kernel_size is 0"),
        (lambda: pysnn.Conv2d(3, 2, 3, groups=2), ValueError, "groups is 2, but must divide the 3"),
        (lambda: pysnn.Conv2d(2, 3, 3, groups=2), ValueError, "groups is 2, but must divide the 3"),
        (lambda: pysnn.Conv2d(2, 3, 3, strid=2), TypeError, "no argument 'strid' beside in_chan"),
    ],
)
def test_bad_sizes_are_named(call: Any, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        call()
