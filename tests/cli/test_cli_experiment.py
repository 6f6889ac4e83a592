"""`pysnn experiment`: the experiments' functions, printed and drawn."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_files import PIXELS, X, Y, make_files, network, run

import pysnn
from pysnn.experiments.first_spike import first_spike
from pysnn.experiments.over_time import OverTimeCase, accuracy_over_time
from pysnn.experiments.stopping import stopping

SHORT = ("--data", "both.npz", "--duration", "0.05")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the files."""
    make_files(tmp_path)
    pysnn.convert(network(), method="none").save(tmp_path / "none.safetensors")
    monkeypatch.chdir(tmp_path)


def loaded(name: str) -> Any:
    return pysnn.load(f"{name}.safetensors")


def test_first_spikes_are_printed_for_each_network_at_its_rate() -> None:
    words = ("first-spike", "snn.safetensors", "none.safetensors", *SHORT, "--max-rate", "900,300")
    done = run("experiment", *words, "--seed", 3)
    assert (done.status, done.err) == (0, "")
    one = first_spike(loaded("snn"), X, Y, duration=0.05, max_rate=900, seed=3)
    other = first_spike(loaded("none"), X, Y, duration=0.05, max_rate=300, seed=3)
    assert done.out == f"snn.safetensors\n{one}\n\nnone.safetensors\n{other}\n"
    read = json.loads(run("experiment", *words, "--seed", 3, "--json").out)
    expected = {"network": "none.safetensors", "max_rate_hz": 300.0, **other.to_dict()}
    assert read["networks"][1] == json.loads(json.dumps(expected))
    assert (read["experiment"], read["data"]) == ("first-spike", "both.npz")


def test_options_reach_the_experiment() -> None:
    words = ("--data", "pixels.npy", "--labels", "y.npy", "--scale", "1/255", "--samples", "3:9")
    done = run(
        *("experiment", "stopping", "snn.safetensors", *words, "--duration", "0.05"),
        *("--dt", "5e-4", "--margins", "1,3", "--interval", "4", "--num-threads", "1", "--json"),
    )
    assert done.status == 0
    result = stopping(
        loaded("snn"),
        PIXELS[3:9],
        Y[3:9],
        (1, 3),
        4,
        duration=0.05,
        dt=5e-4,
        sample_ids=np.arange(3, 9),
        scale=1 / 255,
    )
    assert json.loads(done.out)["networks"][0]["margins"] == result.to_dict()["margins"]


def test_over_time_compares_to_the_relu_network_over_its_seeds() -> None:
    words = ("over-time", "none.safetensors", "snn.safetensors", *SHORT, "--max-rate", "300,1000")
    done = run("experiment", *words, "--network", "ann.safetensors", "--num-seeds", 2, "--seed", 7)
    assert (done.status, done.err) == (0, "")
    cases = [
        OverTimeCase("none.safetensors", "none", loaded("none"), 300.0),
        OverTimeCase("snn.safetensors", "snn", loaded("snn"), 1000.0),
    ]
    result = accuracy_over_time(loaded("ann"), cases, X, Y, duration=0.05, seeds=[7, 8])
    assert done.out == f"{result}\n"


@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.pdf"])
@pytest.mark.parametrize(
    "words",
    [
        ("over-time", "snn.safetensors", "--network", "ann.safetensors", "--num-seeds", 2),
        ("first-spike", "none.safetensors", "snn.safetensors"),
        ("stopping", "none.safetensors", "--margins", "1,2"),
    ],
    ids=lambda words: words[0],
)
def test_pictures_are_the_same_file_each_time(words: tuple[object, ...], name: str) -> None:
    pytest.importorskip("matplotlib")
    contents = []
    for _ in range(2):
        done = run("experiment", *words, *SHORT, "--figure", name)
        assert (done.status, done.err) == (0, "")
        contents.append(Path(name).read_bytes())
    assert contents[0] == contents[1]
    assert len(contents[0]) > 1000


