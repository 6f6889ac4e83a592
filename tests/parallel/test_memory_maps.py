"""Samples that are not in memory: read part by part, by workers themselves where they can."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scaling.elsewhere import Elsewhere
from scaling.jobs import NUM_SAMPLES, NUM_STEPS, digest, network, signed, snn, x, y

import pysnn
from pysnn._base.digests import sha256
from pysnn.experiments import first_spike, over_time, stopping, sweep
from pysnn.parallel import LocalProcesses, PartError, Workers
from pysnn.parallel.messages.mapped import MappedRows
from pysnn.spiking.batches import ReadyMade, StoredSamples, as_stored

Array = NDArray[Any]
Run = Callable[[Any, Any, Any], object]


def simulated(samples: Any, labels: Any, executor: Any) -> object:
    options: Any = {"y": labels, "num_samples": NUM_SAMPLES if callable(samples) else None}
    return pysnn.simulate(
        snn(), samples, num_steps=NUM_STEPS, record="counts", executor=executor, **options
    )


def swept(samples: Any, labels: Any, executor: Any) -> object:
    grid = {"max_rates": (200.0, 900.0), "thresholds": (0.5, 1.0)}
    return sweep.sweep(snn(), samples, labels, **grid, num_steps=NUM_STEPS, executor=executor)


def in_time(samples: Any, labels: Any, executor: Any) -> object:
    cases = over_time.convert_cases(network(), x())
    return over_time.accuracy_over_time(
        network(), cases, samples, labels, num_steps=NUM_STEPS, seeds=(0, 7), executor=executor
    )


def first(samples: Any, labels: Any, executor: Any) -> object:
    return first_spike.first_spike(snn(), samples, labels, num_steps=NUM_STEPS, executor=executor)


def stopped(samples: Any, labels: Any, executor: Any) -> object:
    return stopping.stopping(
        snn(), samples, labels, (1, 3), 4, num_steps=NUM_STEPS, executor=executor
    )


def compared(samples: Any, labels: Any, executor: Any) -> object:
    options: Any = {"x_calibration": x()[:30], "recipes": ["diehl2015", "signed"]}
    return pysnn.compare(
        network(), samples, labels, num_steps=NUM_STEPS, executor=executor, **options
    )


def tuned(samples: Any, labels: Any, executor: Any) -> object:
    options: Any = {"x_calibration": x()[:30], "recipes": ["signed"], "percentiles": (99.0,)}
    return pysnn.tune(network(), samples, labels, num_steps=NUM_STEPS, executor=executor, **options)


def diagnosed(samples: Any, labels: Any, executor: Any) -> object:
    options: Any = {"y": labels, "num_steps": NUM_STEPS, "batch_size": 8}
    return pysnn.diagnose(network(), signed(), samples, executor=executor, **options)


RUNS: dict[str, Run] = {
    "simulate": simulated,
    "sweep": swept,
    "over time": in_time,
    "first spike": first,
    "stopping": stopped,
    "compare": compared,
    "tune": tuned,
    "diagnose": diagnosed,
}


def mapped(folder: Path, array: Array, name: str = "x") -> Any:
    """Return an array as a memory map."""
    np.save(folder / f"{name}.npy", array)
    return np.load(folder / f"{name}.npy", mmap_mode="r")


FORMS: dict[str, Callable[[Path], Any]] = {
    "float32": lambda folder: mapped(folder, x()),
    "float64, Fortran": lambda folder: mapped(folder, np.asfortranarray(x(), dtype=np.float64)),
    "big-endian": lambda folder: mapped(folder, x().astype(">f4")),
    "a view": lambda folder: mapped(folder, np.repeat(x(), 2, axis=0)[:, ::-1])[::2, ::-1],
    "function": lambda _: lambda start, stop: x()[start:stop],
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", RUNS)
def test_maps_and_functions_give_the_bits_of_an_array(name: str, form: str, tmp_path: Path) -> None:
    samples, labels = FORMS[form](tmp_path), mapped(tmp_path, y().astype(np.uint8), "y")
    expected = digest(RUNS[name](x(), y(), None))
    assert digest(RUNS[name](samples, labels, None)) == expected
    assert digest(RUNS[name](samples, labels, Workers(part_size=16))) == expected


@pytest.mark.parametrize("name", RUNS)
def test_integers_of_a_map_are_scaled(name: str, tmp_path: Path) -> None:
    pixels = np.rint(255 * x()).astype(np.uint8)
    floats = (pixels * np.float64(1 / 255)).astype(np.float32)
    scaled: Any = {"scale": 1 / 255}
    expected = first_spike.first_spike(snn(), floats, y(), num_steps=9)
    found = first_spike.first_spike(snn(), mapped(tmp_path, pixels), y(), num_steps=9, **scaled)
    assert digest(found) == digest(expected)
    with pytest.raises(TypeError, match="x has dtype uint8, but must be floating point"):
        RUNS[name](mapped(tmp_path, pixels), y(), Workers(part_size=16))


@pytest.mark.parametrize("name", RUNS)
def test_a_bad_number_of_a_map_is_named(name: str, tmp_path: Path) -> None:
    bad = x().copy()
    bad[33, 2] = np.nan
    with pytest.raises(ValueError, match=r"x(\[.*\])?\[\d+, 2\] is nan, but must be finite"):
        RUNS[name](mapped(tmp_path, bad), y(), Workers(part_size=16))


COLLECTING = ("compare", "tune", "diagnose")


@pytest.mark.parametrize("name", sorted(RUNS.keys() - COLLECTING))
def test_iterables_are_refused_by_what_reads_them_twice(name: str) -> None:
    with pytest.raises(TypeError, match=r"x is .*list_iterator, but .*must be an array"):
        RUNS[name](iter([x()]), y(), Workers(part_size=16))


@pytest.mark.parametrize("name", COLLECTING)
def test_iterables_are_collected_by_what_needs_all_samples(name: str) -> None:
    batches = (x()[i : i + 7] for i in range(0, NUM_SAMPLES, 7))
    expected = digest(RUNS[name](x(), y(), None))
    assert digest(RUNS[name](batches, y(), Workers(part_size=16))) == expected


@pytest.mark.parametrize("run", [first, stopped])
@pytest.mark.parametrize("labels", ["array", "batches"])
def test_what_reads_samples_once_takes_batches(run: Run, labels: str) -> None:
    batches = (x()[i : i + 7] for i in range(0, NUM_SAMPLES, 7))
    y_given: Any = y() if labels == "array" else iter([y()[:9], y()[9:]])
    assert digest(run(batches, y_given, None)) == digest(run(x(), y(), None))
    bad: list[tuple[Any, Any, str]] = [
        (iter([x()]), y()[:-1], "x has 60 samples up to .* but y or sample_ids has a length of 59"),
        (iter([x()[:5]]), iter([y()]), "y has 60 labels or more, but x has 5 samples"),
        (iter([x()]), iter([y()[:5]]), "y ended after 5 labels"),
        (iter([]), iter([]), "x gave no batch"),
        (iter([x()[:0]]), iter([y()[:0]]), "x has no samples"),
    ]
    for samples, given, words in bad:
        with pytest.raises(ValueError, match=words):
            run(samples, given, None)


@pytest.mark.parametrize("run", [first, stopped])
def test_what_reads_samples_once_takes_labels_with_them(run: Run) -> None:
    pairs = [(x()[i : i + 7], y()[i : i + 7]) for i in range(0, NUM_SAMPLES, 7)]
    assert digest(run(iter(pairs), None, None)) == digest(run(x(), y(), None))
    bad: list[tuple[Any, Any, str]] = [
        (iter(pairs), y(), "y is given, but x gives labels"),
        (iter([x()]), None, "y is None, but must be labels, as x gives none"),
        (x(), None, "y is None, but must be labels, as x gives none"),
    ]
    for samples, given, words in bad:
        with pytest.raises(ValueError, match=words):
            run(samples, given, None)


@pytest.mark.parametrize("name", RUNS)
def test_one_hot_rows_may_be_a_memory_map(name: str, tmp_path: Path) -> None:
    rows = mapped(tmp_path, np.eye(3)[y()], "y")
    expected = digest(RUNS[name](x(), y(), None))
    assert digest(RUNS[name](x(), rows, None)) == expected
    assert digest(RUNS[name](x(), rows, Workers(part_size=16))) == expected


@pytest.mark.parametrize("name", ["simulate", "stopping", "compare"])
def test_one_hot_rows_of_a_map_are_checked(name: str, tmp_path: Path) -> None:
    rows = np.eye(3)[y()]
    bad: list[tuple[Array, str]] = [
        (rows[:-1], rf"y has shape \({NUM_SAMPLES - 1}, .*, or .* one-hot rows"),
        (rows[:, :-1], rf"y has shape \({NUM_SAMPLES}, 2\), .*one-hot rows"),
        (2 * rows, r"y\[0\] is .*must be one-hot"),
    ]
    for i, (labels, words) in enumerate(bad):
        with pytest.raises(ValueError, match=words):
            RUNS[name](x(), mapped(tmp_path, labels, f"y{i}"), None)


def test_a_function_needs_a_known_length() -> None:
    with pytest.raises(ValueError, match="how many there are must be known: by y or sample_ids"):
        first(lambda start, stop: x()[start:stop], iter([y()]), None)
    with pytest.raises(ValueError, match=r"x\(0, 60\) has 59 samples, but must have 60"):
        first(lambda start, stop: x()[start : stop - 1], y(), None)


def test_a_function_is_called_by_one_thread_at_a_time() -> None:
    inside: list[int] = []

    def rows(start: int, stop: int) -> Array:
        inside.append(start)
        time.sleep(1e-3)
        assert inside == [start]
        inside.clear()
        return x()[start:stop]

    with ThreadPoolExecutor(4) as executor:
        workers = Workers(executor, part_size=4)
        assert digest(swept(rows, y(), workers)) == digest(swept(x(), y(), None))
        assert digest(first(rows, y(), workers)) == digest(first(x(), y(), None))


def test_labels_may_come_in_batches() -> None:
    assert digest(first(x(), iter([y()[:7], y()[7:]]), None)) == digest(first(x(), y(), None))


def test_rows_of_a_map_are_read_by_workers_and_not_sent(tmp_path: Path) -> None:
    large = np.random.default_rng(2).random((400, 50), dtype=np.float32)
    wide = pysnn.convert(pysnn.models.mlp((50, 4), seed=0), method="none")
    samples = mapped(tmp_path, large)
    expected = pysnn.simulate(wide, large, num_steps=3)
    with LocalProcesses(1) as executor:
        workers = Workers(executor, part_size=40)
        assert digest(pysnn.simulate(wide, samples, num_steps=3, executor=workers)) == digest(
            expected
        )
        assert large.nbytes <= workers.report.bytes_read < 1.1 * large.nbytes
        assert workers.report.bytes_sent < 0.3 * large.nbytes  # numbers and settings of ten parts
        assert workers.report.bytes_of_values == 0
        # Of four jobs on the same samples, each row is read once.
        grid = {"max_rates": (200.0,), "thresholds": (0.5, 1.0, 2.0, 4.0)}
        options: Any = {**grid, "num_samples": None, "num_steps": 3}
        labels = np.zeros(400, dtype=np.int64)
        workers = Workers(executor, part_size=40)
        sweep.sweep(wide, samples, labels, executor=workers, **options)
        assert large.nbytes <= workers.report.bytes_read < 1.2 * large.nbytes


@pytest.mark.parametrize("is_swept", [False, True])
def test_workers_that_do_not_see_the_file_get_rows_once(
    is_swept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = np.random.default_rng(2).random((400, 200), dtype=np.float32)
    wide = pysnn.convert(pysnn.models.mlp((200, 2), seed=0), method="none")
    workers = Workers(Elsewhere(1, monkeypatch), part_size=100)
    samples = mapped(tmp_path, large)
    if is_swept:
        grid: Any = {"max_rates": (200.0,), "thresholds": (0.5, 1.0, 2.0, 4.0)}
        labels = np.zeros(400, dtype=np.int64)
        sweep.sweep(wide, samples, labels, num_samples=None, num_steps=3, executor=workers, **grid)
    else:
        expected = digest(pysnn.simulate(wide, large, num_steps=3))
        assert digest(pysnn.simulate(wide, samples, num_steps=3, executor=workers)) == expected
    assert large.nbytes < workers.report.bytes_sent < 1.3 * large.nbytes


class Changing(Elsewhere):
    """Does something to a file before it runs the second part."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
        super().__init__(1, monkeypatch, sees_files=True)
        self._change = change
        self._num_parts = 0

    def submit(self, function: Any, /, *arguments: Any) -> Any:
        self._num_parts += 1
        if self._num_parts == 2:
            self._change()
        return super().submit(function, *arguments)


