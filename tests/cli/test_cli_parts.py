"""Parts on the command line: ``--executor``, ``--parts``, ``--part`` and `pysnn merge`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cli_files import X, make_files, network, run

import pysnn

SIMULATE = ("simulate", "snn.safetensors", "--data", "both.npz", "--num-steps", "9")
GRID = ("--max-rates", "200:1000:3", "--thresholds", "0.5,1,2", "--num-steps", "9")
SWEEP = ("sweep", "snn.safetensors", "--data", "both.npz", *GRID, "--json")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the files."""
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)


def test_shares_and_a_merge_give_the_file_of_one_run(tmp_path: Path) -> None:
    run(*SIMULATE, "--output", "one.csv")
    shares = (*SIMULATE, "--output", "all.csv", "--parts", "kept", "--part-size", "5")
    for number in (2, 1, 3):
        done = run(*shares, "--part", f"{number}/3")
        assert done.status == 0
        last = number == 3
        assert (tmp_path / "all.csv").exists() == last
        assert ("is done" in done.err) == (not last)
    (tmp_path / "all.csv").unlink()
    assert run("merge", "kept").status == 0
    assert (tmp_path / "all.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()


def test_a_sweep_keeps_its_shares_in_its_output_folder() -> None:
    whole = run(*SWEEP, "--output", "one")
    words = (*SWEEP, "--output", "grid", "--part=2/2")
    first = run(*words)
    assert (first.status, first.out) == (0, "")
    assert "part 2 of 2 is done: 1 of 3 parts are in grid" in first.err
    early = run("merge", "grid")
    assert early.status == 1
    assert "error: 1 of 3 parts are in grid; missing are parts of sweep" in early.err
    run(*SWEEP, "--output", "grid", "--part", "1/2")
    assert run("merge", "grid").out == whole.out


def test_a_search_takes_a_round_of_shares_for_each_of_its_own() -> None:
    words = ("tune", "ann.safetensors", "--data", "both.npz", "--calibration-data", "both.npz")
    words = (*words, "--recipes", "diehl2015,opi2022", "--num-steps", "8", "--json")
    whole = json.loads(run(*words).out)
    for _ in range(4):
        for number in (1, 2):
            share = ("--parts", "kept", "--part-size", "3", "--part", f"{number}/2")
            assert run(*words, *share).status == 0
        done = run("merge", "kept")
        if done.status == 0:
            assert json.loads(done.out) == whole
            return
    pytest.fail("parts are still missing")


def test_what_one_run_keeps_another_one_takes() -> None:
    first = run(*SIMULATE, "--parts", "kept")
    kept = {path.name: path.stat().st_mtime_ns for path in Path("kept").iterdir()}
    again = run(*SIMULATE, "--parts", "kept")
    assert again.out.splitlines()[:-1] == first.out.splitlines()[:-1]
    assert {path.name: path.stat().st_mtime_ns for path in Path("kept").iterdir()} == kept


def test_an_engine_says_what_it_cost() -> None:
    alone = run(*SIMULATE, "--output", "one.csv")
    done = run(*SIMULATE, "--executor", "processes:2", "--output", "two.csv")
    assert done.out.splitlines()[:-1] == alone.out.splitlines()[:-1]
    assert done.err.startswith("pysnn: 1 parts by 1 workers, ")
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()


@pytest.mark.parametrize("experiment", ["first-spike", "stopping", "over-time"])
def test_shares_of_an_experiment_are_of_all_its_networks(experiment: str) -> None:
    words = ("experiment", experiment, "snn.safetensors", "other.safetensors")
    pysnn.convert(network(), method="none").save("other.safetensors")
    own = ("--network", "ann.safetensors") if experiment == "over-time" else ()
    words = (*words, *own, "--data", "both.npz", "--duration", "0.02", "--json")
    whole = run(*words)
    shares = (*words, "--parts", "kept", "--part-size", "5")
    for number in (2, 1):
        done = run(*shares, "--part", f"{number}/2")
        assert done.status == 0
        assert done.out == ("" if number == 2 else whole.out)
        assert ("part 2 of 2 is done: " in done.err) == (number == 2)
    assert run("merge", "kept").out == whole.out
    by_processes = run(*words, "--executor", "processes:2")
    assert by_processes.out == whole.out
    assert " parts by " in by_processes.err


def test_an_engine_and_shares_record_what_one_process_does() -> None:
    np.save("mapped.npy", X.astype(np.float32))
    words = ("simulate", "snn.safetensors", "--data", "mapped.npy", "--duration", "0.009")
    words = (*words, "--record", "spikes", "--record", "counts:conv1", "--batch-size", "5")
    assert run(*words, "--record-to", "one").status == 0
    sizes = ("--part-size", "5")
    assert run(*words, *sizes, "--record-to", "two", "--executor", "processes:2").status == 0
    for number in (1, 2):
        share = ("--parts", "kept", "--part", f"{number}/2")
        assert run(*words, *sizes, "--record-to", "three", *share).status == 0
    assert run("merge", "kept").status == 0
    for folder in ("two", "three"):
        for path in Path("one").rglob("*.npy"):
            assert (folder / path.relative_to("one")).read_bytes() == path.read_bytes()
        assert pysnn.RecordFiles(folder).num_samples == 12


@pytest.mark.parametrize(
    ("words", "part_of_message"),
    [
        ((*SIMULATE, "--part", "1/2"), "--part goes with --parts"),
        ((*SIMULATE, "--parts", "p", "--part", "0/2"), "is '0/2', but must be I/N"),
        ((*SIMULATE, "--parts", "p", "--part", "3/2"), "is '3/2', but must be I/N"),
        ((*SIMULATE, "--parts", "p", "--part", "1/2", "--processes", "2"), "without an engine"),
        ((*SIMULATE, "--executor", "processes:0"), "is 'processes:0', but must be processes:N"),
        ((*SIMULATE, "--executor", "slurm"), "is 'slurm', but must be processes:N, dask:ADDRESS"),
        ((*SIMULATE, "--executor", "mpi", "--processes", "2"), "only one of them may be"),
    ],
)
def test_wrong_usage_is_refused(words: tuple[str, ...], part_of_message: str) -> None:
    done = run(*words)
    assert done.status == 2
    assert part_of_message in done.err
    assert not Path("p").exists()


def test_a_folder_of_another_command_is_refused() -> None:
    run(*SIMULATE, "--parts", "kept", "--part", "1/2")
    done = run(*SIMULATE, "--seed", "3", "--parts", "kept", "--part", "2/2")
    assert done.status == 1
    assert "kept keeps parts of another command, pysnn simulate snn.safetensors" in done.err


@pytest.mark.parametrize("text", [None, "{", "[]", '{"kind": "command", "words": [3]}'])
def test_a_folder_without_a_command_can_t_be_merged(text: str | None) -> None:
    Path("kept").mkdir()
    if text is not None:
        Path("kept/command.json").write_text(text)
    done = run("merge", "kept")
    assert done.status == (2 if text is None else 1)
    assert "there is nothing to merge" in done.err or "a run with --part has written" in done.err
