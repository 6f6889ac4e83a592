"""The interactive page of a conversion report, and the samples whose steps it shows."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages.browser import ask, check_quiet

import pysnn
from pysnn.diagnosis.traces import MOST_NEURONS

X = np.random.default_rng(0).random((12, 1, 6, 6)).astype(np.float32)
NAME = "<b>&hidden"
OPTIONS: Any = {"num_steps": 20, "progress": False, "num_threads": 1}


def network() -> pysnn.Network:
    """Return a network whose hidden layer has a name that HTML would read."""
    rng = np.random.default_rng(1)
    net = pysnn.Network(input_shape=(1, 6, 6))
    net.add("conv", pysnn.Conv2d(rng.normal(0, 0.5, (3, 1, 3, 3)))).add(NAME, pysnn.ReLU())
    net.add("linear", pysnn.Linear(rng.normal(0, 0.4, (4, 48)))).add("output", pysnn.ReLU())
    return net


def report(encoding: str = "poisson", trace: Any = (2, 0)) -> tuple[Any, Any]:
    net = network()
    recipe = replace(pysnn.recipes["robust"], encoding=encoding)
    snn = pysnn.convert(net, recipe=recipe, x=X, progress=False)
    labels = np.arange(len(X)) % 4
    return snn, pysnn.diagnose(net, snn, X, y=labels, trace=trace, **OPTIONS)


@pytest.mark.parametrize("encoding", ["poisson", "regular", "constant"])
def test_a_trace_is_what_a_simulation_records(encoding: str) -> None:
    snn, found = report(encoding)
    options: Any = {"num_steps": 20, "encoding": encoding, "num_threads": 1}
    result = pysnn.simulate(snn, X, record=("spikes", "potentials"), **options)
    assert [each.sample for each in found.traces] == [2, 0]
    for each in found.traces:
        assert each.label == each.sample % 4
        np.testing.assert_array_equal(each.x, X[each.sample])
        np.testing.assert_array_equal(
            each.predictions, result.predictions_over_time[:, each.sample]
        )
        for trace in each.populations:
            train = result.spikes(trace.name)[:, each.sample].reshape(20, -1)
            np.testing.assert_array_equal(trace.spikes, train[:, trace.neurons])
            potentials = result.potentials[trace.name][:, each.sample].reshape(20, -1)
            np.testing.assert_array_equal(trace.potentials, potentials[:, trace.neurons])
    if encoding == "constant":
        assert each.input_spikes is None
    else:
        assert result.num_input_spikes[each.sample] == np.abs(each.input_spikes).sum()


def test_the_busiest_neurons_of_a_large_population_are_kept() -> None:
    _, found = report()
    kept, whole = found.traces[0].populations
    assert (kept.num_neurons, len(kept.neurons)) == (48, MOST_NEURONS)
    assert len(whole.neurons) == 4
    few = [each for each in found.populations if each.name == kept.name]
    np.testing.assert_array_equal(kept.activation, few[0].activation[2, kept.neurons])


def test_no_sample_is_kept_unless_asked() -> None:
    pytest.importorskip("plotly")
    _, found = report(trace=())
    assert found.traces == ()
    assert "trace=[0, 1]" in found.to_html()


def test_workers_trace_the_same_samples() -> None:
    from concurrent.futures import ThreadPoolExecutor

    net = network()
    snn = pysnn.convert(net, recipe="robust", x=X, progress=False)
    with ThreadPoolExecutor(2) as executor:
        far = pysnn.diagnose(net, snn, X, trace=[1], executor=executor, **OPTIONS)
    here = pysnn.diagnose(net, snn, X, trace=[1], **OPTIONS)
    for mine, other in zip(far.traces[0].populations, here.traces[0].populations, strict=True):
        np.testing.assert_array_equal(mine.spikes, other.spikes)


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    text = report()[1].to_html(tmp_path / "report.html")
    assert report()[1].to_html() == text == (tmp_path / "report.html").read_text("utf-8")
    assert NAME not in text.partition("const DATA")[0]


def test_without_plotly_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _, found = report()
    monkeypatch.setitem(sys.modules, "plotly.offline", None)
    with pytest.raises(ImportError, match=r"pip install plotly \(the extra 'interactive'\)"):
        found.to_html()


_LOOK = """
const wait = () => new Promise((done) => setTimeout(done, 100));
const choose = async (id, value) => {
  byId(id).value = value;
  byId(id).dispatchEvent(new Event(id === "step" ? "input" : "change", { bubbles: true }));
  await wait();
};
const points = (id) => JSON.stringify(byId(id).data.map((each) => [each.x, each.y, each.z]));
const opened = (id) => byId(id).selectedOptions[0].text;
const found = { opened: [opened("population"), opened("traced")] };
for (const [name, id, value, plots] of [
  ["population", "population", 1, ["rates"]],
  ["neuron", "neuron", 3, ["potential"]],
  ["step", "step", 5, ["input", "decision"]],
  ["sample", "sample", 1, ["input", "raster"]],
  ["traced", "traced", 1, ["raster", "potential"]],
]) {
  const before = plots.map(points);
  await choose(id, value);
  found[name] = plots.every((plot, i) => points(plot) !== before[i]);
}
found.cursor = byId("raster").layout.shapes[0].x0;
found.now = byId("now").textContent;
found.names = [...byId("population").options].map((option) => option.text);
found.tags = document.querySelectorAll("main b").length;
found.unnamed = document.querySelectorAll(".plot:not([aria-label])").length +
  [...document.querySelectorAll("select, input")].filter((each) => !each.labels.length).length;
found.drawn = [...document.querySelectorAll(".plot")].every(
  (each) => each.querySelector("svg") && each.getBoundingClientRect().width > 100);
return found;
"""


def test_choices_change_the_figures_at_every_width(tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    _, found = report()
    answers = ask(found.to_html(), _LOOK, tmp_path)
    check_quiet(answers)
    for answer in answers.values():
        value = answer["value"]
        for name in ("population", "neuron", "step", "sample", "traced", "drawn"):
            assert value[name], name
        assert value["opened"] == [NAME, NAME]  # not the readout, which never spikes
        assert value["cursor"] == 5
        assert value["now"].startswith("step 5 of 20: class ")
        assert value["names"] == [NAME, "output"]
        assert value["tags"] == value["unnamed"] == 0