@pytest.mark.parametrize("name", ["simulate", "sweep"])
@pytest.mark.parametrize("change", ["numbers", "length"])
def test_another_file_of_that_name_is_an_error(
    name: str, change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples, path = mapped(tmp_path, x()), tmp_path / "x.npy"
    content = path.read_bytes()
    other = content[:900] if change == "length" else content[:-1] + bytes([content[-1] ^ 1])

    def replace() -> None:
        # Another file, as a worker's machine may have: the one that is mapped here stays.
        path.unlink()
        path.write_bytes(other)

    workers = Workers(Changing(monkeypatch, replace), part_size=30, num_retries=1)
    with pytest.raises(PartError, match=r"x\.npy on .* is not the file of that name where parts"):
        RUNS[name](samples, y(), workers)


def test_a_file_that_is_gone_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = mapped(tmp_path, x())
    workers = Workers(Changing(monkeypatch, (tmp_path / "x.npy").unlink), part_size=12)
    assert digest(first(samples, y(), workers)) == digest(first(x(), y(), None))


def test_kept_parts_do_not_depend_on_where_samples_were(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    before = simulated(x(), y(), Workers(folder=kept, part_size=20))
    again = Workers(folder=kept, part_size=20)
    assert digest(simulated(mapped(tmp_path, x()), y(), again)) == digest(before)
    assert (again.report.num_kept, again.report.num_parts) == (3, 0)


def test_rows_are_found_in_their_file(tmp_path: Path) -> None:
    whole = np.random.default_rng(3).random((20, 3, 5))
    for array in (whole, np.asfortranarray(whole), whole.astype(np.float32)):
        stored = mapped(tmp_path, array)
        for view in (stored, stored[4:9], stored[4:9][1:], stored[::3, 1], np.asarray(stored)[2:]):
            place = MappedRows.of(view, None)
            assert place is not None
            np.testing.assert_array_equal(place.read(), np.asarray(view))
            assert place.num_bytes == view.nbytes


def test_what_other_processes_can_not_find_is_in_no_file(tmp_path: Path) -> None:
    stored = mapped(tmp_path, x())
    private = np.load(tmp_path / "x.npy", mmap_mode="c")
    for array in (x(), private, stored[::-1], stored[:0], np.array(stored)):
        assert MappedRows.of(array, None) is None


def test_stored_samples_are_like_the_array(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    ready = ReadyMade((6,), None, None)
    for source in (mapped(tmp_path, x()), lambda start, stop: x()[start:stop]):
        stored = as_stored(source, ready, NUM_SAMPLES)
        assert isinstance(stored, StoredSamples)
        assert sha256(stored) == sha256(x())
        rows = rng.permutation(NUM_SAMPLES)[:40]
        for taken, expected in (
            (stored[3:20], x()[3:20]),
            (stored[3:50][5:9], x()[8:12]),
            (stored[rows], x()[rows]),
            (stored[rows][7:30], x()[rows][7:30]),
            (stored[10:][rows[rows < 50]], x()[10:][rows[rows < 50]]),
        ):
            assert taken.shape == expected.shape
            np.testing.assert_array_equal(np.asarray(taken), expected)


@pytest.mark.parametrize("name", ["first spike", "stopping", "sweep", "over time", "compare"])
def test_no_map_is_copied(name: str, tmp_path: Path) -> None:
    written = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", np.float64, (8000, 2000))
    written[-1] = 1.0  # 128 MB, sparse
    del written
    samples, labels = np.load(tmp_path / "x.npy", mmap_mode="r"), np.zeros(8000, dtype=np.int64)
    wide = pysnn.models.mlp((2000, 2), seed=0)
    spiking = pysnn.convert(wide, method="none")
    common: Any = {"num_steps": 2, "progress": False}
    runs: dict[str, Callable[[], object]] = {
        "first spike": lambda: first_spike.first_spike(spiking, samples, labels, **common),
        "stopping": lambda: stopping.stopping(spiking, samples, labels, (1,), **common),
        "sweep": lambda: sweep.sweep(
            spiking,
            samples,
            labels,
            max_rates=(900.0,),
            thresholds=(1.0,),
            num_samples=None,
            **common,
        ),
        "over time": lambda: over_time.accuracy_over_time(
            wide,
            [over_time.OverTimeCase("one", "one", spiking, max_rate=900.0)],
            samples,
            labels,
            seeds=(0,),
            **common,
        ),
        "compare": lambda: pysnn.compare(
            wide,
            samples,
            labels,
            recipes=["diehl2015"],
            x_calibration=np.ones((1, 2000)),
            **common,
        ),
    }
    tracemalloc.start()
    try:
        runs[name]()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 110e6  # a block has 32 MB, as float64 64 MB
