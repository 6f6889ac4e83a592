"""`pysnn simulate`: what `pysnn.simulate` gives, printed and as files."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_files import PIXELS, X, Y, make_files, run, spikes

import pysnn


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the files."""
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)


def snn() -> pysnn.SpikingNetwork:
    """Return the spiking network of the files."""
    network = pysnn.load("snn.safetensors")
    assert isinstance(network, pysnn.SpikingNetwork)
    return network


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        (["--data", "x.npy"], {"x": X, "duration": 0.1}),
        (
            ["--data", "both.npz", "--duration", "0.02", "--dt", "5e-4", "--max-rate", "800"],
            {"x": X, "duration": 0.02, "dt": 5e-4, "max_rate": 800},
        ),
        (["--data", "x.npy", "--num-steps", "17"], {"x": X, "num_steps": 17}),
        (
            ["--data", "x.npy", "--num-steps", "30", "--dt", "7e-4"],
            {"x": X, "num_steps": 30, "dt": 7e-4},
        ),
        (
            ["--data", "pixels.npy", "--scale", "1/255", "--seed", "7", "--num-threads", "2"],
            {"x": PIXELS, "scale": 1 / 255, "seed": 7, "duration": 0.1},
        ),
        (
            ["--data", "x.npy", "--stop-margin", "2", "--stop-interval", "4"],
            {"x": X, "duration": 0.1, "stop_margin": 2, "stop_interval": 4},
        ),
        (["--data", "x.npy", "--max-rate", "0"], {"x": X, "duration": 0.1, "max_rate": 0}),
        (
            ["--data", "x.npy", "--samples", "3:8"],
            {"x": X[3:8], "duration": 0.1, "sample_ids": [3, 4, 5, 6, 7]},
        ),
        (
            ["--data", "x.npy", "--encoding", "regular", "--max-rate", "400"],
            {"x": X, "duration": 0.1, "encoding": "regular", "max_rate": 400},
        ),
        (
            ["--data", "x.npy", "--encoding", "constant"],
            {"x": X, "duration": 0.1, "encoding": "constant"},
        ),
        (["--spikes", "spikes.npz"], {"spikes": spikes()}),
        (
            ["--spikes", "spikes.npz:spikes", "--bias-scale", "0.5"],
            {"spikes": spikes(), "bias_scale": 0.5},
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_options_are_the_arguments_of_simulate(words: list[str], arguments: dict[str, Any]) -> None:
    done = run("simulate", "snn.safetensors", "--output", "out.npz", *words)
    assert (done.status, done.err) == (0, "")
    result = pysnn.simulate(snn(), **arguments)
    with np.load("out.npz") as arrays:
        for name in (
            "predictions",
            "spike_counts",
            "first_spike_step",
            "stopped_step",
            "num_input_spikes",
            "num_spikes",
            "synaptic_operations",
        ):
            np.testing.assert_array_equal(arrays[name], getattr(result, name), err_msg=name)
        assert tuple(arrays["population_names"]) == result.population_names


def test_a_part_of_the_samples_has_the_spikes_that_the_whole_gives_them() -> None:
    run("simulate", "snn.safetensors", "--data", "x.npy", "--output", "whole.npz")
    run("simulate", "snn.safetensors", "--data", "x.npy", "--output", "p.npz", "--samples", "4:6")
    with np.load("whole.npz") as whole, np.load("p.npz") as part:
        np.testing.assert_array_equal(part["spike_counts"], whole["spike_counts"][4:6])
        assert part["sample_ids"].tolist() == [4, 5]


def test_the_summary_has_accuracy_activity_and_time() -> None:
    done = run("simulate", "snn.safetensors", "--data", "both.npz", "--duration", "0.05")
    result = pysnn.simulate(snn(), X, duration=0.05)
    accuracy = result.accuracy(Y)
    lines = done.out.splitlines()
    assert lines[0] == "snn.safetensors on both.npz: 12 samples, 50 steps of 0.001 s"
    assert lines[1] == (
        f"accuracy: {accuracy[-1]:.2%} after 50 ms ({accuracy[4]:.2%} after 5 ms, "
        f"{accuracy[9]:.2%} after 10 ms, {accuracy[24]:.2%} after 25 ms)"
    )
    for name, count in zip(result.population_names, result.num_spikes.mean(axis=0), strict=True):
        assert any(line.split()[:2] == [name, f"{count:,.1f}"] for line in lines)
    assert lines[-1].endswith("samples a second")


def test_json_is_on_stdout_and_in_a_json_file() -> None:
    words = ("snn.safetensors", "--data", "both.npz", "--stop-margin", "1", "--json")
    done = run("simulate", *words, "--output", "out.json")
    facts = json.loads(done.out)
    assert facts == json.loads(Path("out.json").read_text())
    result = pysnn.simulate(snn(), X, duration=0.1, stop_margin=1)
    assert facts["accuracy"] == result.accuracy(Y).tolist()
    assert facts["predictions"] == result.predictions.tolist()
    assert facts["mean_steps"] == result.stopped_step.mean()
    assert facts["samples_without_output_spike"] == (result.first_spike_step < 0).sum()
    spikes_there = result.first_spike_step[result.first_spike_step >= 0]
    assert facts["mean_first_spike_step"] == pytest.approx(spikes_there.mean())
    assert [each["synaptic_operations"] for each in facts["populations"]] == (
        result.synaptic_operations.mean(axis=0).tolist()
    )
    for name, value in (("seed", 0), ("max_rate", 1000.0), ("stop_margin", 1), ("num_steps", 100)):
        assert facts[name] == value
    assert facts["seconds"] > 0


def test_csv_has_a_line_per_sample() -> None:
    run("simulate", "snn.safetensors", "--data", "both.npz", "--output", "out.csv")
    result = pysnn.simulate(snn(), X, duration=0.1)
    with open("out.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["sample"]) for row in rows] == list(range(12))
    assert [int(row["label"]) for row in rows] == Y.tolist()
    assert [int(row["prediction"]) for row in rows] == result.predictions.tolist()
    assert [int(row["spikes"]) for row in rows] == result.num_spikes.sum(axis=1).tolist()
    assert [[int(row[f"count_{k}"]) for k in range(3)] for row in rows] == (
        result.spike_counts.tolist()
    )
    run("simulate", "snn.safetensors", "--data", "x.npy", "--output", "out.csv")
    assert "label" not in Path("out.csv").read_text()


def test_records_are_kept_by_population() -> None:
    words = ("snn.safetensors", "--data", "x.npy", "--output", "out.npz", "--duration", "0.01")
    records = ("--record", "spikes:pool1", "--record", "potentials", "--record", "counts:linear1")
    assert run("simulate", *words, *records).status == 0
    result = pysnn.simulate(snn(), X, duration=0.01, record=("spikes", "potentials", "counts"))
    with np.load("out.npz") as arrays:
        kept = {name: arrays[name] for name in arrays.files if "/" in name}
    potentials = {f"potentials/{name}" for name in result.population_names}
    assert set(kept) == {"spikes/pool1", "counts/linear1", *potentials}
    np.testing.assert_array_equal(kept["spikes/pool1"], result.spikes("pool1"))
    np.testing.assert_array_equal(kept["potentials/conv1"], result.potentials["conv1"])
    np.testing.assert_array_equal(kept["counts/linear1"], result.counts("linear1"))


def test_the_balance_of_charge_is_kept_with_all_its_parts() -> None:
    words = ("snn.safetensors", "--data", "x.npy", "--output", "out.npz", "--encoding", "regular")
    assert run("simulate", *words, "--record", "balance:linear1").status == 0
    result = pysnn.simulate(snn(), X, duration=0.1, encoding="regular", record="balance")
    balance = result.balance["linear1"]
    with np.load("out.npz") as arrays:
        kept = {name: arrays[name] for name in arrays.files if "/" in name}
        assert json.loads(str(arrays["summary"]))["encoding"] == "regular"
    assert set(kept) == {f"balance/linear1/{f.name}" for f in dataclasses.fields(balance)}
    for name, values in kept.items():
        np.testing.assert_array_equal(values, getattr(balance, name.rpartition("/")[2]))
    parts = {name.rpartition("/")[2]: values for name, values in kept.items()}
    assert np.any(parts["input_charge"] != 0)
    assert np.any(parts["spike_counts"] > 0)


@pytest.mark.parametrize("batch_size", [1, 5, 100])
def test_batches_change_nothing(batch_size: int) -> None:
    words = ("snn.safetensors", "--data", "x.npy", "--labels", "y.npy", "--record", "counts")
    assert run("simulate", *words, "--output", "whole.npz").status == 0
    parts = ("--output", "parts.npz", "--batch-size", batch_size)
    assert run("simulate", *words, *parts).status == 0
    with np.load("whole.npz") as whole, np.load("parts.npz") as arrays:
        assert set(arrays.files) == set(whole.files)
        for name in set(whole.files) - {"summary"}:
            np.testing.assert_array_equal(arrays[name], whole[name])


def test_records_go_to_files_of_their_own() -> None:
    words = ("snn.safetensors", "--data", "pixels.npy", "--scale", "1/255", "--num-steps", "20")
    records = ("--record", "spikes:conv1", "--record-to", "left", "--batch-size", "5")
    assert run("simulate", *words, *records, "--output", "out.npz").status == 0
    expected = pysnn.simulate(snn(), PIXELS, scale=1 / 255, num_steps=20, record="spikes")
    found = pysnn.RecordFiles("left").read("spikes", "conv1", 0, 12)
    np.testing.assert_array_equal(found, expected.spikes("conv1"))
    with np.load("out.npz") as arrays:
        np.testing.assert_array_equal(arrays["spike_counts"], expected.spike_counts)
        assert not any("/" in name for name in arrays.files)
    done = run("simulate", *words, *records)
    assert done.status == 1
    assert "left, which holds 2 files" in done.err


def test_samples_of_a_npy_file_are_mapped(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def noting(snn: pysnn.SpikingNetwork, x: object = None, **options: Any) -> object:
        given.append(x)
        return simulate(snn, x, **options)

    simulate = pysnn.spiking.simulate
    monkeypatch.setattr("pysnn.spiking.simulate", noting)
    assert run("simulate", "snn.safetensors", "--data", "x.npy", "--samples", "2:9").status == 0
    assert isinstance(given[0], np.memmap)
    np.testing.assert_array_equal(given[0], X[2:9])


def test_given_spikes_have_labels_where_they_are_named() -> None:
    np.save("five.npy", Y[:5])
    words = ("snn.safetensors", "--spikes", "spikes.npz", "--json")
    assert json.loads(run("simulate", *words).out)["accuracy"] is None
    facts = json.loads(run("simulate", *words, "--labels", "five.npy").out)
    assert facts["accuracy"] == pysnn.simulate(snn(), spikes=spikes()).accuracy(Y[:5]).tolist()
    assert "max_rate" not in facts


@pytest.mark.parametrize(
    ("words", "status", "parts"),
    [
        ([], 2, ("--data or --spikes",)),
        (["--data", "x.npy", "--spikes", "spikes.npz"], 2, ("--data or --spikes", "not both")),
        (["--spikes", "spikes.npz", "--duration", "1"], 2, ("--duration", "--data")),
        (["--spikes", "spikes.npz", "--num-steps", "9"], 2, ("--num-steps", "--data")),
        (
            ["--data", "x.npy", "--num-steps", "9", "--duration", "1"],
            2,
            ("--duration", "--num-steps"),
        ),
        (["--data", "x.npy", "--num-steps", "0"], 2, ("--num-steps", "0", "at least 1")),
        (["--data", "x.npy", "--num-steps", str(2**34 + 1)], 2, ("num_steps", "2^34")),
        (["--spikes", "spikes.npz", "--max-rate", "1"], 2, ("--max-rate", "--data")),
        (["--spikes", "spikes.npz", "--encoding", "regular"], 2, ("--encoding", "--data")),
        (["--data", "x.npy", "--encoding", "bursts"], 2, ("--encoding", "bursts", "regular")),
        (["--spikes", "spikes.npz", "--scale", "1"], 2, ("--scale", "--data")),
        (["--spikes", "spikes.npz", "--samples", "1"], 2, ("--samples", "--data")),
        (["--spikes", "x.npy"], 1, ("x.npy[0, 0, 0, 0]", "0.8", "0 or 1")),
        (["--spikes", "labels-idx1-ubyte"], 1, ("labels-idx1-ubyte", "num_steps")),
        (["--data", "x.npy", "--bias-scale", "1"], 2, ("--bias-scale", "--spikes")),
        (["--data", "x.npy", "--bias-scale", "2"], 2, ("--bias-scale", "2", "[0, 1]")),
        (["--data", "x.npy", "--stop-interval", "4"], 2, ("--stop-interval", "--stop-margin")),
        (["--data", "x.npy", "--stop-margin", "0"], 2, ("--stop-margin", "above 0")),
        (["--data", "x.npy", "--record", "spikes"], 2, ("--record", ".npz")),
        (["--data", "x.npy", "--record", "all"], 2, ("--record", "'all'", "potentials")),
        (
            ["--data", "x.npy", "--record", "spikes:linear9", "--output", "out.npz"],
            2,
            ("linear9", "linear1"),
        ),
        (["--data", "x.npy", "--duration", "0"], 2, ("--duration", "above 0")),
        (["--data", "x.npy", "--max-rate", "2000"], 2, ("max_rate * dt is 2",)),
        (["--data", "x.npy", "--duration", "0.0001"], 2, ("duration is 0.0001 s", "one step")),
        (["--spikes", "spikes.npz", "--seed", "0"], 2, ("--seed", "--data")),
        (["--data", "x.npy", "--encoding", "constant", "--seed", "0"], 2, ("--seed", "constant")),
        (["--data", "x.npy", "--encoding", "regular", "--seed", "0"], 2, ("--seed", "regular")),
        (["--data", "x.npy", "--max-rate", "-1"], 2, ("--max-rate", "-1")),
        (["--data", "x.npy", "--seed", "-1"], 2, ("--seed", "-1")),
        (["--data", "x.npy", "--output", "out.txt"], 2, ("out.txt", ".npz or .json or .csv")),
        (["--data", "both.npz", "--output", "both.npz"], 2, ("both.npz", "reads")),
        (["--data", "x.npy", "--output", "folder/a/out.csv"], 2, ("folder/a",)),
        (
            ["--data", "pixels.npy", "--scale", "1"],
            1,
            ("pixels.npy: x", "[0, 1]", "--scale 1/255"),
        ),
        (["--data", "x.npy", "--record-to", "r"], 2, ("--record-to", "--record")),
        (["--data", "x.npy", "--batch-size", "0"], 2, ("--batch-size", "0", "at least 1")),
        (["--data", "x.npy", "--record", "spikes", "--record-to", "x.npy"], 2, ("x.npy", "file")),
        (["--data", "x.npy", "--record", "spikes", "--record-to", "."], 1, ("record_to", "empty")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage_is_one_line_and_writes_nothing(
    words: list[str], status: int, parts: tuple[str, ...]
) -> None:
    before = sorted(Path().iterdir())
    done = run("simulate", "snn.safetensors", *words)
    assert (done.status, done.out) == (status, "")
    assert done.err.count("\n") == 1
    for part in parts:
        assert part in done.err
    assert sorted(Path().iterdir()) == before


def test_one_hot_rows_are_the_classes_that_they_say() -> None:
    np.save("one_hot.npy", np.eye(3)[Y])
    done = [
        run("simulate", "snn.safetensors", "--data", "x.npy", "--labels", labels, "--output", name)
        for labels, name in (("y.npy", "a.csv"), ("one_hot.npy", "b.csv"))
    ]
    assert [each.status for each in done] == [0, 0]
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()


def test_labels_beyond_the_classes_fail_before_the_simulation() -> None:
    np.save("big.npy", Y + 1)
    done = run("simulate", "snn.safetensors", "--data", "x.npy", "--labels", "big.npy")
    assert done.status == 1
    assert "but must be in [0, 3)" in done.err


def test_a_relu_network_is_refused_with_what_to_do() -> None:
    done = run("simulate", "ann.safetensors", "--data", "x.npy")
    assert done.status == 2
    assert "'pysnn convert ann.safetensors'" in done.err


def test_a_file_is_named_once_and_as_the_user_wrote_it() -> None:
    Path("scale=3").mkdir()
    np.save("scale=3/x.npy", np.full((2, 1, 28, 28), 3.0))
    np.save("x.npy", np.zeros(3))
    Path("x.safetensors").write_bytes(b"no")
    for model, data, start in (
        ("snn.safetensors", "x.npy", "x.npy has shape"),
        ("snn.safetensors", "scale=3/x.npy", "scale=3/x.npy: x has shape"),
        ("x.safetensors", "x.npy", "x.safetensors: "),
    ):
        done = run("simulate", model, "--data", data)
        assert done.status == 1
        assert done.err.startswith(f"pysnn: error: {start}")
        assert done.err.count(data) == (model != "x.safetensors")
