"""Bad arguments of simulations that read samples and keep results block by block."""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type"

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import pysnn

from .calls import NAN, SPIKES, Row, X, Y, given, simulate, with_value


def mapped(folder: Path, array: Any, name: str = "x") -> Any:
    """Return an array as a memory map."""
    np.save(folder / f"{name}.npy", array)
    return np.load(folder / f"{name}.npy", mmap_mode="r")


def function(array: Any = X, num_samples: int | None = 5, **options: Any) -> Any:
    """Simulate what a function returns."""
    return simulate(x=lambda start, stop: array[start:stop], num_samples=num_samples, **options)


def batches(*arrays: Any, **options: Any) -> Any:
    """Simulate the batches of an iterator."""
    return simulate(x=iter(arrays), **options)


def records(folder: Path) -> pysnn.RecordFiles:
    """Return records of three steps of five samples."""
    simulate(record=("spikes", "balance"), record_to=folder / "r")
    return pysnn.RecordFiles(folder / "r")


LARGE_DATA: list[Row] = [
    (lambda _: simulate(batch_size=0), ValueError, ("batch_size", "0")),
    (lambda _: simulate(batch_size=2.0), TypeError, ("batch_size", "float")),
    (lambda _: simulate(num_samples=5), ValueError, ("num_samples", "5", "length")),
    (lambda _: function(num_samples=-1), ValueError, ("num_samples", "-1")),
    (lambda _: function(num_samples="5"), TypeError, ("num_samples", "str")),
    (lambda _: function(num_samples=None), ValueError, ("num_samples", "x", "function")),
    (lambda _: given(SPIKES, num_samples=5), ValueError, ("num_samples", "5", "x")),
    (lambda _: simulate(keep_trains=None), TypeError, ("keep_trains", "NoneType")),
    (lambda _: simulate(x=object()), TypeError, ("x", "object", "iterable")),
    (lambda _: simulate(x=0.5, batch_size=2), ValueError, ("x", "()", "sample")),
    (lambda p: simulate(x=mapped(p, X[:, :3])), ValueError, ("x", "3 columns", "4 inputs")),
    (lambda p: simulate(x=mapped(p, X[0])), ValueError, ("x", "(4,)", "batch")),
    (lambda p: simulate(x=mapped(p, X > 0)), TypeError, ("x", "bool")),
    (lambda p: simulate(x=mapped(p, X.astype(int))), TypeError, ("x", "int64", "scale")),
    (
        lambda p: simulate(x=mapped(p, with_value(X, (3, 1), NAN)), batch_size=2),
        ValueError,
        ("x[2:4][1, 1]", "nan", "finite"),
    ),
    (
        lambda p: simulate(x=mapped(p, 2 * X), max_rate=1500.0),
        ValueError,
        ("max_rate", "1.5"),
    ),
    (lambda _: function(X[:4]), ValueError, ("x(0, 5)", "4 samples", "5")),
    (lambda _: function(X[:, :3]), ValueError, ("x(0, 5)", "3 columns", "4 inputs")),
    (lambda _: function(-X), ValueError, ("x(0, 5)[0, 0]", "-0.5", "[0, 1]")),
    (lambda _: function(X.astype(str)), TypeError, ("x(0, 5)", "U")),
    (lambda _: simulate(x=lambda i, j: None, num_samples=2), ValueError, ("x(0, 2)", "()")),
    (lambda _: batches(X, X[:, :3]), ValueError, ("(batch 1 of x)", "3 columns")),
    (lambda _: batches(X, X[0]), ValueError, ("(batch 1 of x)", "(4,)", "batch")),
    (lambda _: batches(with_value(X, (3, 1), NAN)), ValueError, ("(batch 0 of x)[3, 1]", "nan")),
    (lambda _: batches((X, Y), y=Y), ValueError, ("y", "x gives labels")),
    (lambda _: batches((X, Y[:4])), ValueError, ("(batch 0 of x)", "5 samples", "4 labels")),
    (lambda _: batches(X, (X, Y)), ValueError, ("(batch 1 of x)", "pair")),
    (lambda _: batches(X, num_samples=4), ValueError, ("x", "5 samples", "num_samples is 4")),
    (lambda _: batches(X, num_samples=6), ValueError, ("x", "5 samples", "num_samples is 6")),
    (lambda _: batches(X, y=Y[:4]), ValueError, ("x", "5 samples", "y", "4")),
    (lambda _: batches(X, sample_ids=[1, 2]), ValueError, ("x", "5", "sample_ids", "2")),
    (lambda _: function(sample_ids=[1, 2]), ValueError, ("sample_ids", "2", "5")),
    (lambda _: simulate(y=Y[:4]), ValueError, ("y", "(4,)", "(5,)")),
    (lambda _: simulate(y=Y + 0.5), TypeError, ("y", "float64", "integer")),
    (lambda _: simulate(y=Y + 1), ValueError, ("y[1]", "2", "[0, 2)")),
    (lambda _: simulate(y=1), ValueError, ("y", "()")),
    (lambda _: simulate(y=object()), TypeError, ("y", "object")),
    (lambda p: simulate(y=mapped(p, Y[:4], "y")), ValueError, ("y", "(4,)", "(5,)")),
    (lambda p: simulate(y=mapped(p, Y + 0.5, "y")), TypeError, ("y", "float64")),
    (lambda p: simulate(y=mapped(p, Y - 1, "y")), ValueError, ("y[0] is -1", "-1", "[0, 2)")),
    (lambda _: simulate(y=iter([Y[:3]])), ValueError, ("y", "3 labels", "5")),
    (lambda _: simulate(y=iter([Y, Y])), ValueError, ("y", "10 labels", "5 samples")),
    (lambda _: simulate(y=iter([Y, 1.5])), TypeError, ("(batch 1 of y)", "float64")),
    (lambda _: simulate(y=lambda i, j: Y[i : j - 1]), ValueError, ("y(0, 5)", "(4,)", "(5,)")),
    (lambda _: batches(X, y=lambda i, j: Y[i:j]), ValueError, ("num_samples", "y", "function")),
    (lambda _: given(SPIKES, y=Y[:4]), ValueError, ("y", "(4,)", "(5,)")),
    (lambda p: simulate(record_to=p / "r"), ValueError, ("record_to", "record")),
    (lambda _: simulate(record="spikes", record_to=3), TypeError, ("record_to", "int")),
    (
        lambda p: simulate(x=mapped(p, X), record="spikes", record_to=p),
        FileExistsError,
        ("record_to", "x.npy", "empty"),
    ),
    (
        lambda _: function(num_samples=10**13, record="spikes", duration=1.0),
        MemoryError,
        ("kept", "10000000000000", "GiB"),
    ),
    (lambda _: simulate(keep_trains=False).output_spikes, ValueError, ("output_spikes", "kept")),
    (
        lambda _: simulate(keep_trains=False).predictions_over_time,
        ValueError,
        ("predictions_over_time", "keep_trains"),
    ),
    (lambda _: simulate(keep_trains=False).accuracy(Y), ValueError, ("y", "keep_trains", "y=y")),
    (lambda _: simulate(keep_trains=False).accuracy(), ValueError, ("y", "None", "labels")),
    (lambda _: simulate().accuracy(), ValueError, ("y", "None", "labels")),
    (
        lambda _: pysnn.SimulationResult.concatenate([simulate(), simulate(keep_trains=False)]),
        ValueError,
        ("parts[1]", "has_trains"),
    ),
    (
        lambda _: pysnn.SimulationResult.concatenate([simulate(y=Y), simulate()]),
        ValueError,
        ("parts[1]", "labels"),
    ),
    (lambda _: pysnn.RecordFiles(3), TypeError, ("folder", "int")),
    (lambda p: pysnn.RecordFiles(p), ValueError, ("folder", "no records")),
    (lambda p: pysnn.RecordFiles(p / "none"), FileNotFoundError, ("none",)),
    (lambda p: records(p).parts("potentials", "linear1"), ValueError, ("what", "'potentials'")),
    (lambda p: records(p).parts("spikes", "c"), ValueError, ("population", "'c'", "linear1")),
    (lambda p: records(p).parts("spikes", 1), TypeError, ("population", "int")),
    (lambda p: records(p).parts("balance", "linear1"), ValueError, ("field", "None", "Balance")),
    (
        lambda p: records(p).parts("balance", "linear1", field="charge"),
        ValueError,
        ("field", "'charge'", "input_charge"),
    ),
    (
        lambda p: records(p).parts("spikes", "linear1", field="charge"),
        ValueError,
        ("field", "'charge'"),
    ),
    (lambda p: records(p).read("spikes", "linear1", 2, 2), ValueError, ("stop", "2", "start")),
    (lambda p: records(p).read("spikes", "linear1", -1, 2), ValueError, ("start", "-1")),
    (lambda p: records(p).read("spikes", "linear1", 0, 6), ValueError, ("stop", "6", "5")),
]
