"""Samples that are read block by block give the bits of the whole array, and are read once."""

from __future__ import annotations

import itertools
import pickle
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import pysnn

NUM_SAMPLES, NUM_INPUTS, NUM_STEPS = 43, 12, 21
RECORD = ("spikes", "potentials", "counts", "balance")
PER_SAMPLE = (
    "spike_counts",
    "predictions",
    "first_spike_step",
    "stopped_step",
    "num_input_spikes",
    "num_spikes",
    "synaptic_operations",
)
RNG = np.random.default_rng(11)
X = RNG.random((NUM_SAMPLES, NUM_INPUTS), dtype=np.float32)
Y = RNG.integers(0, 4, NUM_SAMPLES)
SNN = pysnn.convert(pysnn.models.mlp((NUM_INPUTS, 9, 4), seed=1), method="data", x=X)
SIGNED = pysnn.convert(pysnn.models.mlp((NUM_INPUTS, 9, 4), seed=1), recipe="signed", x=X)


def simulated(x: Any = X, snn: pysnn.SpikingNetwork = SNN, **options: Any) -> Any:
    """Simulate samples, by default all as an array."""
    encoding = options.get("encoding", snn.encoding)
    drawn = {} if encoding in ("constant", "regular") else {"seed": 5}
    return pysnn.simulate(snn, x, **{"num_steps": NUM_STEPS, **drawn, **options})


def batches(array: NDArray[Any], sizes: Iterator[int]) -> Iterator[NDArray[Any]]:
    """Yield an array in pieces of these sizes."""
    start = 0
    for size in sizes:
        yield array[start : start + size]
        start += size
        if start >= len(array):
            return


def mapped(array: NDArray[Any], path: Path, order: str = "C") -> NDArray[Any]:
    """Return an array as the memory map of a `.npy` file."""
    np.save(path, np.asarray(array, order=order))  # type: ignore[call-overload]
    loaded: NDArray[Any] = np.load(path, mmap_mode="r")
    return loaded


