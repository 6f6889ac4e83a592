"""The sections of a run beside its core, on a small stand-in that takes the same way."""

from __future__ import annotations

import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import paper_page
import pytest
from page_numbers import unexplained
from report_samples import small_settings

import pysnn
from pysnn.experiments.first_spike import first_spike
from pysnn.experiments.normalizations import NORMALIZATIONS
from pysnn.reproduction import reproduce
from pysnn.reproduction.results import ReproduceResult
from pysnn.reproduction.sections import SECTIONS
from pysnn.reproduction.settings import ReproduceSettings, SectionSettings, default_settings

pytest.importorskip("matplotlib", reason="matplotlib is not installed")
pytest.importorskip("scipy", reason="scipy is not installed")

import matlab_files as matlab

NAMES = tuple(section.name for section in SECTIONS)


def tiny_sections(names: tuple[str, ...], matlab_convnet: Path | None = None) -> SectionSettings:
    """Return as little of every section as shows that it works."""
    return SectionSettings(
        names=names,
        num_images=None,
        num_seeds=2,
        seeds_duration=0.02,
        grid_size=2,
        grid_images=20,
        grid_steps=10,
        cost_images=10,
        diagnosis_images=10,
        diagnosis_duration=0.02,
        margins=(1, 2),
        matlab_convnet=None if matlab_convnet is None else str(matlab_convnet),
    )


def tiny_settings(sections: SectionSettings) -> ReproduceSettings:
    # 1 ms steps of 30 ms: the checkpoint at 20 ms is seen.
    return dataclasses.replace(small_settings(num_test=40), sections=sections)


@pytest.fixture(scope="module", autouse=True)
def mnist_read_once(mnist):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reproduce, "load_mnist", lambda: mnist)
        yield


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    """Return folder and result of one run with every section."""
    folder = tmp_path_factory.mktemp("sections")
    path = matlab.write(
        folder / "net.mat", cnn=matlab.convolutional_struct([2, 3], 5, 2, 48, 10, seed=3)
    )
    settings = tiny_settings(tiny_sections(NAMES, path))
    return folder / "report", reproduce.run(folder / "report", settings=settings, progress=False)


def test_every_section_is_in_the_record(whole_run):
    folder, result = whole_run
    stored = json.loads((folder / "results.json").read_text())
    assert tuple(stored["sections"]) == NAMES
    assert stored["sections"] == json.loads(json.dumps(result.sections))
    assert {f"section {name}" for name in NAMES} <= set(stored["seconds"])
    for name in NAMES:
        assert (folder / f"section-{name}.csv").read_text().startswith("where,value\n")


def test_a_stored_run_reads_back_and_gives_the_same_page(whole_run):
    folder, result = whole_run
    again = ReproduceResult.from_dict(json.loads((folder / "results.json").read_text()))
    assert again.to_dict() == json.loads(json.dumps(result.to_dict()))
    assert paper_page.render_page(again) == paper_page.render_page(result)
    with pytest.raises(ValueError, match="no run"):
        ReproduceResult.from_dict({"command": "pysnn reproduce"})


def test_every_number_in_the_tables_of_the_page_is_the_records(whole_run):
    _, result = whole_run
    assert unexplained(paper_page.render_page(result), result) == []


