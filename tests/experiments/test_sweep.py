"""Grids of input rates and thresholds: the same numbers however they come to be."""

from __future__ import annotations

import os
import pickle
import random
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import pysnn
from pysnn.experiments.sweep import (
    MAX_RATES,
    NORMALIZED_THRESHOLDS,
    THRESHOLDS,
    SweepResult,
    log_range,
    sweep,
    sweep_networks,
)
from pysnn.parallel import PartError, Workers
from pysnn.parallel.kept import KeptParts

RATES = (100.0, 300.0, 1000.0)
LEVELS = (0.25, 1.0, 3.0, 8.0)
NUM_STEPS = 12


def network() -> pysnn.Network:
    return pysnn.Network(
        [
            pysnn.Conv2d(np.random.default_rng(1).normal(0.2, 0.6, (3, 1, 3, 3))),
            pysnn.AvgPool2d(2),
            pysnn.Linear(np.random.default_rng(2).normal(0.1, 0.8, (4, 27))),
        ],
        input_shape=(1, 8, 8),
    )


def snn() -> pysnn.SpikingNetwork:
    return pysnn.convert(network(), method="none", reset="subtract")


def data(num_samples: int = 30) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    return rng.random((num_samples, 1, 8, 8), dtype=np.float32), rng.integers(0, 4, num_samples)


def run(**options) -> SweepResult:
    x, y = data()
    arguments = {
        "max_rates": RATES,
        "thresholds": LEVELS,
        "num_samples": 20,
        "num_steps": NUM_STEPS,
        "progress": False,
        **options,
    }
    return sweep(arguments.pop("snn", None) or snn(), x, y, **arguments)


class Shuffled(Executor):
    """Runs everything in another order than it came, and says so in another order again."""

    def __init__(self) -> None:
        self._waiting: list[tuple] = []

    def submit(self, function, /, *arguments, **options):
        future: Future = Future()
        self._waiting.append((future, function, arguments, options))
        if len(self._waiting) == len(LEVELS):
            random.Random(5).shuffle(self._waiting)
            for waiting, work, its_arguments, its_options in self._waiting:
                copies = pickle.loads(pickle.dumps(its_arguments))
                waiting.set_result(work(*copies, **its_options))
        return future


def parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("sweep-*.npz"))


def assert_same(a: SweepResult, b: SweepResult) -> None:
    assert a.to_dict() == b.to_dict()


def test_a_cell_is_the_simulation_with_that_rate_and_threshold():
    result = run(seed=7)
    x, y = data()
    for i, rate in enumerate(RATES):
        for j, threshold in enumerate(LEVELS):
            converted = pysnn.convert(
                network(), method="none", reset="subtract", threshold=threshold
            )
            cell = pysnn.simulate(
                converted, x[:20], duration=NUM_STEPS * 1e-3, max_rate=rate, seed=7
            )
            assert result.accuracy[i, j] == cell.accuracy(y[:20])[-1]
            assert result.spikes[i, j] == cell.num_spikes.sum()
            assert result.synaptic_operations[i, j] == cell.synaptic_operations.sum()


def test_sample_ids_are_those_of_the_simulation():
    x, y = data()
    ids = np.arange(100, 130)
    options = {"max_rates": [500.0], "thresholds": [1.0], "num_steps": 9, "num_samples": 20}
    result = sweep(snn(), x, y, sample_ids=ids, **options)
    cell = pysnn.simulate(snn(), x[:20], duration=9e-3, max_rate=500, sample_ids=ids[:20])
    assert result.spikes[0, 0] == cell.num_spikes.sum() != run(**options).spikes[0, 0]


def test_another_threshold_keeps_weights_grids_and_settings():
    converted = pysnn.convert(network(), method="none", reset="subtract", precision="int16")
    assert converted.with_threshold(3.0) == pysnn.convert(
        network(), method="none", reset="subtract", precision="int16", threshold=3.0
    )
    assert converted.with_threshold(3.0).with_threshold(1.0) == converted


@pytest.mark.parametrize(
    "make",
    [
        Shuffled,
        lambda: ThreadPoolExecutor(3),
        lambda: ProcessPoolExecutor(2),
    ],
    ids=["shuffled", "threads", "processes"],
)
def test_every_executor_gives_the_same_numbers(make, tmp_path: Path):
    alone = run()
    with make() as executor:
        assert_same(run(executor=executor, output=tmp_path), alone)
    assert_same(SweepResult.load(tmp_path / "sweep.json"), alone)


def test_threads_and_folder_change_nothing(tmp_path: Path):
    assert_same(run(num_threads=3, output=tmp_path), run(num_threads=1))


