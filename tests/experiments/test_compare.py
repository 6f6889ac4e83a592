"""Conversions side by side: the figures of separate simulations, however they come to be."""

from __future__ import annotations

import csv
import json
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn
from pysnn.experiments.compare import readings
from pysnn.parallel import Workers

RECIPES = ["diehl2015", "opi2022", ("signed", {"percentile": 90.0})]
STEPS = [1, 4, 6, 17]


def network() -> pysnn.Network:
    return pysnn.models.mlp((6, 12, 3), seed=1)


def data(num_samples: int = 90) -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(3).random((num_samples, 6), dtype=np.float32)
    y = network().classify(x)
    y[::5] = 0  # a ReLU network that is always right loses and never gains
    return x, y


def compared(**options: Any) -> pysnn.Comparison:
    x, y = data()
    arguments = {
        "x": x,
        "y": y,
        "x_calibration": x[:30],
        "recipes": RECIPES,
        "num_steps": STEPS,
        "num_threads": 1,
        "progress": False,
        **options,
    }
    return pysnn.compare(arguments.pop("network", None) or network(), **arguments)


def assert_same(a: pysnn.Comparison, b: pysnn.Comparison) -> None:
    assert a.to_dict() == b.to_dict()


def test_figures_are_those_of_a_simulation_of_so_many_steps() -> None:
    found = compared(seed=5)
    x, y = data()
    ann = network().classify(x)
    keywords = [{"recipe": "diehl2015"}, {"recipe": "opi2022"}]
    keywords.append({"recipe": "signed", "percentile": 90.0})
    assert found.ann_accuracy == (ann == y).mean()
    for i, options in enumerate(keywords):
        snn = pysnn.convert(network(), x=x[:30], **options)
        drive = {"encoding": "constant"} if i else {"seed": 5}
        for j, steps in enumerate(STEPS):
            result = pysnn.simulate(snn, x, num_steps=steps, num_threads=1, **drive)
            right = result.predictions == y
            assert found.num_correct[i, j] == right.sum()
            assert found.num_lost[i, j] == (~right & (ann == y)).sum()
            assert found.num_gained[i, j] == (right & (ann != y)).sum()
            assert found.num_equal[i, j] == (result.predictions == ann).sum()
            assert found.spikes[i, j] == result.num_spikes.sum()
            assert found.synaptic_operations[i, j] == result.synaptic_operations.sum()
    assert found.num_lost.any()
    assert found.num_gained.any()


@pytest.mark.parametrize(
    ("num_steps", "read"),
    [(256, [4, 8, 16, 32, 64, 128, 256]), (20, [4, 8, 16, 20]), (4, [4]), (3, [3])],
)
def test_steps_double_up_to_the_last(num_steps: int, read: list[int]) -> None:
    assert compared(recipes=["robust"], num_steps=num_steps).steps.tolist() == read


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_an_executor_gives_the_same_bits(pool: Callable[..., Any]) -> None:
    with pool(2) as executor:
        assert_same(compared(executor=Workers(executor, part_size=40)), compared())


def test_an_executor_is_anything_that_submits() -> None:
    class Future:
        def __init__(self, value: object) -> None:
            self._value = value

        def result(self) -> object:
            return self._value

    class Plain:
        def submit(self, function: Callable[..., object], *arguments: object) -> Future:
            return Future(function(*pickle.loads(pickle.dumps(arguments))))

    assert_same(compared(executor=Plain()), compared())


def test_blocks_that_bound_the_memory_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = compared()
    monkeypatch.setattr(readings, "_BLOCK_BYTES", 1)
    assert_same(compared(), whole)


def test_parts_of_the_samples_concatenate_to_the_whole() -> None:
    x, y = data()
    parts = [
        compared(x=x[rows], y=y[rows], sample_ids=np.arange(90)[rows])
        for rows in (slice(35), slice(35, 90))
    ]
    assert_same(pysnn.Comparison.concatenate(parts), compared())


def test_a_recipe_that_does_not_fit_is_told_with_its_reason() -> None:
    found = compared(recipes=["robust", ("diehl2015", {"neuron": "signed"})])
    assert found.names == ("robust",)
    ((name, reason),) = found.refusals
    assert name == "diehl2015 (neuron=signed)"
    assert "signed" in reason
    assert f"{name}: {reason}" in str(found)


def test_an_encoding_overrides_the_recipe_s() -> None:
    found = compared(recipes=["robust", ("robust", {"encoding": "poisson"})])
    assert found.encodings == ("constant", "poisson")
    assert found.names[1] == "robust (encoding=poisson)"
    assert not np.array_equal(found.num_correct[0], found.num_correct[1])


def test_conversions_that_are_for_a_number_of_steps_get_it() -> None:
    recipes = ["robust", ("robust", {"calibration": "bias"})]
    found = compared(recipes=recipes, convert_steps=5)
    assert found.names == ("robust", "robust (calibration=bias, num_steps=5)")
    by_hand = compared(
        recipes=["robust", ("robust", {"calibration": "bias", "num_steps": 5})], convert_steps=None
    )
    assert_same(found, by_hand)


def test_no_recipes_stand_for_all() -> None:
    found = compared(recipes=None, num_steps=[2])
    refused = [name for name, _ in found.refusals]
    assert refused == ["qcfs2022"]
    assert found.names == tuple(each for each in pysnn.recipes if each not in refused)


def test_integer_images_are_scaled_with_the_calibration() -> None:
    x, _ = data()
    images = np.rint(255 * x).astype(np.uint8)
    scaled = (images * np.float64(1 / 255)).astype(np.float32)
    by_scale = compared(x=images, x_calibration=images[:30], scale=1 / 255)
    assert_same(by_scale, compared(x=scaled, x_calibration=scaled[:30]))


def test_it_is_shown_as_tables_and_files(tmp_path: Path) -> None:
    found = compared()
    text = str(found)
    assert text.startswith(f"90 samples; ReLU network: {found.ann_accuracy:.2%} correct")
    for head in ("accuracy (%)", "points lost", "equal predictions (%)", "operations per sample"):
        assert head in text
    found.to_csv(tmp_path / "found.csv")
    found.to_json(tmp_path / "found.json")
    with (tmp_path / "found.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(RECIPES) * len(STEPS)
    for row, expected in zip(rows, found.rows(), strict=True):
        assert row == {name: str(value) for name, value in expected.items()}
        assert expected["loss_low"] < expected["loss"] < expected["loss_high"]
        assert expected["accuracy_low"] < expected["accuracy"] < expected["accuracy_high"]
    assert json.loads((tmp_path / "found.json").read_text()) == found.to_dict()
    assert_same(pickle.loads(pickle.dumps(found)), found)


def test_the_page_has_the_tables_and_escapes_names() -> None:
    pytest.importorskip("plotly")
    page = compared(
        recipes=["robust", pysnn.Recipe(**{**vars(pysnn.recipes["opi2022"]), "name": "<b>"})]
    ).to_html()
    assert page.count("</table>") == 6
    assert '<th scope="row">&lt;b&gt;</th>' in page
    assert "<b> (" not in page


def test_figures_show_a_line_for_each_recipe() -> None:
    pytest.importorskip("matplotlib")
    found = compared()
    for axes, label in ((found.plot(), "steps"), (found.plot_operations(), "operations")):
        assert label in axes.get_xlabel()
        labels = [line.get_label() for line in axes.get_lines()]
        assert labels[:3] == list(found.names)
    np.testing.assert_allclose(axes.get_lines()[1].get_xdata(), found.mean_synaptic_operations[1])