def test_the_page_shows_every_picture_of_the_run(whole_run):
    folder, _ = whole_run
    page = (folder / "report.html").read_text(encoding="utf-8")
    drawn = {path.stem for path in (folder / "figures").glob("*.svg")} - {"accuracy_over_time"}
    images: list[str] = []

    class Images(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag == "img":
                values = dict(attributes)
                assert values["alt"]
                assert values["src"].startswith("data:image/svg+xml;base64,")
                images.append(values["src"])

    Images().feed(page)
    assert len(images) == len(set(images)) == len(drawn)
    assert "not drawn" not in page


def test_first_spikes_are_those_of_the_function_of_that_name(whole_run, mnist):
    folder, result = whole_run
    network = pysnn.load(folder / "fcn.safetensors")
    snn = pysnn.convert(network, method="data", x=mnist.x_train[:400])
    expected = first_spike(snn, mnist.x_test[:40], mnist.y_test[:40], duration=0.03, seed=5)
    (case,) = [
        case
        for case in result.sections["first-spike"]["cases"]
        if (case["network"], case["normalization"]) == ("fcn", "data")
    ]
    assert case["accuracy"] == expected.accuracy
    assert case["time"] == expected.time.to_dict()
    assert case["accuracy"] == result.networks[0].case("data").first_spike_accuracy


def test_the_first_seed_over_time_is_the_core(whole_run):
    _, result = whole_run
    (fcn, _) = result.sections["over-time"]["networks"]
    assert fcn["seeds"] == [5, 6]
    for case, core in zip(fcn["cases"], result.networks[0].cases, strict=True):
        accuracy = core.curve.mean[:20]
        assert (np.array(case["lowest_accuracy_after_each_step"]) <= accuracy).all()
        assert (np.array(case["highest_accuracy_after_each_step"]) >= accuracy).all()


def test_costs_are_those_of_the_metrics(whole_run, mnist):
    folder, result = whole_run
    (fcn, convnet) = result.sections["cost"]["networks"]
    network = pysnn.load(folder / "fcn.safetensors")
    assert fcn["ann"]["SynapticOperations"]["Dense"] == 784 * 20 + 20 * 10
    snn = pysnn.convert(network, method="data", x=mnist.x_train[:400])
    simulated = pysnn.simulate(snn, mnist.x_test[:10], duration=0.02, seed=5)
    (case,) = [case for case in fcn["cases"] if case["normalization"] == "data"]
    assert case["time_s"][-1] == pytest.approx(0.02)
    total = simulated.synaptic_operations.sum(axis=1).mean()
    assert case["synaptic_operations"][-1] == pytest.approx(total)
    assert case["metrics"][0]["SynapticOperations"]["Effective_MACs"] == 0
    assert convnet["num_samples"] == 10


def test_the_released_rule_is_wrong_from_the_third_weight_layer_on(whole_run):
    _, result = whole_run
    fcn, convnet = (
        {variant["variant"]: variant for variant in each["variants"]}
        for each in result.sections["released"]["networks"]
    )
    # The stand-in of the fully connected network has two weight layers.
    assert fcn["released"] == {**fcn["correct"], "variant": "released"}
    right = convnet["correct"]["scale_factors"]
    wrong = convnet["released"]["scale_factors"]
    assert wrong["conv2"] == pytest.approx(right["conv2"])
    assert wrong["linear1"] == pytest.approx(right["linear1"] * right["conv1"], rel=1e-5)
    core = result.networks[1].case("data")
    assert convnet["correct"]["final_accuracy"] == core.curve.final_accuracy


def test_diagnoses_add_up(whole_run):
    _, result = whole_run
    reports = result.sections["diagnosis"]["reports"]
    assert len(reports) == 8
    for report in reports:
        accuracies = report["accuracies"]
        lost = accuracies["lost_to_chance"] + sum(accuracies["lost_by_population"])
        assert lost == pytest.approx(accuracies["ann"] - accuracies["spiking"])


def grids_only(**changes) -> ReproduceSettings:
    settings = small_settings(**changes)
    return dataclasses.replace(
        settings,
        networks=settings.networks[:1],
        normalizations=NORMALIZATIONS[:1],
        sections=tiny_sections(("grids",)),
    )


def test_an_interrupted_grid_goes_on_and_other_networks_begin_anew(tmp_path):
    folder = tmp_path / "grids" / "fcn_none"

    def left() -> dict[str, int]:
        # A part that was taken from the folder is the same file as before.
        return {path.name: path.stat().st_ino for path in folder.glob("sweep-*.npz")}

    first = reproduce.run(tmp_path, settings=grids_only(), progress=False)
    before = left()
    lost = min(before)
    # Under another name until the end, so that no new file gets its number.
    (folder / lost).rename(tmp_path / "lost")
    again = reproduce.run(tmp_path, settings=grids_only(), progress=False)
    assert len(before) > 1
    assert {name for name, file in left().items() if file == before.get(name)} == {*before} - {lost}
    assert left().keys() == before.keys()
    assert again.sections["grids"]["grids"] == first.sections["grids"]["grids"]
    reproduce.run(tmp_path, settings=grids_only(seed=6), progress=False)
    assert not left().keys() & before.keys()


def test_the_grid_is_chosen_on_held_out_training_images(tmp_path, mnist):
    result = reproduce.run(tmp_path, settings=grids_only(), progress=False)
    (grid,) = result.sections["grids"]["grids"]
    snn = pysnn.convert(pysnn.load(tmp_path / "fcn.safetensors"), method="none")
    best = grid["best"]
    simulated = pysnn.simulate(
        snn.with_threshold(best["threshold"]),
        mnist.x_train[300:320],
        duration=0.01,
        max_rate=best["max_rate"],
        seed=5,
    )
    assert best["accuracy"] == simulated.accuracy(mnist.y_train[300:320])[-1]


def test_a_full_grid_has_12_by_12_cells_of_1000_images_and_a_quick_one_less():
    full = default_settings(section_names=NAMES).sections
    assert (full.grid_size, full.grid_images, full.grid_steps) == (12, 1000, 100)
    assert full.margins == (1, 2, 4, 8)
    quick = default_settings(quick=True, section_names=NAMES).sections
    assert quick.names == NAMES
    assert quick.grid_size < full.grid_size
    assert quick.num_seeds < full.num_seeds


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"sections": "grids"}, TypeError, "sections is a str"),
        ({"sections": ["grid"]}, ValueError, "sections has 'grid', but must be of core"),
        ({"sections": ["authors-convnet"]}, ValueError, "--matlab-convnet"),
        ({"matlab_convnet": 3}, TypeError, "int"),
        ({"matlab_convnet": "none.mat"}, FileNotFoundError, "none.mat"),
        ({"settings": small_settings(), "sections": []}, ValueError, "settings is given"),
    ],
)
def test_bad_arguments_stop_before_any_work(tmp_path, arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        reproduce.run(tmp_path / "report", **arguments)
    assert not list(tmp_path.rglob("*.safetensors"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_images": 0}, "num_images is 0"),
        ({"num_seeds": 0}, "num_seeds is 0"),
        ({"grid_size": 0}, "grid_size is 0"),
        ({"seeds_duration": 0.0}, "seeds_duration is 0"),
        ({"margins": ()}, "margins is ()"),
        ({"margins": (2, 1)}, "margins is (2, 1)"),
        ({"margins": (0, 1)}, "margins is 0"),
    ],
)
def test_bad_section_settings_are_refused_where_they_are_made(changes, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        dataclasses.replace(tiny_sections(NAMES), **changes)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pysnn reproduce --seed 3", "pysnn reproduce --sections cost --seed 3"),
        (
            "pysnn reproduce --quick --sections grids,cost --matlab-convnet x --output 'a b'",
            "pysnn reproduce --sections cost --quick --output 'a b'",
        ),
        ("run(settings=...)", "run(settings=...)"),
    ],
)
def test_each_part_names_the_command_that_makes_it_alone(whole_run, command, expected):
    _, result = whole_run
    assert dataclasses.replace(result, command=command).command_for("cost") == expected


def test_only_the_section_that_needs_the_authors_file_names_it(whole_run):
    _, result = whole_run
    result = dataclasses.replace(result, command="pysnn reproduce --matlab-convnet net.mat")
    assert "net.mat" in result.command_for("authors-convnet")
    assert "net.mat" not in result.command_for("cost")
