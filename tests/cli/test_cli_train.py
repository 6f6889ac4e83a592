"""`pysnn train`: the network that `pysnn.train` gives, as a file."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_files import PIXELS, X, Y, make_files, network, run

import pysnn
from pysnn.models import from_notation
from pysnn.training.recipes import CONVNET_RECIPE, FCN_RECIPE, Recipe

SMALL = ("--model", "3x4-3", "--data", "both.npz", "--epochs", "2")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the files."""
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)


def trained(start: pysnn.Network, x: Any, y: Any, **arguments: Any) -> pysnn.Network:
    """Return a network trained with the defaults for networks that are not the paper's."""
    settings = {
        "epochs": 2,
        "learning_rate": [0.1, 0.05],
        "validation_split": 1,
    }
    pysnn.train(start, x, y, **{**settings, **arguments})
    return start


@pytest.mark.parametrize(
    ("words", "start", "arguments"),
    [
        ([], from_notation("3x4-3"), {}),
        (["--seed", "4", "--bias"], from_notation("3x4-3", bias=True, seed=4), {"seed": 4}),
        (
            ["--model", "3x4-2c3p1-3", "--dropout", "0.25", "--validation-split", "0.5"],
            from_notation("3x4-2c3p1-3"),
            {"dropout": 0.25, "validation_split": 0.5},
        ),
        (
            ["--learning-rate", "0.3", "--schedule", "constant", "--momentum", "0.5"],
            from_notation("3x4-3"),
            {"learning_rate": 0.3, "momentum": 0.5},
        ),
        (
            ["--batch-size", "4", "--loss", "softmax_cross_entropy", "--epochs", "3"],
            from_notation("3x4-3"),
            {
                "batch_size": 4,
                "loss": "softmax_cross_entropy",
                "epochs": 3,
                "learning_rate": [0.1 * (1 - epoch / 3) for epoch in range(3)],
            },
        ),
        (
            ["--model", "3x4-2-3", "--levels", "3"],
            pysnn.models.quantized(from_notation("3x4-2-3"), 3),
            {"learning_rate": [0.05, 0.025], "momentum": 0.9, "loss": "softmax_cross_entropy"},
        ),
        (["--model", "ann.safetensors"], network(), {}),
        (["--validation-split", "0"], from_notation("3x4-3"), {"validation_split": 0}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_options_are_the_arguments_of_train(
    words: list[str], start: pysnn.Network, arguments: dict[str, Any]
) -> None:
    done = run("train", *SMALL, *words)
    assert (done.status, done.err) == (0, "")
    assert pysnn.load("network.safetensors") == trained(start.copy(), X, Y, **arguments)


def test_integer_images_are_scaled_as_told() -> None:
    words = ("--data", "pixels.npy", "--labels", "y.npy", "--scale", "1/255", "--samples", "2:9")
    assert run("train", *SMALL, *words).status == 0
    expected = trained(from_notation("3x4-3"), PIXELS[2:9], Y[2:9], scale=1 / 255)
    assert pysnn.load("network.safetensors") == expected


@pytest.mark.parametrize(
    ("words", "recipe"),
    [([], FCN_RECIPE), (["--model", "diehl2015-convnet"], CONVNET_RECIPE)],
    ids=["fcn", "convnet"],
)
def test_the_papers_networks_are_trained_as_reproduce_trains_them(
    words: list[str], recipe: Recipe, mnist: pysnn.datasets.Mnist
) -> None:
    # So many that rates of other formulas differ in their last digit.
    done = run("train", "--samples", "120", "--epochs", "7", "--seed", "2", *words)
    assert done.err == ""
    expected = recipe.build(2)
    recipe.changed(epochs=7).train(
        expected, mnist.x_train[:120], mnist.y_train[:120], validation_split=10, seed=2
    )
    assert pysnn.load("network.safetensors") == expected


def test_a_twelfth_of_the_samples_is_held_out() -> None:
    run("train", *SMALL, "--output", "a.safetensors")
    run("train", *SMALL, "--output", "b.safetensors", "--validation-split", "1")
    assert Path("a.safetensors").read_bytes() == Path("b.safetensors").read_bytes()
    assert round(60_000 * (1 / 12)) == 5000


def test_the_table_has_a_line_per_epoch_and_the_test_accuracy() -> None:
    done = run("train", *SMALL, "--test-data", "both.npz:other", "--test-labels", "y.npy")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["epoch", "1", "2"]
    model = pysnn.load("network.safetensors")
    assert isinstance(model, pysnn.Network)
    assert lines[3] == f"accuracy on both.npz:other: {model.accuracy(X[::-1], Y):.2%}"
    assert lines[4] == "network written to network.safetensors"
    assert len(lines) == 5


def test_json_and_history_files_have_the_same_numbers() -> None:
    words = (*SMALL, "--json", "--test-data", "both.npz")
    facts = json.loads(run("train", *words, "--history", "history.json").out)
    history = facts["history"]
    assert [len(values) for values in history.values()] == [2] * 5
    assert history == json.loads(Path("history.json").read_text())
    assert facts["epochs"] == 2
    assert facts["network"] == "3x4-3"
    model = pysnn.load("network.safetensors")
    assert isinstance(model, pysnn.Network)
    assert facts["test_accuracy"] == model.accuracy(X, Y)
    run("train", *SMALL, "--history", "history.csv")
    with open("history.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert [float(row["loss"]) for row in rows] == history["loss"]


@pytest.mark.parametrize(
    ("words", "status", "parts"),
    [
        (["--data", "x.npy"], 2, ("--labels",)),
        (["--data", "x_only.npz"], 2, ("--labels",)),
        (["--data", "pixels.npy", "--labels", "y.npy"], 2, ("pixels.npy", "--scale")),
        (["--model", "resnet"], 2, ("notation", "'resnet'", "784-1200-1200-10")),
        (["--model", "3x4-9c9"], 2, ("'3x4-9c9'", "fit")),
        (["--model", "none.safetensors"], 2, ("none.safetensors",)),
        (["--model", "snn.safetensors"], 2, ("snn.safetensors", "spiking", "ReLU")),
        (["--model", "diehl2015-fcn", "--bias"], 2, ("--bias", "diehl2015-fcn")),
        (["--model", "ann.safetensors", "--bias"], 2, ("--bias", "ann.safetensors")),
        (["--model", "ann.safetensors", "--levels", "4"], 2, ("--levels", "ann.safetensors")),
        (["--levels", "4"], 2, ("--levels", "no hidden layer")),
        (["--levels", "0"], 2, ("--levels", "0")),
        (["--model", "ann.safetensors", "--output", "ann.safetensors"], 2, ("reads",)),
        (["--model", "3x4-"], 2, ("--model", "3x4-")),
        (["--model", "3x4-x"], 2, ("--model", "'x'", "12c5")),
        (["--model", "3x4-2"], 2, ("labels", "2", "[0, 2)")),
        (["--output", "out.npz"], 2, ("out.npz", ".safetensors")),
        (["--output", "none/out.safetensors"], 2, ("none",)),
        (["--history", "history.txt"], 2, ("history.txt", ".csv or .json")),
        (["--test-labels", "y.npy"], 2, ("--test-labels", "--test-data")),
        (["--test-data", "x.npy"], 2, ("--test-labels",)),
        (["--test-data", "mnist:test"], 1, ("mnist:test", "(10000, 1, 28, 28)")),
        (["--epochs", "0"], 2, ("--epochs", "at least 1")),
        (["--learning-rate", "-1"], 2, ("--learning-rate", "above 0")),
        (["--momentum", "1"], 2, ("--momentum", "[0, 1)")),
        (["--dropout", "0.1,1"], 2, ("--dropout", "1", "[0, 1)")),
        (["--dropout", "0.1,0.1"], 2, ("dropout", "2 entries", "0 hidden")),
        (["--validation-split", "-1"], 2, ("--validation-split", "-1")),
        (["--validation-split", "12"], 2, ("validation_split", "12")),
        (["--loss", "hinge"], 2, ("--loss", "'hinge'")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage_is_one_line_and_writes_nothing(
    words: list[str], status: int, parts: tuple[str, ...]
) -> None:
    before = sorted(Path().iterdir())
    done = run("train", *SMALL, *words)
    assert (done.status, done.out) == (status, "")
    assert done.err.count("\n") == 1
    for part in parts:
        assert part in done.err
    assert sorted(Path().iterdir()) == before


def test_divergence_is_one_line_and_leaves_no_file() -> None:
    np.save("large.npy", -X * 1e30)
    words = ("--data", "large.npy", "--labels", "y.npy", "--learning-rate", "1000")
    done = run("train", *SMALL, *words, "--recipe", "diehl2015")
    assert done.status == 1
    assert "training diverged" in done.err
    assert done.err.count("\n") == 1
    assert not Path("network.safetensors").exists()


def test_a_network_no_better_than_a_guess_is_not_written() -> None:
    words = ("--model", "784-20-10", "--samples", "1000", "--epochs", "1")
    done = run("train", *words, "--learning-rate", "100")
    assert (done.status, done.out) == (1, "")
    assert done.err.count("\n") == 1
    for part in ("training failed", "--learning-rate than 100", "--recipe default", "not written"):
        assert part in done.err
    assert not Path("network.safetensors").exists()


def test_floats_of_pixels_are_wrong_usage() -> None:
    np.save("pixels_as_floats.npy", X * 255)
    words = ("--data", "pixels_as_floats.npy", "--labels", "y.npy")
    done = run("train", *SMALL, *words)
    assert (done.status, done.out) == (2, "")
    assert "--scale 1/255" in done.err
    assert run("train", *SMALL, *words, "--scale", "1/255").status == 0


def test_recipes_go_by_name() -> None:
    done = run("train", *SMALL, "--recipe", "diehl2015", "--json")
    assert json.loads(done.out)["recipe"] == "diehl2015"
    start = from_notation("3x4-3")
    pysnn.train(start, X, Y, recipe="diehl2015", epochs=2, validation_split=1)
    assert pysnn.load("network.safetensors") == start


@pytest.mark.parametrize(
    ("model", "words"),
    [("7-4-3", "x has shape"), ("12-4-1", "labels[")],
    ids=["inputs", "classes"],
)
def test_a_model_that_does_not_fit_the_samples_is_wrong_usage(model: str, words: str) -> None:
    done = run("train", "--model", model, "--data", "both.npz", "--output", "out.safetensors")
    assert (done.status, words in done.err) == (2, True)
    assert not Path("out.safetensors").exists()