def test_a_second_run_takes_what_the_first_left(tmp_path: Path):
    alone = run(output=tmp_path)
    parts(tmp_path)[2].unlink()
    workers = Workers()
    assert_same(run(output=tmp_path, executor=workers), alone)
    assert (workers.report.num_parts, workers.report.num_kept) == (1, len(LEVELS) - 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"PK\x03\x04",
        b"\x93NUMPY",
    ],
)
def test_a_damaged_part_is_simulated_again(content: bytes, tmp_path: Path):
    alone = run(output=tmp_path)
    parts(tmp_path)[1].write_bytes(content)
    assert_same(run(output=tmp_path), alone)


def test_a_part_under_the_name_of_another_is_simulated_again(tmp_path: Path):
    alone = run(output=tmp_path)
    first, second, *_ = parts(tmp_path)
    second.write_bytes(first.read_bytes())
    assert_same(run(output=tmp_path), alone)


def test_a_part_with_a_changed_number_is_simulated_again(tmp_path: Path):
    alone = run(output=tmp_path)
    path = parts(tmp_path)[1]
    with np.load(path) as file:
        arrays = dict(file)
    arrays["spikes"][0] += 1
    np.savez(path, **arrays)
    assert_same(run(output=tmp_path), alone)


def test_a_killed_run_is_continued(tmp_path: Path):
    folder = tmp_path / "grid"
    # Killed from within, when it has written its second part: no clock decides where.
    code = (
        "import os, signal, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import test_sweep\n"
        "from pysnn.parallel.kept import KeptParts\n"
        "save = KeptParts.save\n"
        "def deadly(self, job, *arguments):\n"
        "    if job.settings['threshold'] == test_sweep.LEVELS[2]:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    save(self, job, *arguments)\n"
        "KeptParts.save = deadly\n"
        f"test_sweep.run(output={str(folder)!r})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -signal.SIGKILL
    assert sorted(folder.iterdir()) == sorted([folder / "manifest.json", *parts(folder)])
    assert len(parts(folder)) == 2
    assert_same(run(output=folder), run())


def test_an_interrupted_run_is_continued(tmp_path: Path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(KeptParts, "save", interrupted)
    with ThreadPoolExecutor(1) as executor, pytest.raises(KeyboardInterrupt):
        run(output=tmp_path, executor=executor)
    monkeypatch.undo()
    assert_same(run(output=tmp_path), run())


def test_a_failing_part_fails_the_sweep():
    class Failing(Executor):
        def submit(self, function, /, *arguments, **options):
            future: Future = Future()
            future.set_exception(RuntimeError("worker lost"))
            return future

    words = r"sweep: threshold 0.25: the part of samples 0 to 19 failed 3 times.*worker lost"
    with pytest.raises(PartError, match=words):
        run(executor=Failing())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 1}, "seed was 0, is 1"),
        ({"num_steps": 13}, "num_steps was 12, is 13"),
        ({"dt": 0.5e-3}, "dt was 0.001, is 0.0005"),
        ({"num_samples": 19}, "num_samples was 20, is 19"),
        ({"max_rates": RATES[:2]}, "max_rates was 3 values from 100 to 1000, is 2 values"),
        ({"thresholds": (*LEVELS[:3], 9.0)}, "thresholds[3] was "),
        ({"snn": pysnn.convert(network(), method="none")}, "network_sha256"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_folder_of_another_sweep_is_refused(change, words, tmp_path: Path):
    run(output=tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ValueError, match=r"output is .*keeps a sweep of something else") as caught:
        run(output=tmp_path, **change)
    assert words in str(caught.value)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_with_other_data_is_refused(tmp_path: Path):
    run(output=tmp_path)
    x, y = data()
    options = {"max_rates": RATES, "thresholds": LEVELS, "num_samples": 20, "num_steps": NUM_STEPS}
    for samples, labels in ((1 - x, y), (x, (y + 1) % 4)):
        with pytest.raises(ValueError, match="data_sha256"):
            sweep(snn(), samples, labels, output=tmp_path, **options)


def test_an_unreadable_manifest_is_refused(tmp_path: Path):
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ValueError, match=r"unreadable .*manifest\.json"):
        run(output=tmp_path)


def test_the_best_cell_is_the_cheapest_of_the_most_accurate():
    result = SweepResult(
        max_rates=np.array([10.0, 20.0]),
        thresholds=np.array([1.0, 2.0]),
        num_correct=np.array([[5, 9], [9, 2]]),
        spikes=np.array([[1, 2], [3, 4]]),
        synaptic_operations=np.array([[10, 80], [70, 5]]),
        settings={"num_samples": 10, "num_steps": 1, "dt": 1e-3},
    )
    best = result.best
    assert (best.max_rate, best.threshold, best.accuracy) == (20.0, 1.0, 0.9)
    assert (best.mean_spikes, best.mean_synaptic_operations) == (0.3, 7.0)


