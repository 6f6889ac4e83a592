"""Recipes: named choices, which keywords override."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from residual import X, residual

import pysnn
from pysnn.conversion import Method
from pysnn.spiking import Encoding


def test_every_recipe_converts_a_residual_network_and_says_what_it_is() -> None:
    network = residual()
    for name, recipe in pysnn.recipes.items():
        assert recipe.name == name
        assert name in str(recipe)
        assert recipe.method in get_args(Method)
        assert recipe.encoding in get_args(Encoding)
        assert f"\n{name} " in f"\n{pysnn.recipes!r}"
        snn = pysnn.convert(network, recipe=name, x=X, progress=False)
        assert {each.neuron for each in snn.populations} <= {"bipolar", "readout", recipe.neuron}


def test_no_recipe_is_the_papers() -> None:
    network = pysnn.models.mlp((4, 5, 3))
    x = np.random.default_rng(0).random((20, 4), dtype=np.float32)
    with_name = pysnn.convert(network, recipe="diehl2015", x=x, progress=False)
    assert pysnn.io.to_bytes(with_name) == pysnn.io.to_bytes(
        pysnn.convert(network, x=x, progress=False)
    )


def test_keywords_override_what_a_recipe_chooses() -> None:
    network = residual()
    snn = pysnn.convert(
        network,
        recipe="robust",
        x=X,
        neuron="signed",
        negative_threshold=0.25,
        initial_potential=0.125,
        threshold=2.0,
        pools="spiking",
        progress=False,
    )
    first = snn.populations[0]
    assert first.neuron == "signed"
    assert (first.negative_threshold == 0.25).all()
    assert (first.initial_potential == 0.125).all()
    assert "pool" in [each.name for each in snn.populations]
    mine = replace(pysnn.recipes["robust"], name="mine", percentile=99.0, per="layer")
    by_hand = pysnn.convert(network, recipe=mine, x=X, progress=False)
    assert pysnn.io.to_bytes(by_hand) == pysnn.io.to_bytes(
        pysnn.convert(network, recipe="robust", per="layer", percentile=99.0, x=X, progress=False)
    )


def test_another_method_leaves_the_recipes_percentile_aside() -> None:
    snn = pysnn.convert(residual(), recipe="robust", method="model", progress=False)
    assert isinstance(snn.populations[0].scale_factor, float)


def test_a_start_at_half_is_half_of_any_threshold() -> None:
    snn = pysnn.convert(residual(), recipe="robust", x=X, threshold=4.0, progress=False)
    assert (snn.populations[0].initial_potential == 2.0).all()


@pytest.mark.parametrize(("recipe", "least"), [("robust", 0.85), ("signed", 0.9)])
def test_deep_networks_keep_most_of_their_predictions(recipe: str, least: float) -> None:
    network = residual(affine=True)
    snn = pysnn.convert(network, recipe=recipe, x=X, progress=False)
    result = pysnn.simulate(snn, X, duration=0.128, encoding="constant")
    assert (result.predictions == network.classify(X)).mean() >= least
