"""Recipes: what they pass on to training, and what they say about themselves."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from pysnn import models
from pysnn.network import Network
from pysnn.training import train
from pysnn.training.recipes import CONVNET_RECIPE, FCN_RECIPE, Recipe

RNG = np.random.default_rng(21)
X = RNG.random((120, 16), dtype=np.float32)
Y = RNG.integers(0, 3, 120)


def tiny(seed: int) -> Network:
    return models.mlp([16, 8, 3], seed=seed)


RECIPE = Recipe(tiny, epochs=4, quick_epochs=2, batch_size=30, learning_rate=0.2, momentum=0.5,
                dropout=0.25, loss="softmax_cross_entropy")  # fmt: skip


def test_recipe_trains_with_its_settings_and_a_linear_schedule() -> None:
    by_recipe, by_hand = RECIPE.build(3), tiny(3)
    history = RECIPE.train(by_recipe, X, Y, validation_split=20, seed=4)
    train(
        by_hand, X[:100], Y[:100], epochs=4, batch_size=30, learning_rate=history.learning_rate,
        momentum=0.5, dropout=0.25, loss="softmax_cross_entropy", seed=4,
    )  # fmt: skip
    assert by_recipe == by_hand
    np.testing.assert_allclose(history.learning_rate, [0.2, 0.15, 0.1, 0.05])
    assert len(history.validation_accuracy) == 4


@pytest.mark.parametrize("recipe", [RECIPE, FCN_RECIPE, CONVNET_RECIPE])
def test_quick_recipe_differs_in_epochs_alone(recipe: Recipe) -> None:
    quick = recipe.quick()
    assert quick.epochs == recipe.quick_epochs < recipe.epochs
    assert replace(quick, epochs=recipe.epochs) == recipe


def test_recipe_builds_the_network_of_its_name() -> None:
    assert FCN_RECIPE.build(2) == models.diehl2015_fcn(seed=2)
    assert CONVNET_RECIPE.build(2) == models.diehl2015_convnet(seed=2)
    expected = models.quantized(models.diehl2015_convnet(seed=2), levels=4)
    assert CONVNET_RECIPE.quantized(4).build(2) == expected


@pytest.mark.parametrize("recipe", [RECIPE, replace(RECIPE, dropout=(0.5,)), FCN_RECIPE])
def test_description_survives_json(recipe: Recipe) -> None:
    description = recipe.to_dict()
    assert json.loads(json.dumps(description)) == description


@pytest.mark.parametrize(
    "change",
    [
        {"builder": models.diehl2015_fcn},
        {"epochs": 5},
        {"batch_size": 31},
        {"learning_rate": 0.3},
        {"momentum": 0.0},
        {"dropout": (0.1,)},
        {"loss": "half_squared_error"},
        {"levels": 4},
    ],
)
def test_description_tells_every_setting_apart(change: dict[str, object]) -> None:
    assert replace(RECIPE, **change).to_dict() != RECIPE.to_dict()  # type: ignore[arg-type]
