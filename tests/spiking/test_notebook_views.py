"""What a session shows of objects: HTML in notebooks, a line for simulations, names to complete."""

from __future__ import annotations

import html.parser
import importlib
import sys
import types
from typing import Any

import numpy as np
import pytest

import pysnn
from pysnn._base import progress
from pysnn._base.interface.html import html_view
from pysnn.experiments.sweep import sweep

RNG = np.random.default_rng(2)
X = RNG.random((24, 6), dtype=np.float32)
Y = RNG.integers(0, 3, 24)
NETWORK = pysnn.models.mlp((6, 8, 3), seed=1)
SNN = pysnn.convert(NETWORK, method="model")
RESULT = pysnn.simulate(SNN, X, num_steps=10)


class Tables(html.parser.HTMLParser):
    """Reads cells, and demands that every tag is closed in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.num_cells = 0

    def handle_starttag(self, tag: str, _: object) -> None:
        self.open.append(tag)
        self.num_cells += tag in ("td", "th")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Tables:
    tables = Tables()
    tables.feed(page)
    tables.close()
    assert tables.open == []
    return tables


def graph() -> pysnn.Network:
    network = pysnn.Network(input_shape=2)
    network.add("<i>", pysnn.Linear([[1.0, 0.5]])).add("relu & co", pysnn.ReLU())
    network.add("sum", pysnn.Add(), inputs=["<i>", "relu & co"])
    return network


VIEWS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "chain": (NETWORK, ("linear1", "output shape", "(8,)", "total")),
    "graph": (graph(), ("<i>", "relu & co", "inputs")),
    "spiking": (SNN, ("SpikingNetwork: 2 populations", "linear2", "threshold")),
    "result": (
        RESULT,
        ("SimulationResult: 24 samples", "input", f"{RESULT.num_spikes[:, 1].mean():,.1f}"),
    ),
    "empty result": (pysnn.simulate(SNN, X[:0], num_steps=3), ("0 samples",)),
    "report": (
        pysnn.diagnose(NETWORK, SNN, X, y=Y, num_steps=10),
        ("Conversion report", "correlation", "The conversion costs"),
    ),
    "comparison": (
        pysnn.compare(NETWORK, X, Y, x_calibration=X, recipes=["robust"], num_steps=8),
        ("24 samples", "points lost", "robust"),
    ),
    "tuning": (
        pysnn.tune(NETWORK, X, Y, x_calibration=X, recipes=["robust"], num_steps=8, max_loss=0.5),
        ("candidate", "held-out samples"),
    ),
    "sweep": (
        sweep(SNN, X, Y, max_rates=[100, 500], thresholds=[0.5, 1.0], num_steps=8),
        ("Hz \\ threshold", "best:"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VIEWS)
def test_a_notebook_shows_tables(name: str) -> None:
    shown, words = VIEWS[name]
    tables = read(shown._repr_html_())
    assert tables.num_cells > 0
    for word in words:
        assert word in tables.text, word


def test_cells_are_escaped() -> None:
    cell = "<script>alert(1)</script>"
    page = html_view("a < b", (("<th>",), [(cell,)]), notes=["c & d"])
    assert "<script>" not in page
    assert read(page).text.split() == ["a", "<", "b", "<th>", cell, "c", "&", "d"]


def test_a_simulation_says_where_it_is() -> None:
    simulation = pysnn.Simulation(SNN, 24, max_rate=400, seed=3, record="counts")
    simulation.run(X, num_steps=250)
    assert repr(simulation) == (
        "Simulation: 24 samples, 250 steps of 0.001 s so far (0.25 s)\n"
        "2 populations, poisson input of 400 Hz, seed 3\n"
        "records counts"
    )
    assert "seed" not in repr(pysnn.Simulation(SNN, 1, encoding="constant"))


ROOMS = ("", ".plotting", ".experiments", ".experiments.sweep", ".models", ".datasets", ".io",
         ".spiking", ".nodes", ".metrics", ".training", ".importers", ".pages")  # fmt: skip


@pytest.mark.parametrize("room", ROOMS)
def test_completion_offers_public_names_alone(room: str) -> None:
    module = importlib.import_module(f"pysnn{room}")
    names = dir(module)
    assert names == sorted(set(names))
    private = {name for name in names if name.startswith("_")}
    assert private <= {"__version__"}
    assert not {"np", "annotations", "Any", "math", "Sequence"} & set(names)
    for name in names:
        assert getattr(module, name) is not None
    assert set(getattr(module, "__all__", ())) <= set(names)


class Shell:
    """IPython's, as a kernel has it."""

    def __init__(self) -> None:
        self.config: dict[str, object] = {"IPKernelApp": {}}


@pytest.mark.parametrize(("has_widgets", "expected"), [(True, "tqdm.auto"), (False, "tqdm")])
def test_a_notebook_gets_a_widget_where_there_are_widgets(
    has_widgets: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def module(name: str) -> types.SimpleNamespace:
        class Bar:
            def __init__(self, **_: object) -> None:
                made.append(name)

            def update(self, count: int) -> None: ...

            def close(self) -> None: ...

        return types.SimpleNamespace(tqdm=Bar)

    ipython = types.SimpleNamespace(get_ipython=lambda: Shell())
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setattr(progress.importlib, "import_module", module)
    spec = object() if has_widgets else None
    monkeypatch.setattr(progress.importlib.util, "find_spec", lambda _: spec)
    with progress.progress_bar(3, "work", progress=None) as bar:
        bar.advance()
    with progress.progress_bar(3, "work", progress=False) as bar:
        bar.advance()
    assert made == [expected]


def test_populations_are_shown_without_their_arrays() -> None:
    text = repr(SNN.populations)
    assert "Population(" in text
    assert "Projection('input" in text
    assert "array" not in text
