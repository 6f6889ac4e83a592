"""The main experiment, on a small stand-in that takes the same way through the code."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from report_samples import small_settings

import pysnn
from pysnn.experiments.normalizations import NORMALIZATIONS
from pysnn.reproduction import reproduce, trained_models
from pysnn.reproduction.settings import ReproduceSettings, default_settings

REPORT_FILES = {
    "report.html",
    "results.json",
    "table.csv",
    "table.md",
    "accuracy_over_time.csv",
    "factors.csv",
    "figures",
}
MODEL_FILES = {"fcn.safetensors", "fcn.json", "convnet.safetensors", "convnet.json"}


@pytest.fixture(scope="module", autouse=True)
def mnist_read_once(mnist):
    """Give every run the digits in memory: unpacking them would take most of each test's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reproduce, "load_mnist", lambda: mnist)
        yield


@pytest.fixture(scope="module")
def small_run(tmp_path_factory):
    """Return folder, result and messages of one small run of both networks."""
    pytest.importorskip("matplotlib")
    folder = tmp_path_factory.mktemp("reproduce") / "new" / "report"
    lines: list[str] = []
    result = reproduce.run(folder, settings=small_settings(), progress=False, say=lines.append)
    return folder, result, lines


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_is_there_and_no_temporary_one(small_run):
    folder, _, _ = small_run
    assert {path.name for path in folder.iterdir()} == REPORT_FILES | MODEL_FILES
    names = ("accuracy_over_time", "accuracy_over_time_fcn", "accuracy_over_time_convnet")
    assert {path.name for path in (folder / "figures").iterdir()} == {
        f"{name}.{kind}" for name in names for kind in ("svg", "png")
    }


def test_result_equals_the_public_calls(small_run, mnist):
    folder, result, _ = small_run
    settings = small_settings()
    network = pysnn.load(folder / "fcn.safetensors")
    x, y = mnist.x_test[: settings.num_test], mnist.y_test[: settings.num_test]
    snn = pysnn.convert(network, method="data", x=mnist.x_train[: settings.num_train])
    simulated = pysnn.simulate(snn, x, duration=0.03, seed=settings.seed)
    case = result.networks[0].case("data")
    np.testing.assert_array_equal(case.curve.mean, simulated.accuracy(y))
    assert case.total_spikes == pytest.approx(simulated.num_spikes.sum(axis=1).mean())
    assert case.mean_synaptic_operations["linear2"] == pytest.approx(
        simulated.synaptic_operations[:, 1].mean()
    )
    assert result.networks[0].ann_accuracy == network.accuracy(x, y)


def test_every_normalization_runs_at_its_rate(small_run):
    _, result, _ = small_run
    for network, unnormalized in zip(result.networks, (200.0, 400.0), strict=True):
        rates = {case.normalization: case.max_rate for case in network.cases}
        assert rates == {
            "none": unnormalized,
            "model": 1000.0,
            "model_hidden": 1000.0,
            "data": 1000.0,
        }