def fives(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Yield an array in pieces of five."""
    return batches(array, itertools.repeat(5))


def assert_same(result: pysnn.SimulationResult, expected: pysnn.SimulationResult) -> None:
    """Compare what is kept of every sample and step."""
    assert (result.num_samples, result.num_steps) == (expected.num_samples, expected.num_steps)
    assert_same_totals(result, expected)
    if expected.has_readout:
        np.testing.assert_array_equal(result.output_potentials, expected.output_potentials)
    else:
        np.testing.assert_array_equal(result.output_spikes, expected.output_spikes)
    np.testing.assert_array_equal(result.predictions_over_time, expected.predictions_over_time)
    for name in ("spikes", "potentials", "counts"):
        mine, theirs = getattr(result, name), getattr(expected, name)
        assert mine.keys() == theirs.keys()
        for population, array in theirs.items():
            assert mine[population].dtype == array.dtype
            np.testing.assert_array_equal(mine[population], array)
    for population, balance in expected.balance.items():
        for name, array in vars(balance).items():
            np.testing.assert_array_equal(getattr(result.balance[population], name), array)


def assert_same_totals(result: pysnn.SimulationResult, expected: pysnn.SimulationResult) -> None:
    """Compare what is kept of every sample."""
    for name in PER_SAMPLE:
        if name == "first_spike_step" and expected.has_readout:
            np.testing.assert_array_equal(result.outputs, expected.outputs)
            continue
        mine, theirs = getattr(result, name), getattr(expected, name)
        assert mine.dtype == theirs.dtype, name
        np.testing.assert_array_equal(mine, theirs, name)


SOURCES: dict[str, Callable[[NDArray[Any], Path], dict[str, Any]]] = {
    "array": lambda x, _: {"x": x},
    "list": lambda x, _: {"x": x.tolist()},
    "memory map": lambda x, path: {"x": mapped(x, path)},
    "view of a memory map": lambda x, path: {"x": np.asarray(mapped(x, path))},
    "memory map by columns": lambda x, path: {"x": mapped(x, path, "F")},
    "memory map of float64": lambda x, path: {"x": mapped(x.astype(np.float64), path)},
    "function": lambda x, _: {"x": lambda i, j: x[i:j], "num_samples": len(x)},
    "function of lists": lambda x, _: {"x": lambda i, j: x[i:j].tolist(), "num_samples": len(x)},
    "generator": lambda x, _: {"x": fives(x)},
    "generator of a known length": lambda x, _: {"x": fives(x), "num_samples": len(x)},
    "iterable": lambda x, _: {"x": dict(enumerate(fives(x))).values()},
    "one batch": lambda x, _: {"x": iter([x])},
}


@pytest.mark.parametrize("batch_size", [None, 1, 7, 100])
@pytest.mark.parametrize("kind", SOURCES)
def test_every_source_gives_the_bits_of_the_array(
    kind: str, batch_size: int | None, tmp_path: Path
) -> None:
    expected = simulated(record=RECORD)
    result = simulated(
        **SOURCES[kind](X, tmp_path / "x.npy"), batch_size=batch_size, record=RECORD, y=Y
    )
    assert_same(result, expected)
    np.testing.assert_array_equal(result.accuracy(), expected.accuracy(Y))
    np.testing.assert_array_equal(result.accuracy(Y), expected.accuracy(Y))


@pytest.mark.parametrize("kind", ["memory map", "function", "generator"])
@pytest.mark.parametrize(
    "options",
    [
        {"encoding": "constant"},
        {"encoding": "regular"},
        {"sample_ids": np.arange(NUM_SAMPLES)[::-1] * 3},
        {"stop_margin": 2, "stop_interval": 3},
        {"snn": SIGNED},
        {"snn": SIGNED, "encoding": "poisson", "record": ("spikes", "balance")},
    ],
    ids=str,
)
def test_blocks_change_nothing_under_other_settings(
    kind: str, options: dict[str, Any], tmp_path: Path
) -> None:
    source = SOURCES[kind](X, tmp_path / "x.npy")
    expected = simulated(**options)
    assert_same(simulated(**source, **options, batch_size=6), expected)
    source = SOURCES[kind](X, tmp_path / "x.npy")
    bare = simulated(**source, **options, batch_size=6, keep_trains=False, y=iter([Y]))
    assert_same_totals(bare, expected)
    np.testing.assert_array_equal(bare.accuracy(), expected.accuracy(Y))


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 60), min_size=1, max_size=6),
    label_sizes=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    batch_size=st.integers(1, 60),
)
def test_batches_of_any_size_are_the_array(
    sizes: list[int], label_sizes: list[int], batch_size: int
) -> None:
    x = batches(X, itertools.chain(sizes, itertools.repeat(9)))
    y = batches(Y, itertools.chain(label_sizes, itertools.repeat(4)))
    result = simulated(x, y=y, batch_size=batch_size, num_steps=5)
    expected = simulated(num_steps=5)
    assert_same(result, expected)
    np.testing.assert_array_equal(result.accuracy(), expected.accuracy(Y))


def test_integer_images_of_a_memory_map_are_scaled(tmp_path: Path) -> None:
    pixels = (X * 255).astype(np.uint8)
    result = simulated(mapped(pixels, tmp_path / "x.npy"), scale=1 / 255, batch_size=8)
    assert_same(result, simulated(pixels, scale=1 / 255))


def test_given_spike_trains_are_read_in_blocks_of_samples(tmp_path: Path) -> None:
    trains = RNG.random((NUM_STEPS, NUM_SAMPLES, NUM_INPUTS)) < 0.4
    expected = pysnn.simulate(SNN, spikes=trains, record=RECORD)
    on_disk = mapped(trains, tmp_path / "spikes.npy")
    assert_same(pysnn.simulate(SNN, spikes=on_disk, record=RECORD), expected)
    result = pysnn.simulate(SNN, spikes=on_disk, batch_size=4, y=Y, keep_trains=False)
    assert_same_totals(result, expected)
    np.testing.assert_array_equal(result.accuracy(), expected.accuracy(Y))


def test_samples_and_labels_are_asked_for_once_in_order_and_in_step() -> None:
    asked: list[tuple[str, int, int]] = []

    def rows(name: str, array: NDArray[Any]) -> Callable[[int, int], NDArray[Any]]:
        def read(start: int, stop: int) -> NDArray[Any]:
            asked.append((name, start, stop))
            return array[start:stop]

        return read

    simulated(rows("x", X), y=rows("y", Y), num_samples=NUM_SAMPLES, batch_size=20)
    ranges = [(0, 20), (20, 40), (40, 43)]
    assert asked == [(name, *each) for each in ranges for name in ("x", "y")]


@pytest.mark.parametrize("batch_size", [3, 5, 12, 100])
def test_a_generator_may_fill_the_same_memory_again(batch_size: int) -> None:
    def refilled(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
        memory = np.empty_like(array[:5])
        for each in fives(array):
            memory[: len(each)] = each
            yield memory[: len(each)]
            memory[:] = 0

    result = simulated(refilled(X), y=refilled(Y), batch_size=batch_size)
    assert_same(result, simulated())
    np.testing.assert_array_equal(result.accuracy(), simulated().accuracy(Y))


def test_batches_with_labels_are_given_apart() -> None:
    pairs = ((X[i : i + 6], Y[i : i + 6]) for i in range(0, NUM_SAMPLES, 6))
    for_x, for_y = itertools.tee(pairs)
    result = simulated((x for x, _ in for_x), y=(y for _, y in for_y), keep_trains=False)
    np.testing.assert_array_equal(result.accuracy(), simulated().accuracy(Y))


@pytest.mark.parametrize("snn", [SNN, SIGNED], ids=["spiking outputs", "readout"])
def test_a_result_without_trains_keeps_what_is_per_sample(snn: pysnn.SpikingNetwork) -> None:
    whole = simulated(snn=snn, y=Y, record="counts")
    bare = whole.without_trains()
    assert whole.has_trains
    assert not bare.has_trains
    assert bare.without_trains() is bare
    parts = [
        simulated(
            X[rows],
            snn=snn,
            y=Y[rows],
            record="counts",
            keep_trains=False,
            **({} if snn.encoding == "constant" else {"sample_ids": np.arange(43)[rows]}),
        )
        for rows in (slice(0, 17), slice(17, None))
    ]
    for each in (
        bare,
        pysnn.SimulationResult.concatenate(parts),
        pickle.loads(pickle.dumps(bare)),
    ):
        assert_same_totals(each, whole)
        np.testing.assert_array_equal(each.accuracy(), whole.accuracy(Y))
        for name, counts in whole.counts.items():
            np.testing.assert_array_equal(each.counts(name), counts)


@pytest.mark.parametrize("keep_trains", [True, False])
def test_no_samples_give_an_empty_result(keep_trains: bool, tmp_path: Path) -> None:
    sources: list[dict[str, Any]] = [
        {"x": X[:0], "batch_size": 4},
        {"x": iter(()), "num_samples": 0},
        {"x": iter([X[:0]])},
        {"x": lambda i, j: X[i:j], "num_samples": 0},
        {"x": mapped(X[:0], tmp_path / "x.npy")},
    ]
    for source in sources:
        result = simulated(**source, y=Y[:0], keep_trains=keep_trains)
        assert (result.num_samples, result.spike_counts.shape) == (0, (0, 4))


def test_an_iterator_that_was_read_before_is_refused() -> None:
    read = fives(X)
    simulated(read)
    with pytest.raises(ValueError, match="x gave no batch; an iterator that was read before"):
        simulated(read)


def test_a_memory_map_is_checked_when_its_block_comes(tmp_path: Path) -> None:
    bad = X.copy()
    bad[31, 2] = 1.5
    on_disk = mapped(bad, tmp_path / "x.npy")
    with pytest.raises(ValueError, match=r"x\[30:40\]\[1, 2\] is 1\.5"):
        simulated(on_disk, batch_size=10, record="counts", record_to=tmp_path / "records")
    left = pysnn.RecordFiles(tmp_path / "records")
    assert left.num_samples is None
    assert [rows.stop for rows, _ in left.parts("counts", "linear1")] == [10, 20, 30]


def test_an_array_in_memory_is_checked_before_work_starts(tmp_path: Path) -> None:
    bad = X.copy()
    bad[31, 2] = 1.5
    with pytest.raises(ValueError, match=r"\[31, 2\] is 1\.5"):
        simulated(bad, batch_size=10, record="counts", record_to=tmp_path / "records")
    assert not (tmp_path / "records").exists()


def test_an_iterable_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="x ended after 43 samples, but num_samples is 50"):
        simulated(fives(X), num_samples=50)
    with pytest.raises(ValueError, match=r"x has 45 .* \(batch 8 of x\).*, but num_samples is 42"):
        simulated(batches(np.resize(X, (99, 12)), itertools.repeat(5)), num_samples=42)
    with pytest.raises(ValueError, match="x ended after 43 samples, but y has a length of 44"):
        simulated(fives(X), y=np.append(Y, 0))
    with pytest.raises(ValueError, match=r"x has 45 .*, but sample_ids has a length of 43"):
        simulated(batches(np.resize(X, (99, 12)), itertools.repeat(5)), sample_ids=np.arange(43))


def test_labels_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"y ended after 40 labels, but x has .* 43"):
        simulated(y=fives(Y[:40]))
    with pytest.raises(ValueError, match="y has 45 labels or more, but x has 43 samples"):
        simulated(y=fives(np.resize(Y, 60)))


def test_memory_does_not_grow_with_the_memory_map(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    written = np.lib.format.open_memmap(path, "w+", np.float64, (8000, 1000))  # 64 MB, sparse
    written[-1] = 1.0
    del written
    snn = pysnn.convert(pysnn.models.mlp((1000, 2), seed=0), method="none")
    x, y = np.load(path, mmap_mode="r"), np.zeros(8000, dtype=np.uint8)
    tracemalloc.start()
    try:
        result = pysnn.simulate(snn, x, y=y, num_steps=2, batch_size=200, keep_trains=False)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert result.num_input_spikes[-1] == 2000
    assert peak < 8e6
