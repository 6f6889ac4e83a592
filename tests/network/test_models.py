"""Builders: shapes, initial weights, seeds."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from pysnn import models
from pysnn.network import Network
from pysnn.nodes import Conv2d, Linear, WeightedNode


def weighted(network: Network) -> list[WeightedNode]:
    return [layer for layer in network.layers if isinstance(layer, WeightedNode)]


def test_fcn_has_the_papers_shape() -> None:
    network = models.diehl2015_fcn()
    assert network.input_shape == (784,)
    assert network.layer_shapes == ((1200,), (1200,), (10,))
    assert all(layer.bias is None and layer.activation == "relu" for layer in weighted(network))
    assert network.predict(np.zeros((2, 1, 28, 28), dtype=np.float32)).shape == (2, 10)


def test_fcn_weights_start_uniform_within_a_hundredth() -> None:
    for layer in weighted(models.diehl2015_fcn(seed=3)):
        assert np.abs(layer.weight).max() <= np.float32(0.01)
        # A standard deviation of 0.01 / sqrt(3), here with 12,000 draws or more.
        assert layer.weight.std() == pytest.approx(0.01 / math.sqrt(3), rel=0.02)


def test_convnet_has_the_papers_shape() -> None:
    network = models.diehl2015_convnet()
    assert network.input_shape == (1, 28, 28)
    assert network.layer_names == ("conv1", "pool1", "conv2", "pool2", "linear1")
    assert network.layer_shapes == ((12, 24, 24), (12, 12, 12), (64, 8, 8), (64, 4, 4), (10,))
    assert all(layer.bias is None and layer.activation == "relu" for layer in weighted(network))


def test_convnet_weights_start_within_glorots_range() -> None:
    for layer in weighted(models.diehl2015_convnet(seed=1)):
        num_outputs, num_inputs, *kernel = layer.weight.shape
        limit = math.sqrt(6 / (math.prod(kernel) * (num_outputs + num_inputs)))
        assert 0.9 * limit < np.abs(layer.weight).max() <= np.float32(limit)


@pytest.mark.parametrize("build", [models.diehl2015_fcn, models.diehl2015_convnet])
def test_seed_decides_the_weights(build: Callable[[int], Network]) -> None:
    assert build(1) == build(1)
    assert build(1) != build(2)


def test_builders_leave_numpys_global_generator_alone() -> None:
    before = np.random.get_state(legacy=False)  # noqa: NPY002
    models.mlp([3, 2])
    models.convnet((1, 6, 6), [2])
    after = np.random.get_state(legacy=False)  # noqa: NPY002
    np.testing.assert_equal(after, before)


def test_mlp_chains_any_sizes() -> None:
    network = models.mlp([7, 5, 4, 3], bias=True, seed=2)
    assert network.layer_shapes == ((5,), (4,), (3,))
    for layer in weighted(network):
        assert layer.bias is not None
        np.testing.assert_array_equal(layer.bias, 0)


def test_convnet_chains_any_image() -> None:
    network = models.convnet(
        (3, 9, 7), [4, 5], kernel_size=(2, 3), pool=None, padding=(0, 1), num_classes=6, bias=True
    )
    assert network.layer_shapes == ((4, 8, 7), (5, 7, 7), (6,))
    first, _, last = network.layers
    assert isinstance(first, Conv2d)
    assert first.padding == (0, 1)
    assert isinstance(last, Linear)
    assert last.in_features == 5 * 7 * 7


def test_notation_gives_the_builders_networks() -> None:
    assert models.from_notation("784-30-10o", seed=2) == models.mlp((784, 30, 10), seed=2)
    image_net = models.convnet((3, 8, 12), (4, 5), kernel_size=3, padding=1, bias=True, seed=1)
    assert models.from_notation("3x8x12-4c3p1-2s-5c3p1-2s-10o", bias=True, seed=1) == image_net
    assert models.from_notation("28x28-12c5-2s-64c5-2s-10o").input_shape == (1, 28, 28)