def test_first_spike_accuracy_is_that_of_the_first_spiking_neuron(small_run, mnist):
    folder, result, _ = small_run
    settings = small_settings()
    network, _ = pysnn.normalize(
        pysnn.load(folder / "fcn.safetensors"), method="data", x=mnist.x_train[:400]
    )
    snn = pysnn.convert(network, method="none")
    count = settings.num_test
    simulated = pysnn.simulate(snn, mnist.x_test[:count], duration=0.03, seed=settings.seed)
    spikes = simulated.output_spikes
    right, times = 0, []
    for sample, label in enumerate(mnist.y_test[:count]):
        firing = np.argwhere(spikes[:, sample])
        right += (firing[0][1] if len(firing) else 0) == label
        times.append((firing[0][0] + 1) * 1e-3 if len(firing) else np.inf)
    case = result.networks[0].case("data")
    assert case.first_spike_accuracy == pytest.approx(right / count)
    assert case.num_silent == np.isinf(times).sum()
    # The time by which half of the images have one, no mean of two times.
    assert case.median_first_spike == pytest.approx(sorted(times)[(count - 1) // 2])


def test_json_and_csv_hold_the_same_numbers(small_run):
    folder, result, _ = small_run
    stored = json.loads((folder / "results.json").read_text())
    assert stored == json.loads(json.dumps(result.to_dict()))
    steps = rows_of(folder / "accuracy_over_time.csv")
    table = rows_of(folder / "table.csv")
    factors = rows_of(folder / "factors.csv")
    assert len(table) == 8
    for network in stored["networks"]:
        for case in network["cases"]:
            mine = {"network": network["name"], "normalization": case["normalization"]}
            own_steps = [row for row in steps if mine.items() <= row.items()]
            accuracy = [float(row["accuracy"]) for row in own_steps]
            assert accuracy == case["accuracy_after_each_step"]
            assert [row["time_ms"] for row in own_steps] == [str(i + 1) for i in range(30)]
            (row,) = [row for row in table if mine.items() <= row.items()]
            assert float(row["accuracy_20_ms"]) == accuracy[19]
            assert float(row["final_accuracy"]) == accuracy[-1]
            assert row["accuracy_50_ms"] == ""
            own_factors = [row for row in factors if mine.items() <= row.items()]
            assert {row["layer"]: float(row["scale_factor"]) for row in own_factors} == case[
                "scale_factors"
            ]


def test_page_is_well_formed_complete_and_needs_no_other_file(small_run):
    folder, result, _ = small_run
    page = (folder / "report.html").read_text(encoding="utf-8")
    open_tags: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag, attributes):
            values = dict(attributes)
            # Pictures are in the page, and links lead to places in it.
            assert values.get("src", "data:").startswith("data:")
            assert values.get("href", "#").startswith(("#", "https://doi.org/"))
            if tag not in ("meta", "img"):
                open_tags.append(tag)

        def handle_endtag(self, tag):
            assert open_tags.pop() == tag

    Checker().feed(page)
    assert open_tags == []
    for network in result.networks:
        for case in network.cases:
            assert f"<td>{100 * case.curve.mean[19]:.2f}<small>" in page
    for words in ("data:image/svg+xml", "98.84", "Tavanaei", pysnn.__version__, "held out"):
        assert words in page


def test_held_out_accuracy_is_that_of_the_last_training_images(small_run, mnist):
    folder, result, _ = small_run
    network = pysnn.load(folder / "fcn.safetensors")
    expected = network.accuracy(mnist.x_train[300:400], mnist.y_train[300:400])
    assert result.networks[0].validation_accuracy == pytest.approx(expected)


def test_same_settings_reuse_the_models_and_give_the_same_numbers(small_run):
    folder, result, _ = small_run
    models = {name: (folder / name).read_bytes() for name in MODEL_FILES}
    lines: list[str] = []
    again = reproduce.run(
        folder, settings=small_settings(), num_threads=3, progress=False, say=lines.append
    )
    assert [network.reused for network in again.networks] == [True, True]
    assert [network.reused for network in result.networks] == [False, False]
    assert sum("earlier run with the same settings" in line for line in lines) == 2
    assert models == {name: (folder / name).read_bytes() for name in MODEL_FILES}
    for before, after in zip(result.networks, again.networks, strict=True):
        assert before.validation_accuracy == after.validation_accuracy
        for one, other in zip(before.cases, after.cases, strict=True):
            np.testing.assert_array_equal(one.curve.mean, other.curve.mean)
            assert one.mean_spikes == other.mean_spikes


def fcn_only(**changes) -> ReproduceSettings:
    settings = small_settings(**changes)
    return dataclasses.replace(
        settings, networks=settings.networks[:1], normalizations=NORMALIZATIONS[:1]
    )


@pytest.fixture
def folder_with_model(tmp_path):
    reproduce.run(tmp_path, settings=fcn_only(), progress=False)
    return tmp_path


def retrained(folder: Path, settings: ReproduceSettings) -> str:
    """Return the message that says why the model was trained again, empty if it was reused."""
    lines: list[str] = []
    result = reproduce.run(folder, settings=settings, progress=False, say=lines.append)
    reasons = [line for line in lines if "training again" in line]
    assert len(reasons) == (0 if result.networks[0].reused else 1)
    return reasons[0] if reasons else ""


def test_another_duration_reuses_the_model(folder_with_model):
    settings = fcn_only()
    (network,) = settings.networks
    longer = dataclasses.replace(network, duration=0.04)
    settings = dataclasses.replace(settings, networks=(longer,))
    assert retrained(folder_with_model, settings) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 6}, "seed was 5, is 6"),
        ({"epochs": 2}, "epochs was 1, is 2"),
        ({"num_train": 380}, "num_train was 400, is 380"),
        ({"num_validation": 80}, "num_validation was 100, is 80"),
    ],
)
def test_changed_settings_train_again_and_say_why(folder_with_model, changes, words):
    message = retrained(folder_with_model, fcn_only(**changes))
    assert words in message
    # The new model is now the one with a record.
    assert retrained(folder_with_model, fcn_only(**changes)) == ""


