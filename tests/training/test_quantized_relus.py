"""ReLUs in steps: values, gradients against their definition, and training that learns them."""

from __future__ import annotations

import numpy as np
import pytest

import pysnn
from pysnn import models
from pysnn.network import Network
from pysnn.nodes import Flatten, Linear, ReLU
from pysnn.training.backprop import Backpropagation
from pysnn.training.losses import LOSSES
from pysnn.training.node_ops import make_ops
from pysnn.training.relu_ops import QuantizedReluOp
from tests.training.test_training import X, Y

Z = np.random.default_rng(2).normal(0.5, 1.5, (6, 40))
STEP = 1e-6


def op(ceiling: float, levels: int, dtype: type = np.float64) -> QuantizedReluOp:
    return QuantizedReluOp(ReLU(ceiling, levels), (6,), dtype)


@pytest.mark.parametrize(("ceiling", "levels"), [(0.7, 1), (1.0, 4), (2.3, 5), (1.7, 8)])
def test_forward_is_that_of_the_network_to_the_bit(ceiling: float, levels: int) -> None:
    network = Network([ReLU(ceiling, levels)], input_shape=6)
    # Steps and the halves between them, where a rounding shows.
    x = np.concatenate([Z, np.arange(-6, 6 * levels).reshape(6, -1) * ceiling / levels / 4], axis=1)
    x = np.ascontiguousarray(x, dtype=np.float32)
    (forward,) = make_ops(network.layers, (6,))
    np.testing.assert_array_equal(forward.forward(x).T, network.predict(x.T))


def test_forward_is_the_nearest_step() -> None:
    x = np.array([-1.0, 0.1, 0.125, 0.3, 0.375, 0.874, 0.876, 3.0])
    expected = [0.0, 0.0, 0.25, 0.25, 0.5, 0.75, 1.0, 1.0]
    np.testing.assert_array_equal(op(1.0, 4).forward(x), expected)


def frozen_floor(z: np.ndarray, ceiling: float, levels: int) -> np.ndarray:
    """Return what is lost by floor, which the gradients of the paper take as constant."""
    places = z * levels / ceiling + 0.5
    return np.floor(places) - places


def smooth(z: np.ndarray, ceiling: float, levels: int, lost: np.ndarray) -> np.ndarray:
    places = z * levels / ceiling + 0.5
    inside = (places > 0) & (places < levels)
    steps = np.where(inside, places + lost, np.clip(places, 0, levels))
    return ceiling / levels * steps


@pytest.mark.parametrize("levels", [1, 4, 8])
def test_gradients_are_slopes_where_floor_has_the_slope_of_1(levels: int) -> None:
    ceiling, delta = 1.25, np.random.default_rng(3).normal(size=Z.shape)
    tried = op(ceiling, levels)
    tried.forward(Z)
    by_input = tried.backward(delta.copy(), to_input=True)
    lost = frozen_floor(Z, ceiling, levels)

    def loss(z: np.ndarray, at: float) -> np.ndarray:
        return delta * smooth(z, at, levels, lost)

    slopes = (loss(Z + STEP, ceiling) - loss(Z - STEP, ceiling)) / (2 * STEP)
    np.testing.assert_allclose(by_input, slopes, atol=1e-6)
    slope = (loss(Z, ceiling + STEP) - loss(Z, ceiling - STEP)).sum() / (2 * STEP)
    np.testing.assert_allclose(tried.gradients[0], [slope], rtol=1e-5)
    assert abs(slope) > 0.1


def test_dropout_stands_behind_the_steps() -> None:
    network = models.quantized(models.mlp([5, 6, 3]), levels=4)
    backprop = Backpropagation(network, LOSSES["softmax_cross_entropy"], [0.5], np.float64)
    masks = backprop.draw_masks(np.random.default_rng(0), 4)
    assert list(masks) == [1]
    x = np.ones((5, 4))
    backprop.run(x, np.zeros(4, dtype=np.int64), {})
    whole = backprop.gradients[1].copy()
    backprop.run(x, np.zeros(4, dtype=np.int64), {1: np.zeros((6, 4))})
    assert whole.any()
    assert not backprop.gradients[1].any()


def test_training_learns_weights_and_ceilings() -> None:
    network = models.quantized(
        models.convnet((1, 6, 6), [4], kernel_size=3, num_classes=3, bias=True), 4, largest=0.5
    )
    before = network.copy()
    pysnn.train(network, X, Y, epochs=8, batch_size=20, learning_rate=0.05, momentum=0.5,
                dropout=0.1, loss="softmax_cross_entropy", validation_split=100)  # fmt: skip
    relu = network.layers[1]
    assert isinstance(relu, ReLU)
    assert relu.levels == 4
    assert relu.max is not None
    assert abs(relu.max - 0.5) > 0.01
    assert network.accuracy(X[500:], Y[500:]) > max(0.95, before.accuracy(X[500:], Y[500:]))


def test_a_largest_output_without_levels_stays() -> None:
    weights = np.random.default_rng(3).uniform(-0.4, 0.4, (2, 8, 36))
    layers = [Linear(weights[0]), ReLU(0.3), Linear(weights[1, :3, :8])]
    network = Network(layers, input_shape=(1, 6, 6))
    pysnn.train(network, X, Y, epochs=5)
    assert network.layers[1] == ReLU(0.3)


def test_relus_as_nodes_train_as_those_that_are_implied() -> None:
    implied = models.mlp([36, 10, 3])
    first, last = (layer for layer in implied.copy().layers)
    explicit = Network([Flatten(), first, ReLU(), last, ReLU()], input_shape=36)
    for network in (implied, explicit):
        pysnn.train(network, X.reshape(-1, 36), Y, epochs=2, dropout=0.2, learning_rate=0.1)
    x = X.reshape(-1, 36)
    np.testing.assert_array_equal(explicit.predict(x), implied.predict(x))


def test_a_ceiling_that_falls_to_0_ends_the_training() -> None:
    network = models.quantized(models.mlp([36, 10, 3]), levels=4)
    before = network.copy()
    with pytest.raises(FloatingPointError, match="largest output of a ReLU fell to 0 in epoch 1"):
        pysnn.train(network, X, Y, epochs=1, learning_rate=30.0, momentum=0.0)
    assert network == before


def test_quantized_networks_have_levels_in_hidden_layers_and_linear_outputs() -> None:
    network = models.diehl2015_convnet(seed=2)
    found = models.quantized(network, levels=8, largest=[2.0, 3.0])
    assert [str(layer) for layer in found.layers if isinstance(layer, ReLU)] == [
        "ReLU(max=2.0, levels=8)",
        "ReLU(max=3.0, levels=8)",
    ]
    assert found.layer_names == ("conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "linear1")
    assert network == models.diehl2015_convnet(seed=2)
    first = network.layers[0]
    assert first.arrays()["weight"] is not found.layers[0].arrays()["weight"]
    assert found.predict(np.random.default_rng(0).random((9, 28, 28))).min() < 0
