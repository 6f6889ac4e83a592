"""`pysnn convert`: the network that `pysnn.convert` gives, as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_files import PIXELS, X, make_files, network, run

import pysnn


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the files."""
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        (["--data", "x.npy"], {"x": X}),
        (["--data", "both.npz", "--samples", "4:9"], {"x": X[4:9]}),
        (["--data", "pixels.npy", "--scale", "1/255"], {"x": PIXELS, "scale": 1 / 255}),
        (
            ["--method", "data", "--data", "x.npy", "--variant", "released", "--no-include-last"],
            {"method": "data", "x": X, "variant": "released", "include_last": False},
        ),
        (["--method", "model"], {"method": "model"}),
        (
            ["--method", "none", "--threshold", "2", "--reset", "subtract"],
            {"method": "none", "threshold": 2.0, "reset": "subtract"},
        ),
        (
            ["--method", "none", "--refractory-period", "2e-3", "--initial-potential", "-0.5"],
            {"method": "none", "refractory_period": 0.002, "initial_potential": -0.5},
        ),
        (
            ["--method", "none", "--precision", "int16", "--num-threads", "1"],
            {"method": "none", "precision": "int16"},
        ),
        (["--recipe", "robust", "--data", "x.npy"], {"recipe": "robust", "x": X}),
        (
            ["--data", "x.npy", "--calibration", "bias", "--num-steps", "8", "--delay", "latency"],
            {"x": X, "calibration": "bias", "num_steps": 8, "delay": "latency"},
        ),
        (
            [
                "--method",
                "none",
                "--threshold",
                "linear1=2",
            ],
            {"method": "none", "threshold": {"linear1": 2.0}},
        ),
        (
            ["--recipe", "signed", "--data", "x.npy", "--percentile", "99", "--per", "layer"],
            {"recipe": "signed", "x": X, "percentile": 99.0, "per": "layer"},
        ),
        (
            ["--method", "mmse", "--data", "x.npy", "--num-steps", "8", "--per", "channel"],
            {"method": "mmse", "x": X, "num_steps": 8, "per": "channel"},
        ),
        (
            ["--method", "balanced", "--data", "x.npy", "--num-updates", "3"],
            {"method": "balanced", "x": X, "num_updates": 3},
        ),
        (
            ["--recipe", "snm2022", "--data", "x.npy", "--negative-threshold", "0.5"],
            {"recipe": "snm2022", "x": X, "negative_threshold": 0.5},
        ),
        (
            ["--recipe", "robust", "--data", "x.npy", "--neuron", "signed", "--pools", "spiking"],
            {"recipe": "robust", "x": X, "neuron": "signed", "pools": "spiking"},
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_options_are_the_arguments_of_convert(words: list[str], arguments: dict[str, Any]) -> None:
    done = run("convert", "ann.safetensors", "--output", "new.safetensors", *words)
    assert (done.status, done.err) == (0, "")
    assert pysnn.load("new.safetensors") == pysnn.convert(network(), **arguments)
    assert done.out == run("inspect", "new.safetensors").out


def test_json_is_that_of_inspect() -> None:
    done = run("convert", "ann.safetensors", "--method", "model", "--json")
    assert done.err == ""
    facts = json.loads(done.out)
    assert facts["file"] == "spiking_network.safetensors"
    assert facts == json.loads(run("inspect", "spiking_network.safetensors", "--json").out)


def test_weights_that_rounding_turned_into_0_are_told() -> None:
    layer = pysnn.Linear([[1.0, 1e-6], [0.5, 0.25]], [100.0, 0.0])
    pysnn.Network([layer], input_shape=2).save("small.safetensors")
    done = run("convert", "small.safetensors", "--method", "none", "--precision", "int16")
    assert done.status == 0
    assert "rounding turned 25 % of the weights of linear1 into 0" in done.err
    assert done.out == run("inspect", "spiking_network.safetensors").out


@pytest.mark.parametrize(
    ("words", "status", "parts"),
    [
        ([], 2, ("--method percentile", "--data mnist:train")),
        (["--method", "none", "--calibration", "bias"], 2, ("--calibration", "bias", "--data")),
        (["--method", "none", "--num-steps", "9"], 2, ("num_steps is 9", "calibration")),
        (
            ["--method", "none", "--threshold", "a=1", "--threshold", "2"],
            2,
            ("--threshold", "NAME=V"),
        ),
        (["--method", "model", "--data", "x.npy"], 2, ("--data", "model")),
        (["--method", "none", "--scale", "1/255"], 2, ("--scale", "none")),
        (["--method", "none", "--samples", "3"], 2, ("--samples", "none")),
        (["--method", "model", "--variant", "correct"], 2, ("--variant", "model")),
        (["--method", "none", "--no-include-last"], 2, ("--no-include-last", "none")),
        (["--method", "best"], 2, ("--method", "'best'")),
        (["--method", "gaussian"], 2, ("--method gaussian", "--data mnist:train")),
        (
            ["--method", "mmse", "--data", "x.npy", "--num-updates", "3"],
            2,
            ("--num-updates", "mmse"),
        ),
        (["--method", "clip", "--scale", "1/255"], 2, ("--scale", "--data")),
        (["--method", "none", "--threshold", "0"], 2, ("--threshold", "above 0")),
        (["--method", "none", "--threshold", "x"], 2, ("--threshold", "'x'")),
        (["--method", "none", "--refractory-period", "-1"], 2, ("--refractory-period", "-1")),
        (["--method", "none", "--initial-potential", "inf"], 2, ("--initial-potential", "'inf'")),
        (["--method", "none", "--thres", "2"], 2, ("unrecognized", "--thres")),
        (["--method", "none", "--output", "new.npz"], 2, ("new.npz", ".safetensors")),
        (["--method", "none", "--output", "./ann.safetensors"], 2, ("ann.safetensors", "reads")),
        (["--method", "none", "--output", "no/a.safetensors"], 2, ("no/a.safetensors", "folder")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage_is_one_line_and_writes_nothing(
    words: list[str], status: int, parts: tuple[str, ...]
) -> None:
    before = sorted(Path().iterdir())
    done = run("convert", "ann.safetensors", *words)
    assert (done.status, done.out) == (status, "")
    assert done.err.count("\n") == 1
    for part in parts:
        assert part in done.err
    assert sorted(Path().iterdir()) == before


def test_a_spiking_network_is_not_converted_again() -> None:
    done = run("convert", "snn.safetensors", "--method", "model")
    assert done.status == 2
    assert "snn.safetensors holds a spiking network, but must hold a ReLU network" in done.err


def test_samples_of_another_shape_fail_before_anything_is_written() -> None:
    done = run("convert", "ann.safetensors", "--data", "mnist:test")
    assert (done.status, done.out) == (1, "")
    assert "(10000, 1, 28, 28)" in done.err
    assert not Path("spiking_network.safetensors").exists()


def test_samples_outside_0_to_1_are_refused_as_simulate_refuses_them() -> None:
    for command in (
        ("convert", "ann.safetensors", "--method", "data"),
        ("simulate", "snn.safetensors"),
    ):
        done = run(*command, "--data", "pixels.npy", "--scale", "1")
        assert (done.status, done.out) == (1, "")
        assert "x * scale[0, 0, 0, 0] is " in done.err
        assert "but must be in [0, 1], a fraction of max_rate" in done.err
    assert not Path("spiking_network.safetensors").exists()


def test_a_network_of_another_program_is_read_by_its_importer() -> None:
    pytest.importorskip("scipy", reason="scipy is not installed")
    import matlab_files as matlab

    matlab.write(Path("net.mat"), cnn=matlab.convolutional_struct([2, 3], 5, 2, 48, 10))
    assert run("convert", "net.mat", "--method", "model").status == 0
    network = pysnn.from_matlab("net.mat")
    assert pysnn.load("spiking_network.safetensors") == pysnn.convert(network, method="model")
    assert "conv2" in run("inspect", "net.mat").out
