"""`pysnn compare` and `pysnn tune`: the functions' results, printed and as files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_files import PIXELS, X, Y, make_files, network, run

import pysnn
from pysnn.experiments.compare.compare import DEFAULT_STEPS as COMPARED_STEPS
from pysnn.experiments.tune.tune import DEFAULT_STEPS as TUNED_STEPS

CALIBRATION = ("--calibration-data", "both.npz:other")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the files."""
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)


def by_hand(**options: Any) -> dict[str, Any]:
    arguments = {"x": X, "y": Y, "x_calibration": X[::-1], "num_steps": 16, **options}
    return pysnn.compare(network(), **arguments).to_dict()


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], {}),
        (["--recipes", "robust"], {"recipes": ["robust"]}),
        (["--processes", "2"], {}),
        (["--seed", "5", "--dt", "5e-4"], {"seed": 5, "dt": 5e-4}),
        (["--max-rate", "500"], {"max_rate": 500.0}),
        (["--num-steps", "1,5"], {"num_steps": [1, 5]}),
        (
            ["--samples", "3:8", "--calibration-data-samples", "2:9"],
            {
                "x": X[3:8],
                "y": Y[3:8],
                "sample_ids": np.arange(3, 8),
                "x_calibration": X[::-1][2:9],
            },
        ),
        (
            [
                "--recipes",
                "opi2022,robust:percentile=99:neuron=signed:calibration=bias",
                "--convert-steps",
                "4",
            ],
            {
                "recipes": [
                    "opi2022",
                    ("robust", {"percentile": 99, "neuron": "signed", "calibration": "bias"}),
                ],
                "convert_steps": 4,
            },
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_options_are_the_arguments_of_compare(words: list[str], options: dict[str, Any]) -> None:
    words = ["--num-steps", "16", "--json", *words]
    done = run("compare", "ann.safetensors", "--data", "both.npz", *CALIBRATION, *words)
    assert done.status == 0, done.err
    printed = json.loads(done.out)
    assert printed.pop("network") == "ann.safetensors"
    assert printed.pop("data") == "both.npz"
    assert printed == by_hand(**options)


def test_integer_images_are_scaled_with_the_calibration() -> None:
    words = ("--data", "pixels.npy", "--labels", "y.npy", "--scale", "1/255", "--num-steps", "4")
    done = run(
        "compare", "ann.safetensors", *words, "--calibration-data", "pixels.npy",
        "--recipes", "robust", "--json",
    )  # fmt: skip
    assert done.status == 0, done.err
    found = by_hand(x=PIXELS, x_calibration=PIXELS, scale=1 / 255, recipes=["robust"], num_steps=4)
    assert json.loads(done.out)["rows"] == found["rows"]


def test_tables_and_figures_are_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("plotly")
    done = run(
        "compare", "ann.safetensors", "--data", "both.npz", *CALIBRATION, "--num-steps", "8",
        "--recipes", "robust,signed", "--csv", "a.csv", "--html", "a.html", "--figure", "a.svg",
    )  # fmt: skip
    assert done.status == 0, done.err
    assert done.out.startswith("12 samples; ReLU network: ")
    assert len(Path("a.csv").read_text().splitlines()) == 1 + 2 * 2
    assert Path("a.html").read_text().startswith("<!doctype html>")
    assert "<svg" in Path("a.svg").read_text()


TUNE = (
    "--recipes",
    "robust,opi2022",
    "--num-steps",
    "2,4,8",
    "--max-loss",
    "0.3",
    "--num-threads",
    "1",
)


def test_tune_writes_the_network_that_it_prints(tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    words = ("tune", "ann.safetensors", "--data", "both.npz", *CALIBRATION, *TUNE)
    words += ("--checkpoint", "kept.json", "--csv", "a.csv", "--split-seed", "3")
    words += ("--html", "a.html")
    done = run(*words)
    assert done.status == 0, done.err
    found = pysnn.tune(
        network(),
        X,
        Y,
        x_calibration=X[::-1],
        recipes=["robust", "opi2022"],
        num_steps=[2, 4, 8],
        max_loss=0.3,
        split_seed=3,
    )
    assert done.out == f"{found}\n"
    assert Path("tuned.safetensors").read_bytes() == pysnn.io.to_bytes(found.network)
    assert Path("a.csv").exists()
    assert Path("a.html").read_text("utf-8") == found.to_html()
    again = run(*words, "--json", "--output", "b.safetensors")
    assert json.loads(again.out)["candidate"] == found.candidate.name
    assert Path("b.safetensors").read_bytes() == Path("tuned.safetensors").read_bytes()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--data", "x.npy", *CALIBRATION], "--labels must be given"),
        (["--data", "both.npz"], "--calibration-data must be given"),
        (
            ["--data", "both.npz", "--calibration-data-samples", "3"],
            "--calibration-data-samples goes with",
        ),
        (
            ["--data", "both.npz", *CALIBRATION, "--calibration-data-samples", "30"],
            "--calibration-data-samples ends at 30",
        ),
        (["--data", "both.npz", *CALIBRATION, "--recipes", "best"], "names 'best'"),
        (["--data", "both.npz", *CALIBRATION, "--recipes", "robust:per"], "KEYWORD=VALUE"),
        (["--data", "both.npz", *CALIBRATION, "--recipes", "robust:colour=red"], "'colour'"),
        (["--data", "both.npz", *CALIBRATION, "--recipes", "robust,robust"], "recipes[1]"),
        (["--data", "both.npz", *CALIBRATION, "--recipes", "robust", "--seed", "1"], "--seed"),
        (["--data", "both.npz", *CALIBRATION, "--num-steps", "4,2"], "must rise"),
        (["--data", "both.npz", *CALIBRATION, "--csv", "both.npz"], ".csv"),
        (["--data", "both.npz", *CALIBRATION, "--figure", "a.txt"], ".svg"),
    ],
)
@pytest.mark.parametrize("command", ["compare", "tune"])
def test_wrong_usage_is_told(command: str, words: list[str], says: str) -> None:
    done = run(command, "ann.safetensors", *words)
    assert done.status == 2
    assert says in done.err
    assert not done.out


@pytest.mark.parametrize(
    ("command", "default"), [("compare", COMPARED_STEPS), ("tune", TUNED_STEPS)]
)
def test_the_help_says_the_defaults_of_python(command: str, default: int) -> None:
    words = " ".join(run(command, "--help").out.split())
    assert f"(default: {default})" in words


def test_a_time_stands_for_the_last_number_of_steps() -> None:
    words = ("--data", "both.npz", *CALIBRATION, "--recipes", "robust", "--json")
    by_time = run("compare", "ann.safetensors", *words, "--duration", "0.006", "--dt", "5e-4")
    by_steps = run("compare", "ann.safetensors", *words, "--num-steps", "12", "--dt", "5e-4")
    assert by_time.status == 0
    assert by_time.out == by_steps.out
    both = run("compare", "ann.safetensors", *words, "--duration", "1", "--num-steps", "2")
    assert (both.status, "not allowed with" in both.err) == (2, True)
