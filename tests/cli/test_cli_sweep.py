"""`pysnn sweep`: the grid of `pysnn.experiments.sweep`, printed and as files."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_files import PIXELS, X, Y, make_files, run

import pysnn
from pysnn.cli.workers import workers
from pysnn.experiments.sweep import (
    MAX_RATES,
    NORMALIZED_THRESHOLDS,
    THRESHOLDS,
    SweepResult,
    log_range,
    sweep,
)

GRID = ("--max-rates", "200:1000:3", "--thresholds", "0.5,1,2", "--num-steps", "9")
SAME = {"max_rates": log_range(200, 1000, 3), "thresholds": [0.5, 1, 2], "num_steps": 9}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the files."""
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)


def by_hand(**options) -> SweepResult:
    arguments = {"x": X, "y": Y, "num_samples": None, **SAME, **options}
    return sweep(pysnn.load("snn.safetensors"), **arguments)


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (["--data", "both.npz"], {}),
        (["--data", "x.npy", "--labels", "y.npy", "--num-threads", "1"], {}),
        (["--data", "both.npz", "--processes", "2"], {}),
        (["--data", "both.npz", "--seed", "5", "--dt", "5e-4"], {"seed": 5, "dt": 5e-4}),
        (
            ["--data", "both.npz", "--samples", "3:8"],
            {"x": X[3:8], "y": Y[3:8], "sample_ids": np.arange(3, 8)},
        ),
        (
            ["--data", "pixels.npy", "--labels", "y.npy", "--scale", "1/255"],
            {"x": PIXELS, "scale": 1 / 255},
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_options_are_the_arguments_of_sweep(words, options) -> None:
    done = run("sweep", "snn.safetensors", *GRID, *words, "--output", "out")
    assert done.status == 0, done.err
    result = SweepResult.load("out/sweep.json")
    assert result.to_dict() == by_hand(**options).to_dict()
    assert done.out == f"{result}\n"


def test_numbers_tables_and_pictures_are_written_whole(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    run("sweep", "snn.safetensors", "--data", "both.npz", *GRID)
    parts = {path.name for path in (tmp_path / "sweep").glob("sweep-*.npz")}
    assert len(parts) == 3
    written = {"manifest.json", "sweep.csv", "sweep.json", "sweep.png", "sweep.svg"}
    assert {path.name for path in (tmp_path / "sweep").iterdir()} == parts | written
    assert (tmp_path / "sweep/sweep.png").read_bytes().startswith(b"\x89PNG")
    assert "Hz" in (tmp_path / "sweep/sweep.svg").read_text()


def test_a_second_call_goes_on_and_prints_the_same(tmp_path: Path) -> None:
    words = ("sweep", "snn.safetensors", "--data", "both.npz", *GRID, "--json")
    first = run(*words)
    next((tmp_path / "sweep").glob("sweep-*.npz")).unlink()
    assert run(*words) == first
    values = json.loads(first.out)
    assert (values["network"], values["data"]) == ("snn.safetensors", "both.npz")
    assert SweepResult.from_dict(values).to_dict() == by_hand().to_dict()


def test_an_interruption_waits_for_no_worker() -> None:
    options = argparse.Namespace(
        processes=2, num_threads=None, executor=None, part=None, part_size=None
    )
    of_others = multiprocessing.active_children()

    def interrupted() -> None:
        with workers(options, None) as (chosen, _):
            assert chosen.executor is not None
            part: Any = chosen.executor.submit(time.sleep, 600)
            while not part.running():
                time.sleep(0.01)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert set(multiprocessing.active_children()) <= set(of_others)


def test_a_folder_of_another_sweep_is_refused() -> None:
    run("sweep", "snn.safetensors", "--data", "both.npz", *GRID)
    done = run("sweep", "snn.safetensors", "--data", "both.npz", *GRID, "--seed", "1")
    assert done.status == 1
    assert "seed was 0, is 1" in done.err
    assert done.err.count("\n") == 1


def test_the_default_thresholds_fit_the_normalization() -> None:
    pysnn.convert(pysnn.load("ann.safetensors"), method="none").save("plain.safetensors")
    for file, thresholds in (
        ("plain.safetensors", THRESHOLDS),
        ("snn.safetensors", NORMALIZED_THRESHOLDS),
    ):
        words = ("--data", "both.npz", "--samples", "2", "--num-steps", "1", "--output", file[:3])
        assert run("sweep", file, *words).status == 0
        result = SweepResult.load(f"{file[:3]}/sweep.json")
        assert tuple(result.thresholds) == thresholds
        assert tuple(result.max_rates) == MAX_RATES


def test_the_first_thousand_samples_are_taken_unless_told_otherwise() -> None:
    np.savez("many.npz", x=np.tile(X, (100, 1, 1, 1)), y=np.tile(Y, 100))
    words = ("--max-rates", "100", "--thresholds", "1", "--num-steps", "1", "--data", "many.npz")
    run("sweep", "snn.safetensors", *words, "--output", "default")
    run("sweep", "snn.safetensors", *words, "--samples", "1100", "--output", "told")
    assert SweepResult.load("default/sweep.json").num_samples == 1000
    assert SweepResult.load("told/sweep.json").num_samples == 1100


def test_without_matplotlib_only_the_pictures_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = run("sweep", "snn.safetensors", "--data", "both.npz", *GRID)
    assert done.status == 0
    assert "pip install matplotlib threadpoolctl tqdm (the extra 'report')" in done.err
    assert (tmp_path / "sweep/sweep.csv").exists()
    assert not (tmp_path / "sweep/sweep.png").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ann.safetensors"], "must hold a spiking network"),
        (["snn.safetensors", "--data", "x.npy"], "--labels must be given"),
        (["snn.safetensors", "--max-rates", "100:200"], "LOW:HIGH:COUNT"),
        (["snn.safetensors", "--max-rates", "0:200:3"], "LOW:HIGH:COUNT"),
        (["snn.safetensors", "--thresholds", "1,a"], "LOW:HIGH:COUNT"),
        (["snn.safetensors", "--thresholds", "1:2:1"], "LOW:HIGH:COUNT"),
        (["snn.safetensors", "--max-rates", "2,1"], "'2,1', but numbers must be finite, above 0"),
        (["snn.safetensors", "--max-rates", "1,inf"], "'1,inf', but numbers must be finite"),
        (["snn.safetensors", "--thresholds=-1,1"], "'-1,1', but numbers must be finite, above 0"),
        (
            ["snn.safetensors", "--data", "both.npz", "--max-rates", "100,2000"],
            "max_rate * dt is 2",
        ),
        (["snn.safetensors", "--num-steps", "0"], "--num-steps"),
        (["snn.safetensors", "--processes", "0"], "--processes"),
    ],
)
def test_wrong_usage_is_named(words: list[str], message: str) -> None:
    done = run("sweep", *words)
    assert done.status == 2
    assert message in done.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--labels", "float_labels.npy"], "float_labels.npy has dtype float64"),
    ],
)
def test_files_that_do_not_fit_are_one_line(words: list[str], message: str) -> None:
    done = run("sweep", "snn.safetensors", "--data", "both.npz", *words)
    assert done.status == 1
    assert message in done.err
    assert done.err.count("\n") == 1