def test_without_matplotlib_a_picture_fails_before_any_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = run("experiment", "first-spike", "missing.safetensors", *SHORT, "--figure", "a.png")
    assert done.status == 1
    assert "pip install matplotlib threadpoolctl tqdm (the extra 'report')" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("third-spike", "snn.safetensors"), "invalid choice: 'third-spike'"),
        (("first-spike",), "required: NETWORK"),
        (("first-spike", "snn.safetensors", "--margins", "2"), "--margins goes with stopping"),
        (("first-spike", "snn.safetensors", "--num-seeds", "2"), "--num-seeds goes with over-time"),
        (
            ("stopping", "snn.safetensors", "--network", "ann.safetensors"),
            "--network goes with over-time",
        ),
        (("over-time", "snn.safetensors"), "over-time needs --network"),
        (("over-time", "snn.safetensors", "--interval", "2"), "--interval goes with stopping"),
        (("stopping", "snn.safetensors", "--margins", "0"), "is 0, but must be above 0"),
        (("stopping", "snn.safetensors", "--margins", "2,2"), "each margin once"),
        (("stopping", "snn.safetensors", "--margins", "two"), "must be a number"),
        (("stopping", "snn.safetensors", "--max-rate", "1,2"), "has 2 rates for 1 networks"),
        (("stopping", "snn.safetensors", "--max-rate", "-1"), "is -1, but must be above 0"),
        (("stopping", "snn.safetensors", "snn.safetensors"), "named twice"),
        (("stopping", "snn.safetensors", "--figure", "a.txt"), "must end in .png"),
        (("stopping", "ann.safetensors"), "must hold a spiking network"),
        (
            ("over-time", "snn.safetensors", "--network", "snn.safetensors"),
            "must hold a ReLU network",
        ),
        (("stopping", "snn.safetensors", "--data", "x.npy"), "--labels must be given"),
    ],
)
def test_wrong_usage_is_named_in_one_line(words: tuple[object, ...], said: str) -> None:
    done = run("experiment", *words, *(() if "--data" in words else SHORT))
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_a_rate_that_is_too_high_for_the_step_is_wrong_usage_in_one_line() -> None:
    done = run("experiment", "first-spike", "snn.safetensors", *SHORT, "--max-rate", "1500")
    assert (done.status, done.out) == (2, "")
    assert "max_rate" in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_over_time_does_not_depend_on_the_order_of_networks_or_their_encodings() -> None:
    pysnn.convert(network(), recipe="robust", x=X).save("constant.safetensors")
    words = ("--network", "ann.safetensors", "--data", "both.npz", "--samples", "2:9", "--seed", 3)
    words += ("--num-steps", 8, "--num-seeds", 2, "--json")
    curves = []
    for paths in (("snn", "constant"), ("constant", "snn")):
        done = run("experiment", "over-time", *(f"{each}.safetensors" for each in paths), *words)
        assert (done.status, done.err) == (0, "")
        cases = json.loads(done.out)["cases"]
        curves.append({each["name"]: each for each in cases})
    assert curves[0] == curves[1]
    done = run("experiment", "over-time", "snn.safetensors", *words, "--encoding", "constant")
    assert (done.status, "draws Poisson" in done.err) == (2, True)


def test_a_seed_is_for_the_networks_that_draw() -> None:
    pysnn.convert(network(), recipe="robust", x=X, readout="spikes").save("constant.safetensors")
    words = ("--data", "both.npz", "--num-steps", 20, "--seed", 3, "--json")
    both = run("experiment", "stopping", "snn.safetensors", "constant.safetensors", *words)
    assert (both.status, both.err) == (0, "")
    alone = run("experiment", "stopping", "constant.safetensors", *words)
    assert (alone.status, "--seed goes with" in alone.err) == (2, True)
    drawn = run("experiment", "stopping", "constant.safetensors", *words, "--encoding", "poisson")
    assert drawn.status == 0
