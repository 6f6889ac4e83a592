"""Recipes: what they pass on to training, and what they say about themselves."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from pysnn import models
from pysnn.network import Network
from pysnn.training import train
from pysnn.training.descent_settings import DescentSettings
from pysnn.training.recipes import CONVNET_RECIPE, FCN_RECIPE, Recipe

RNG = np.random.default_rng(21)
X = RNG.random((120, 16), dtype=np.float32)
Y = RNG.integers(0, 3, 120)


def tiny(seed: int) -> Network:
    return models.mlp([16, 8, 3], seed=seed)


DESCENT = DescentSettings(epochs=4, batch_size=30, learning_rate=0.2, schedule="linear",
                          momentum=0.5, dropout=0.25, loss="softmax_cross_entropy")  # fmt: skip
RECIPE = Recipe(tiny, DESCENT, quick_epochs=2)


def test_recipe_trains_with_its_settings_and_a_linear_schedule() -> None:
    by_recipe, by_hand = RECIPE.build(3), tiny(3)
    history = RECIPE.train(by_recipe, X, Y, validation_split=20, seed=4)
    train(
        by_hand, X[:100], Y[:100], epochs=4, batch_size=30, learning_rate=history.learning_rate,
        momentum=0.5, dropout=0.25, loss="softmax_cross_entropy", max_gradient_norm=math.inf,
        seed=4,
    )  # fmt: skip
    assert by_recipe == by_hand
    np.testing.assert_allclose(history.learning_rate, [0.2, 0.15, 0.1, 0.05])
    assert len(history.validation_accuracy) == 4


@pytest.mark.parametrize("recipe", [RECIPE, FCN_RECIPE, CONVNET_RECIPE])
def test_quick_recipe_differs_in_epochs_alone(recipe: Recipe) -> None:
    quick = recipe.quick()
    assert quick.descent.epochs == recipe.quick_epochs < recipe.descent.epochs
    assert quick.changed(epochs=recipe.descent.epochs) == recipe


def test_recipe_builds_the_network_of_its_name() -> None:
    assert FCN_RECIPE.build(2) == models.diehl2015_fcn(seed=2)
    assert CONVNET_RECIPE.build(2) == models.diehl2015_convnet(seed=2)
    expected = models.quantized(models.diehl2015_convnet(seed=2), levels=4)
    assert CONVNET_RECIPE.quantized(4).build(2) == expected


@pytest.mark.parametrize("recipe", [RECIPE, RECIPE.changed(dropout=(0.5,)), FCN_RECIPE])
def test_description_survives_json(recipe: Recipe) -> None:
    description = recipe.to_dict()
    assert json.loads(json.dumps(description)) == description


@pytest.mark.parametrize(
    "changed",
    [
        replace(RECIPE, builder=models.diehl2015_fcn),
        replace(RECIPE, levels=4),
        RECIPE.changed(epochs=5),
        RECIPE.changed(batch_size=31),
        RECIPE.changed(learning_rate=0.3),
        RECIPE.changed(schedule="constant"),
        RECIPE.changed(momentum=0.0),
        RECIPE.changed(dropout=(0.1,)),
        RECIPE.changed(loss="half_squared_error"),
        RECIPE.changed(max_gradient_norm=1.0),
    ],
)
def test_description_tells_every_setting_apart(changed: Recipe) -> None:
    assert changed.to_dict() != RECIPE.to_dict()
