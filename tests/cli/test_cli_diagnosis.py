"""`pysnn inspect --data --network`: the conversion report on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_files import X, Y, make_files, run

import pysnn


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the files."""
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)


CALL = ("inspect", "snn.safetensors", "--network", "ann.safetensors", "--data", "both.npz")


def report(rows: slice = slice(None), **options: Any) -> pysnn.ConversionReport:
    """Return the report that the options of a call ask for."""
    network, snn = pysnn.load("ann.safetensors"), pysnn.load("snn.safetensors")
    assert isinstance(network, pysnn.Network)
    assert isinstance(snn, pysnn.SpikingNetwork)
    arguments: dict[str, Any] = {"duration": 0.1, **options}
    return pysnn.diagnose(network, snn, X[rows], y=Y[rows], **arguments)


def test_the_report_is_that_of_diagnose() -> None:
    done = run(*CALL)
    assert (done.status, done.err) == (0, "")
    assert done.out == f"{report()}\n"


def test_settings_reach_the_simulations() -> None:
    done = run(
        *CALL,
        *("--duration", 0.05, "--dt", 0.002, "--max-rate", 300, "--seed", 4, "--num-seeds", 2),
        "--json",
    )
    assert done.status == 0
    expected = report(duration=0.05, dt=0.002, max_rate=300.0, seed=4, num_seeds=2)
    assert json.loads(done.out) == json.loads(expected.to_json())


def test_some_samples_keep_the_input_that_they_have_among_all() -> None:
    done = run(*CALL, "--samples", "3:8", "--json")
    assert done.status == 0
    expected = report(slice(3, 8), sample_ids=[3, 4, 5, 6, 7])
    assert json.loads(done.out) == json.loads(expected.to_json())


def test_the_page_shows_the_samples_that_were_asked_for() -> None:
    pytest.importorskip("plotly")
    done = run(*CALL, "--html", "a.html", "--trace", "4,1")
    assert (done.status, done.err) == (0, "")
    assert Path("a.html").read_text("utf-8") == report(trace=[4, 1]).to_html()
    done = run(*CALL, "--html", "b.html", "--trace", "999")
    assert (done.status, Path("b.html").exists()) == (2, False)
    done = run(*CALL, "--html", "both.npz")
    assert done.status == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--data", "both.npz"), "both --data and --network"),
        (("--network", "ann.safetensors"), "both --data and --network"),
        (("--duration", 0.1), "--duration goes with --data"),
        (("--num-seeds", 2), "--num-seeds goes with --data"),
        (("--seed", 0), "--seed goes with --data"),
        (("--num-threads", 2), "--num-threads goes with --data"),
        (("--html", "a.html"), "--html goes with --data"),
        ((*CALL[2:], "--trace", "0"), "--trace goes with --html"),
        (("--network", "snn.safetensors", "--data", "both.npz"), "must hold a ReLU network"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    words: tuple[object, ...], said: str
) -> None:
    done = run("inspect", "snn.safetensors", *words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


def test_a_relu_network_in_place_of_the_spiking_one_is_wrong_usage() -> None:
    done = run("inspect", "ann.safetensors", "--network", "ann.safetensors", "--data", "both.npz")
    assert done.status == 2
    assert "must hold a spiking network" in done.err


def test_a_network_of_other_layers_fails_with_one_line() -> None:
    pysnn.models.mlp((12, 4, 3), seed=0).save("other.safetensors")
    done = run("inspect", "snn.safetensors", "--network", "other.safetensors", "--data", "x.npy")
    assert done.status == 1
    assert len(done.err.strip().splitlines()) == 1
