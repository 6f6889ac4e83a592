"""Recipes: named choices, which keywords override."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
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
        if recipe.method == "clip":
            with pytest.raises(ValueError, match="'relu1' without a ceiling"):
                pysnn.convert(network, recipe=name, x=X, progress=False)
            continue
        snn = pysnn.convert(network, recipe=name, x=X, progress=False)
        assert {each.neuron for each in snn.populations} <= {"bipolar", "readout", recipe.neuron}


def test_no_recipe_is_the_calibrated_one_and_a_method_of_the_paper_is_the_papers() -> None:
    network = pysnn.models.mlp((4, 5, 3))
    x = np.random.default_rng(0).random((20, 4), dtype=np.float32)
    for name, arguments in (("calibrated", {}), ("robust", {"method": "percentile"})):
        by_name = pysnn.convert(network, recipe=name, x=x, percentile=99.0, progress=False)
        bare = pysnn.convert(network, x=x, percentile=99.0, progress=False, **arguments)
        assert by_name == bare
        assert bare.recipe["name"] == name
    paper = pysnn.convert(network, recipe="diehl2015", x=x, progress=False)
    by_method = pysnn.convert(network, method="data", x=x, progress=False)
    assert paper.populations[0].reset == by_method.populations[0].reset == "zero"
    assert (paper.encoding, by_method.encoding) == ("poisson", None)
    assert by_method.recipe == {}


def test_a_network_remembers_its_recipe_with_what_overrode_it(tmp_path: Path) -> None:
    snn = pysnn.convert(residual(), recipe="robust", x=X, percentile=99.5, progress=False)
    assert snn.recipe["name"] == "robust"
    assert snn.recipe["percentile"] == "99.5"
    assert snn.encoding == "constant"
    snn.save(tmp_path / "net.safetensors")
    loaded = pysnn.load(tmp_path / "net.safetensors")
    assert isinstance(loaded, pysnn.SpikingNetwork)
    assert (loaded.recipe, loaded.encoding) == (snn.recipe, snn.encoding)
    for other in (snn.with_threshold(2.0), pysnn.quantize(snn), pickle.loads(pickle.dumps(snn))):
        assert (other.recipe, other.encoding) == (snn.recipe, snn.encoding)


def test_a_network_remembers_potentials_that_replace_those_of_its_recipe() -> None:
    options = {"recipe": "signed", "x": X, "progress": False}
    snn = pysnn.convert(residual(), initial_potential=0.25, negative_threshold=0.125, **options)
    assert snn.recipe["initial_potential"] == "0.25 as given"
    assert snn.recipe["negative_threshold"] == "0.125 as given"
    assert "threshold" not in snn.recipe
    by_name = pysnn.convert(residual(), threshold={"relu1": 2.0}, **options)
    assert by_name.recipe["threshold"] == "{'relu1': 2.0} as given"


def test_a_network_shows_its_recipe_and_what_drives_it() -> None:
    snn = pysnn.convert(residual(), recipe="robust", x=X, progress=False)
    assert ", recipe robust, constant input\n" in repr(snn)
    plain = pysnn.convert(residual(), method="model", progress=False)
    assert "recipe" not in repr(plain)


def test_another_method_brings_its_own_defaults() -> None:
    recipe = pysnn.recipes["diehl2015"].overridden(method="percentile")
    assert (recipe.per, recipe.percentile) == ("layer", 99.9)
    assert recipe.overridden(method="balanced").num_updates == 400
    assert recipe.overridden(method="model").percentile is None


def test_simulations_take_the_encoding_that_a_network_was_made_for() -> None:
    snn = pysnn.convert(residual(), recipe="robust", x=X, progress=False)
    constant = pysnn.simulate(snn, X, num_steps=8, encoding="constant").outputs
    assert np.array_equal(pysnn.simulate(snn, X, num_steps=8).outputs, constant)
    poisson = pysnn.simulate(snn, X, num_steps=8, encoding="poisson").outputs
    assert not np.array_equal(poisson, constant)
    with pytest.raises(ValueError, match="seed is given, but the encoding 'constant'"):
        pysnn.simulate(snn, X, num_steps=8, seed=1)


def test_thresholds_are_set_by_the_names_of_populations() -> None:
    network = pysnn.models.mlp((4, 5, 3))
    x = np.random.default_rng(0).random((20, 4), dtype=np.float32)
    for method in ("model", "percentile"):
        given = None if method == "model" else x
        snn = pysnn.convert(network, method=method, x=given, threshold={"linear1": 0.5})
        same = pysnn.convert(network, method=method, x=given)
        first, second = snn.populations
        assert (first.threshold == 0.5).all()
        assert np.array_equal(second.threshold, same.populations[1].threshold)
        assert np.array_equal(
            first.projections[0].weight, same.populations[0].projections[0].weight
        )
    by_name = {"linear1": 0.5}
    start = pysnn.convert(network, recipe="robust", x=x, threshold=by_name).populations[0]
    assert (start.initial_potential == 0.25).all()


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
    by_keywords = pysnn.convert(
        network, recipe="robust", per="layer", percentile=99.0, x=X, progress=False
    )
    assert by_hand == by_keywords
    assert dict(by_hand.recipe) == {**by_keywords.recipe, "name": "mine"}


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
