"""Gradients against central differences in float64, for every layer kind and loss."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from pysnn.network import Network
from pysnn.nodes import AvgPool2d, Conv2d, Flatten, Linear, Node, ReLU
from pysnn.training.backprop import Backpropagation
from pysnn.training.losses import LOSSES

RNG = np.random.default_rng(0)
STEP = 1e-6


def normal(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape)


NETWORKS: dict[str, tuple[Sequence[Node], tuple[int, ...]]] = {
    "linear": ([Linear(normal(3, 5))], (5,)),
    "linear with bias": ([Linear(normal(3, 5), normal(3))], (5,)),
    "linear, outputs without ReLU": ([Linear(normal(3, 5), normal(3), activation="none")], (5,)),
    "hidden linear": ([Linear(normal(6, 5), normal(6)), Linear(normal(3, 6))], (5,)),
    "hidden linear without ReLU": (
        [Linear(normal(6, 5), activation="none"), Linear(normal(3, 6), normal(3))],
        (5,),
    ),
    "conv": ([Conv2d(normal(2, 3, 2, 2)), Linear(normal(3, 18))], (3, 4, 4)),
    "hidden conv": (
        [Conv2d(normal(2, 1, 2, 2)), Conv2d(normal(3, 2, 2, 3)), Linear(normal(3, 18))],
        (1, 4, 6),
    ),
    "conv with bias, stride and padding": (
        [
            Conv2d(normal(2, 1, 3, 2), normal(2), padding=(1, 2)),
            Conv2d(normal(4, 2, 2, 3), normal(4), stride=(2, 3), padding=(2, 1)),
            Flatten(),
            Linear(normal(3, 48)),
        ],
        (1, 5, 5),
    ),
    "dilated conv": (
        [
            Conv2d(normal(2, 1, 2, 2), normal(2), dilation=2),
            Conv2d(normal(3, 2, 2, 3), stride=(2, 1), padding=(1, 2), dilation=(3, 2)),
            Linear(normal(3, 18)),
        ],
        (1, 6, 5),
    ),
    "conv that leaves a border out": (
        [Conv2d(normal(2, 1, 1, 1)), Conv2d(normal(2, 2, 2, 2), stride=3), Linear(normal(3, 8))],
        (1, 6, 7),
    ),
    "pool": (
        [Conv2d(normal(2, 1, 2, 2)), AvgPool2d(2), Linear(normal(3, 8))],
        (1, 5, 5),
    ),
    "overlapping pool": (
        [Conv2d(normal(2, 1, 2, 2)), AvgPool2d((3, 2), stride=(1, 2)), Linear(normal(3, 8))],
        (1, 5, 5),
    ),
    "pool with gaps": (
        [Conv2d(normal(2, 1, 1, 1)), AvgPool2d((1, 2), stride=(2, 3)), Linear(normal(3, 12))],
        (1, 5, 5),
    ),
    "pool and flatten before the first weights": (
        [AvgPool2d(2), Flatten(), Linear(normal(3, 4))],
        (1, 4, 4),
    ),
    "conv as output": (
        [Conv2d(normal(2, 1, 3, 3)), Conv2d(normal(3, 2, 2, 2), normal(3)), Flatten()],
        (1, 4, 4),
    ),
    "ReLUs as nodes": (
        [Conv2d(normal(2, 1, 2, 2)), AvgPool2d(2), ReLU(), Linear(normal(3, 8)), ReLU()],
        (1, 5, 5),
    ),
    "clipped ReLU": ([Linear(normal(6, 5)), ReLU(max=1.5), Linear(normal(3, 6))], (5,)),
}


@pytest.mark.parametrize("loss", list(LOSSES))
@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("name", list(NETWORKS))
def test_gradient_equals_the_slope_of_the_loss(name: str, dropout: float, loss: str) -> None:
    layers, input_shape = NETWORKS[name]
    network = Network(layers, input_shape)
    num_hidden = sum(layer.num_parameters > 0 for layer in layers) - 1
    backprop = Backpropagation(network, LOSSES[loss], [dropout] * num_hidden, np.float64)
    rng = np.random.default_rng(7)
    x = rng.normal(size=(*input_shape, 6))
    labels = rng.integers(0, 3, 6)
    masks = backprop.draw_masks(rng, 6)
    backprop.run(x, labels, masks)
    gradients = [gradient.copy() for gradient in backprop.gradients]
    for parameter, gradient in zip(backprop.parameters, gradients, strict=True):
        slopes = np.empty_like(parameter)
        for index in np.ndindex(*parameter.shape):
            centre = parameter[index]
            losses = []
            for value in (centre - STEP, centre + STEP):
                parameter[index] = value
                losses.append(backprop.run(x, labels, masks)[0])
            parameter[index] = centre
            slopes[index] = (losses[1] - losses[0]) / (2 * STEP)
        np.testing.assert_allclose(gradient, slopes, rtol=1e-5, atol=1e-7)
        assert np.abs(gradient).max() > 1e-3


def test_half_squared_error_has_the_papers_gradient() -> None:
    sums = np.array([[-2.0, 0.5], [0.25, -1.0]])
    loss, delta = LOSSES["half_squared_error"](sums, np.array([0, 0]), True)
    np.testing.assert_array_equal(delta, [[-1.0, -0.5], [0.25, 0.0]])
    # (0 - 1)^2 / 2 + 2 for the silent right output, 0.25^2 / 2, and 0.5^2 / 2.
    assert loss == 0.5 + 2 + 0.03125 + 0.125


def test_cross_entropy_of_equal_sums_is_the_log_of_the_classes() -> None:
    loss, delta = LOSSES["softmax_cross_entropy"](np.full((4, 2), 1e4), np.array([0, 3]), True)
    assert loss == pytest.approx(2 * np.log(4))
    np.testing.assert_allclose(delta.sum(axis=0), 0, atol=1e-12)


def test_float32_uses_the_networks_own_arrays() -> None:
    network = Network([Linear([[1.0]]), Linear([[1.0]])], input_shape=1)
    backprop = Backpropagation(network, LOSSES["half_squared_error"], [0.0])
    backprop.parameters[0][0, 0] = 3
    np.testing.assert_array_equal(network.predict([[1.0]]), [[3.0]])


def test_dropout_silences_units_of_linear_and_maps_of_conv_layers() -> None:
    layers = [Conv2d(normal(40, 1, 2, 2)), Linear(normal(500, 360)), Linear(normal(2, 500))]
    network = Network(layers, input_shape=(1, 4, 4))
    backprop = Backpropagation(network, LOSSES["half_squared_error"], [0.25, 0.5])
    masks = backprop.draw_masks(np.random.default_rng(3), 100)
    assert {i: mask.shape for i, mask in masks.items()} == {0: (40, 1, 1, 100), 1: (500, 100)}
    for i, fraction in ((0, 0.25), (1, 0.5)):
        values, counts = np.unique(masks[i], return_counts=True)
        np.testing.assert_allclose(values, [0, 1 / (1 - fraction)], rtol=1e-6)
        # Five standard deviations of the binomial count: one false alarm in 1.7 million seeds.
        n = masks[i].size
        spread = 5 * np.sqrt(n * fraction * (1 - fraction))
        assert abs(counts[0] - n * fraction) < spread


def test_no_dropout_draws_no_random_numbers() -> None:
    network = Network([Linear(normal(4, 2)), Linear(normal(2, 4))], input_shape=2)
    backprop = Backpropagation(network, LOSSES["half_squared_error"], [0.0])
    rng = np.random.default_rng(0)
    assert backprop.draw_masks(rng, 10) == {}
    assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state
