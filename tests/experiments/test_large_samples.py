"""Experiments on samples that are not in memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np

import pysnn
from pysnn.experiments.accuracy_curve import AccuracyCurve
from pysnn.experiments.over_time import OverTimeCase, accuracy_over_time

RNG = np.random.default_rng(8)


def test_a_curve_is_read_of_samples_that_come_in_batches(tmp_path: Path) -> None:
    x, y = RNG.random((40, 5), dtype=np.float32), RNG.integers(0, 3, 40)
    snn = pysnn.convert(pysnn.models.mlp((5, 8, 3), seed=1), method="none")
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", y)
    on_disk = [np.load(tmp_path / name, mmap_mode="r") for name in ("x.npy", "y.npy")]

    def curve(seed: int) -> AccuracyCurve:
        options = {"y": on_disk[1], "batch_size": 7, "keep_trains": False}
        return AccuracyCurve.of(pysnn.simulate(snn, on_disk[0], num_steps=9, seed=seed, **options))

    network = pysnn.models.mlp((5, 8, 3), seed=1)
    cases = [OverTimeCase("one", "one", snn, max_rate=1000.0)]
    whole = accuracy_over_time(network, cases, x, y, num_steps=9, seeds=(0, 1))
    both = AccuracyCurve.stack([curve(0), curve(1)])
    np.testing.assert_array_equal(both.accuracy, whole.cases[0].accuracy)


def test_a_memory_map_of_float32_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    written = np.lib.format.open_memmap(path, "w+", np.float32, (16000, 2000))  # 128 MB, sparse
    written[-1] = 1.0
    del written
    network = pysnn.models.mlp((2000, 2), seed=0)
    cases = [OverTimeCase("one", "one", pysnn.convert(network, method="none"), max_rate=1000.0)]
    x, y = np.load(path, mmap_mode="r"), np.zeros(16000, dtype=np.int64)
    tracemalloc.start()
    try:
        accuracy_over_time(network, cases, x, y, num_steps=2, seeds=(0,), progress=False)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40e6  # a block has at most 32 MB