def test_another_version_trains_again(folder_with_model, monkeypatch):
    monkeypatch.setattr(trained_models, "VERSION", "0.0.0")
    message = retrained(folder_with_model, fcn_only())
    assert "pysnn_version was" in message
    assert "is 0.0.0" in message


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "fcn.json").unlink(), "has no fcn.json beside it"),
        (lambda folder: (folder / "fcn.json").write_text("{"), "has an unreadable fcn.json"),
        (lambda folder: (folder / "fcn.json").write_text("[]"), "has an unreadable fcn.json"),
        (
            lambda folder: (folder / "fcn.safetensors").write_bytes(b"short"),
            "was changed since it was made",
        ),
    ],
)
def test_damaged_files_are_not_taken(folder_with_model, damage, words):
    damage(folder_with_model)
    message = retrained(folder_with_model, fcn_only())
    assert words in message


def test_without_matplotlib_all_but_the_figure_is_written(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "accuracy_over_time.png").write_bytes(b"of an earlier run")
    lines: list[str] = []
    result = reproduce.run(tmp_path, settings=fcn_only(), progress=False, say=lines.append)
    assert {path.name for path in tmp_path.iterdir()} >= REPORT_FILES
    assert not list((tmp_path / "figures").iterdir())
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "pip install matplotlib threadpoolctl tqdm" in page
    assert "<img" not in page
    assert len(result.missing) == 1
    assert "pip install matplotlib threadpoolctl tqdm" in lines[0]


def test_nothing_is_said_unless_asked(tmp_path, capfd):
    reproduce.run(tmp_path, settings=fcn_only(), progress=False)
    assert capfd.readouterr() == ("", "")


def test_a_full_run_is_what_the_paper_did():
    settings = default_settings(seed=4)
    fcn, convnet = settings.networks
    assert (settings.seed, settings.quick, settings.num_validation) == (4, False, 5000)
    assert (settings.dt, settings.max_rate, settings.threshold) == (1e-3, 1000.0, 1.0)
    assert (fcn.duration, fcn.unnormalized_max_rate) == (0.5, 200.0)
    assert (convnet.duration, convnet.unnormalized_max_rate) == (0.5, 400.0)
    assert (settings.num_train, settings.num_test) == (None, None)


def test_a_quick_run_trains_and_simulates_less():
    for full, quick in zip(
        default_settings().networks, default_settings(quick=True).networks, strict=True
    ):
        assert quick.name == full.name
        assert quick.recipe.descent.epochs < full.recipe.descent.epochs
        assert quick.duration < full.duration


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"networks": ()}, "networks is empty"),
        ({"normalizations": ()}, "normalizations is empty"),
        ({"normalizations": NORMALIZATIONS[:1] * 2}, "names ['none', 'none']"),
        ({"networks": small_settings().networks[:1] * 2}, "names ['fcn', 'fcn']"),
        ({"seed": -1}, "seed is -1"),
        ({"dt": 0.0}, "dt is 0.0"),
        ({"dt": 2e-3}, "max_rate * dt is 2"),
        ({"dt": 0.1, "max_rate": 1.0}, "max_rate * dt is 40"),
        ({"threshold": -1.0}, "threshold is -1.0"),
        ({"num_test": 0}, "num_test is 0"),
        ({"num_train": 0}, "num_train is 0"),
        ({"num_validation": -1}, "num_validation is -1"),
    ],
)
def test_bad_settings_are_refused_where_they_are_made(changes, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        dataclasses.replace(small_settings(), **changes)


def test_too_short_a_duration_is_refused():
    (network, _) = small_settings().networks
    network = dataclasses.replace(network, duration=1e-4)
    with pytest.raises(ValueError, match=r"duration of fcn is 0\.0001 s"):
        dataclasses.replace(small_settings(), networks=(network,))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"settings": small_settings(), "quick": True}, ValueError, "settings is given"),
        ({"settings": small_settings(), "seed": 1}, ValueError, "settings is given"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"seed": 1.0}, TypeError, "seed is a float"),
        ({"num_threads": 0}, ValueError, "num_threads is 0"),
        ({"progress": "yes"}, TypeError, "progress is a str"),
        ({"settings": small_settings(num_test=10001)}, ValueError, "num_test is 10001"),
        ({"settings": small_settings(num_train=60001)}, ValueError, "num_train is 60001"),
        ({"settings": small_settings(num_validation=400)}, ValueError, "num_validation is 400"),
    ],
)
def test_bad_arguments_stop_before_any_work(tmp_path, arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        reproduce.run(tmp_path / "report", **arguments)
    assert not list(tmp_path.rglob("*.safetensors"))


def test_output_that_is_a_file_is_refused(tmp_path):
    path = tmp_path / "report"
    path.write_text("mine")
    with pytest.raises(NotADirectoryError, match="which is a file"):
        reproduce.run(path, settings=small_settings())
    assert path.read_text() == "mine"
