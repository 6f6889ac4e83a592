"""Training without settings learns; where it does not, it says so and names a remedy."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable

import numpy as np
import pytest

import pysnn
from pysnn import models
from pysnn.datasets import Mnist
from pysnn.network import Network
from pysnn.nodes import Linear
from pysnn.training import DESCENTS, TrainingWarning, train
from pysnn.training.recipes import CONVNET_RECIPE, FCN_RECIPE, Recipe

IMAGE = (1, 28, 28)


@pytest.mark.parametrize(
    ("build", "least"),
    [
        (lambda seed: models.mlp([784, 10], seed=seed), 0.8),
        (lambda seed: models.mlp([784, 100, 10], seed=seed), 0.8),
        (lambda seed: models.mlp([784, 64, 64, 64, 64, 10], bias=True, seed=seed), 0.8),
        (lambda seed: models.convnet(IMAGE, [8], kernel_size=3, seed=seed), 0.8),
        (lambda seed: models.convnet(IMAGE, [4, 8], padding=2, bias=True, seed=seed), 0.8),
    ],
    ids=["linear", "mlp", "deep", "convnet", "deep convnet"],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_defaults_train_what_the_builders_build(
    build: Callable[[int], Network], least: float, seed: int, mnist: Mnist
) -> None:
    network = build(seed)
    train(network, mnist.x_train[:2000], mnist.y_train[:2000], epochs=8, seed=seed)
    assert network.accuracy(mnist.x_test[:2000], mnist.y_test[:2000]) > least


def test_the_papers_recipe_is_what_train_did_without_settings() -> None:
    x, y = np.random.default_rng(5).random((150, 16)), np.arange(150) % 3
    by_name, by_hand = models.mlp([16, 8, 3]), models.mlp([16, 8, 3])
    train(by_name, x, y, recipe="diehl2015", epochs=2)
    train(by_hand, x, y, epochs=2, batch_size=100, learning_rate=1.0, momentum=0.5, dropout=0.5,
          loss="half_squared_error", max_gradient_norm=math.inf)  # fmt: skip
    assert by_name == by_hand
    assert DESCENTS["diehl2015"].epochs == 15


@pytest.mark.parametrize("recipe", [FCN_RECIPE, CONVNET_RECIPE])
def test_recipes_of_reproduce_have_a_name(recipe: Recipe) -> None:
    name = recipe.builder.__name__
    rng = np.random.default_rng(6)
    x, y = rng.random((60, *IMAGE), dtype=np.float32), rng.integers(0, 10, 60)
    by_name, by_recipe = recipe.build(1), recipe.build(1)
    train(by_name, x[:40], y[:40], recipe=name, seed=2)
    recipe.train(by_recipe, x, y, validation_split=20, seed=2)
    assert by_name == by_recipe


def test_every_keyword_overrides_the_recipe() -> None:
    fields = set(vars(DESCENTS["default"])) - {"schedule"}
    assert fields < set(inspect.signature(train).parameters)


@pytest.mark.parametrize(("norm", "factor"), [(math.inf, 1.0), (1.0, 1.0), (0.125, 0.25)])
def test_gradients_are_scaled_down_to_the_largest_norm(norm: float, factor: float) -> None:
    network = Network([Linear([[0.0], [0.0]])], 1)
    train(network, [[0.5]], [0], recipe="diehl2015", epochs=1, momentum=0.0, max_gradient_norm=norm)
    # Of the class alone: (0 - 1) 0.5.
    np.testing.assert_array_equal(network.layers[0].weight, [[0.5 * factor], [0.0]])  # type: ignore[union-attr]


def test_bright_images_do_not_kill_the_network(mnist: Mnist) -> None:
    network = models.mlp([784, 100, 10])
    train(network, 1 - mnist.x_train[:2000], mnist.y_train[:2000], epochs=8)
    assert network.accuracy(1 - mnist.x_test[:2000], mnist.y_test[:2000]) > 0.75


def test_a_rate_that_is_too_large_warns_and_names_a_remedy(mnist: Mnist) -> None:
    network = models.mlp([784, 32, 10])
    with pytest.warns(TrainingWarning, match=r"training failed: .*another learning_rate than 100"):
        train(network, mnist.x_train[:1000], mnist.y_train[:1000], epochs=1, learning_rate=100)


def test_a_rate_that_is_too_small_warns_and_names_a_remedy(mnist: Mnist) -> None:
    network = models.mlp([784, 32, 10])
    with pytest.warns(TrainingWarning, match=r"most frequent class.*more epochs where it hardly"):
        train(network, mnist.x_train[:1000], mnist.y_train[:1000], epochs=1, learning_rate=1e-5)


def test_a_network_that_is_dead_ends_the_training() -> None:
    network = Network([Linear(-np.ones((4, 6))), Linear(-np.ones((3, 4)))], 6)
    x, y = np.ones((40, 6)), np.arange(40) % 3
    with pytest.raises(FloatingPointError, match=r"training died: no weight has a gradient in ep"):
        train(network, x, y, epochs=3)


def test_one_class_alone_is_learned_without_a_warning() -> None:
    train(models.mlp([4, 2]), np.ones((300, 4)), np.zeros(300, dtype=int), epochs=1)


def test_the_network_is_as_trained_where_training_warns(mnist: Mnist) -> None:
    network, start = models.mlp([784, 32, 10]), models.mlp([784, 32, 10])
    with pytest.warns(TrainingWarning):
        train(network, mnist.x_train[:1000], mnist.y_train[:1000], epochs=1, learning_rate=1e-5)
    assert network != start


@pytest.mark.parametrize("largest", [17.0, 255.0, 65535.0])
def test_floats_of_pixels_are_refused_before_any_work(largest: float) -> None:
    x, y = np.random.default_rng(7).random((50, 4)) * largest, np.arange(50) % 2
    x[0, 0] = largest
    network = models.mlp([4, 2])
    with pytest.raises(ValueError, match=rf"x has numbers from 0 to {largest:g}, but .* scale="):
        train(network, x, y)
    assert network == models.mlp([4, 2])
    train(network, x, y, scale=1 / largest, epochs=1)


def test_standardized_samples_are_taken() -> None:
    x = np.random.default_rng(8).normal(size=(50, 4))
    x[3] = 40  # a rare large number is none of a pixel's
    pysnn.train(models.mlp([4, 2]), x, np.arange(50) % 2, epochs=1)