def test_the_plot_of_a_square_grid_has_every_cell_in_its_place():
    pytest.importorskip("matplotlib")
    result = SweepResult(
        max_rates=np.array([100.0, 1000.0]),
        thresholds=np.array([0.5, 2.0]),
        num_correct=np.array([[1, 9], [4, 2]]),
        spikes=np.ones((2, 2), dtype=np.int64),
        synaptic_operations=np.ones((2, 2), dtype=np.int64),
        settings={"num_samples": 10},
    )
    axes = result.plot(near=0.4, title="grid")
    (mesh,) = axes.collections
    np.testing.assert_allclose(mesh.get_array(), [[10, 40], [90, 20]])  # a row for each threshold
    dots, star = axes.get_lines()
    assert (float(star.get_xdata()[0]), float(star.get_ydata()[0])) == (100, 2)
    assert sorted(zip(*dots.get_data(), strict=True)) == [(100, 2), (1000, 0.5)]
    assert (axes.get_xlabel(), axes.get_title()) == ("max rate of the input (Hz)", "grid")


def test_a_result_reads_back_and_has_a_line_per_cell(tmp_path: Path):
    result = run(output=tmp_path)
    result.save(tmp_path / "copy.json")
    assert_same(SweepResult.load(tmp_path / "copy.json"), result)
    lines = (tmp_path / "sweep.csv").read_text().splitlines()
    assert lines[0] == "max_rate_hz,threshold,accuracy,mean_spikes,mean_synaptic_operations"
    rows = np.array([line.split(",") for line in lines[1:]], dtype=float)
    assert rows.shape == (len(RATES) * len(LEVELS), 5)
    np.testing.assert_array_equal(rows[:, 2], result.accuracy.ravel())
    assert f"{result.best.accuracy:.2%}" in str(result)


@pytest.mark.parametrize("text", ["[1]", "{}", '{"max_rates": [1]}'])
def test_other_files_are_no_result(text: str, tmp_path: Path):
    (tmp_path / "other.json").write_text(text)
    with pytest.raises(ValueError, match="no result of a sweep"):
        SweepResult.load(tmp_path / "other.json")


def test_a_result_with_an_array_of_another_shape_is_refused():
    values = run().to_dict()
    values["spikes"] = values["spikes"][:-1]
    with pytest.raises(ValueError, match=r"spikes has shape \(2, 4\)"):
        SweepResult.from_dict(values)


def test_fewer_samples_than_the_default_asks_for_are_all_taken():
    x, y = data()
    options = {"max_rates": [100.0], "thresholds": [1.0], "num_steps": 2, "progress": False}
    result = sweep(snn(), x, y, **options)
    assert result.num_samples == len(x) < 1000
    assert_same(result, sweep(snn(), x, y, num_samples=None, **options))


def test_the_default_grid_is_the_paper_s():
    assert (len(MAX_RATES), MAX_RATES[0], MAX_RATES[-1]) == (12, 25.0, 1000.0)
    assert (len(THRESHOLDS), THRESHOLDS[0], THRESHOLDS[-1]) == (12, 0.1, 20.0)
    for values in (MAX_RATES, THRESHOLDS, NORMALIZED_THRESHOLDS):
        np.testing.assert_allclose(np.diff(np.log(values), n=2), 0, atol=1e-9)
    assert log_range(5, 5, 1) == (5.0,)


def test_both_networks_are_swept_with_and_without_normalization(tmp_path: Path):
    x, y = data()
    cases = sweep_networks(
        {"small": network()},
        x,
        x,
        y,
        output=tmp_path,
        max_rates=RATES,
        num_samples=5,
        num_steps=2,
        progress=False,
    )
    assert [(case.network, case.method) for case in cases] == [("small", "none"), ("small", "data")]
    assert tuple(cases[0].result.thresholds) == THRESHOLDS
    assert tuple(cases[1].result.thresholds) == NORMALIZED_THRESHOLDS
    normalized = pysnn.convert(network(), method="data", x=x)
    alone = sweep(
        normalized,
        x,
        y,
        max_rates=RATES,
        thresholds=NORMALIZED_THRESHOLDS,
        num_samples=5,
        num_steps=2,
    )
    assert_same(cases[1].result, alone)
    assert sorted(os.listdir(tmp_path)) == ["small_data", "small_none"]
