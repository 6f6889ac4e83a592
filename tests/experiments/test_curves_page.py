"""The interactive pages of comparisons and searches, in headless Chromium."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages.browser import ask, check_quiet

import pysnn

pytest.importorskip("plotly")

X = np.random.default_rng(3).random((60, 6), dtype=np.float32)
NAMED = pysnn.Recipe(**{**vars(pysnn.recipes["opi2022"]), "name": "<b>mine"})


def arguments(**options: Any) -> dict[str, Any]:
    net = pysnn.models.mlp((6, 12, 3), seed=1)
    return {
        "network": net,
        "x": X,
        "y": net.classify(X),
        "x_calibration": X[:30],
        "recipes": ["robust", NAMED],
        "num_steps": [2, 4, 8],
        "num_threads": 1,
        "progress": False,
        **options,
    }


_LOOK = """
const plot = byId("curves");
const wait = () => new Promise((done) => setTimeout(done, 100));
const choose = async (id, value) => {
  byId(id).value = value;
  byId(id).dispatchEvent(new Event("change", { bubbles: true }));
  await wait();
};
const lines = () => plot.data.filter((each) => each.meta !== undefined);
await choose("x", 0);
await choose("y", 0);
const found = { names: lines().map((each) => each.name), steps: lines()[0].x, y: lines()[0].y,
  traces: plot.data.map((each) => each.name) };
await choose("x", 1);
found.operations = lines()[0].x;
await choose("y", 1);
found.loss = lines()[0].y;
byId("curve0").click();
await wait();
found.left = lines().map((each) => each.name);
byId("none").click();
await wait();
found.none = lines().length;
found.tags = document.querySelectorAll("main b").length;
found.unnamed = [...document.querySelectorAll("select, input")].filter(
  (each) => !each.labels.length).length;
return found;
"""


def test_a_comparison_shows_what_is_chosen(tmp_path: Path) -> None:
    found = pysnn.compare(**arguments())
    page = found.to_html(tmp_path / "page.html")
    assert page == (tmp_path / "page.html").read_text("utf-8") == found.to_html()
    answers = ask(page, _LOOK, tmp_path)
    check_quiet(answers)
    for answer in answers.values():
        value = answer["value"]
        assert value["names"] == ["robust", "&lt;b&gt;mine"]
        assert value["steps"] == [2, 4, 8]
        np.testing.assert_allclose(value["y"], 100 * found.accuracy[0], atol=1e-4)
        np.testing.assert_allclose(
            value["operations"], found.mean_synaptic_operations[0], atol=0.01
        )
        np.testing.assert_allclose(value["loss"], 100 * found.loss[0], atol=1e-4)
        assert value["left"] == ["&lt;b&gt;mine"]
        assert value["none"] == value["tags"] == value["unnamed"] == 0


def test_a_search_shows_its_front_and_its_choice(tmp_path: Path) -> None:
    found = pysnn.tune(**arguments(), max_loss=0.2, percentiles=(), neurons=(), readouts=())
    answers = ask(found.to_html(), _LOOK, tmp_path)
    check_quiet(answers)
    for answer in answers.values():
        value = answer["value"]
        assert value["traces"][0] == "front"
        assert value["traces"][-1] == "chosen"
        assert value["tags"] == 0


def test_without_plotly_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = pysnn.compare(**arguments())
    monkeypatch.setitem(sys.modules, "plotly.offline", None)
    with pytest.raises(ImportError, match="the extra 'interactive'"):
        found.to_html()
