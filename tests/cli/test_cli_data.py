"""Where commands take samples and labels from."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest
from cli_files import PIXELS, X, Y, make_files, run

import pysnn
from pysnn.cli.arrays import read_array
from pysnn.cli.data import Samples, add_data, read_samples


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the files."""
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)


def read(*words: str) -> Samples:
    """Read what a command with these options would read."""
    parser = argparse.ArgumentParser()
    add_data(parser, "samples")
    return read_samples(parser.parse_args(words))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x.npy", X),
        ("./x.npy", X),
        ("both.npz", X),
        ("both.npz:x", X),
        ("both.npz:other", X[::-1]),
        ("images-idx3-ubyte.gz", PIXELS[:, 0]),
    ],
)
def test_samples_are_the_array_of_the_file(source: str, expected: np.ndarray) -> None:
    np.testing.assert_array_equal(read_array(source, "x"), expected)


def test_mnist_needs_no_files(mnist: pysnn.datasets.Mnist) -> None:
    test = read("--data", "mnist:test", "--samples", "5")
    np.testing.assert_array_equal(test.x, mnist.x_test[:5])
    np.testing.assert_array_equal(test.y, mnist.y_test[:5])
    train = read("--data", "mnist:train", "--samples", "59990:60000")
    np.testing.assert_array_equal(train.x, mnist.x_train[-10:])
    np.testing.assert_array_equal(train.y, mnist.y_train[-10:])
    assert train.ids.tolist() == list(range(59990, 60000))


def test_labels_come_with_the_samples_or_from_a_source_of_their_own() -> None:
    np.testing.assert_array_equal(read("--data", "both.npz").y, Y)
    np.testing.assert_array_equal(read("--data", "x.npy", "--labels", "y.npy").y, Y)
    np.testing.assert_array_equal(read("--data", "x.npy", "--labels", "both.npz").y, Y)
    np.testing.assert_array_equal(read("--data", "x.npy", "--labels", "labels-idx1-ubyte").y, Y)
    # A named array says which samples, not that the file's labels are theirs.
    for source in ("both.npz:other", "x.npy", "x_only.npz"):
        assert read("--data", source).y is None


def test_labels_may_be_one_hot_rows() -> None:
    np.save("one_hot.npy", np.eye(3)[Y])
    labels = read("--data", "x.npy", "--labels", "one_hot.npy", "--samples", "3:7").y
    np.testing.assert_array_equal(labels, np.eye(3)[Y[3:7]])
    for bad, words in ((np.ones((12, 3)), r"bad.npy\[0\] is .*one-hot"), (np.eye(3), r"\(3, 3\)")):
        np.save("bad.npy", bad)
        with pytest.raises(ValueError, match=words):
            read("--data", "x.npy", "--labels", "bad.npy")


def test_a_range_of_samples_keeps_labels_and_row_numbers() -> None:
    samples = read("--data", "both.npz", "--samples", "3:7")
    np.testing.assert_array_equal(samples.x, X[3:7])
    np.testing.assert_array_equal(samples.y, Y[3:7])
    assert samples.ids.tolist() == [3, 4, 5, 6]


def test_scale_is_a_number_or_a_fraction() -> None:
    assert read("--data", "pixels.npy", "--scale", "1/255").scale == 1 / 255
    assert read("--data", "pixels.npy", "--scale", "0.5").scale == 0.5
    assert read("--data", "x.npy").scale is None


@pytest.mark.parametrize(
    ("words", "status", "parts"),
    [
        (["--data", "pixels.npy"], 2, ("pixels.npy", "uint8", "--scale")),
        (["--data", "images-idx3-ubyte.gz"], 2, ("images-idx3-ubyte.gz", "uint8", "--scale")),
        (["--data", "mnist:valid"], 2, ("mnist:valid", "mnist:train", "mnist:test")),
        (["--data", "x.npy:x"], 2, ("x.npy", "only one")),
        (["--data", "x.npy", "--samples", "13"], 2, ("--samples", "13", "12 samples")),
        (["--data", "x.npy", "--samples", "5:5"], 2, ("--samples", "'5:5'", "FIRST")),
        (["--data", "x.npy", "--samples", "-3"], 2, ("--samples",)),
        (["--data", "x.npy", "--samples", "0"], 2, ("--samples", "'0'")),
        (["--data", "x.npy", "--scale", "0"], 2, ("--scale", "'0'", "above 0")),
        (["--data", "x.npy", "--scale", "1/0"], 2, ("--scale", "'1/0'")),
        (["--data", "x.npy", "--scale", "1/2/3"], 2, ("--scale", "'1/2/3'")),
        (["--data", "x.npy", "--scale", "nan"], 2, ("--scale", "'nan'")),
        (["--data", "none.npy"], 2, ("none.npy", "No such file")),
        (["--data", "none.npz"], 2, ("none.npz", "No such file")),
        (["--data", "none"], 2, ("none", "No such file")),
        (["--data", "folder"], 1, ("folder", "no IDX file")),
        (["--data", "both.npz:z"], 2, ("both.npz", "'z'", "'other'")),
        (["--data", "spikes.npz"], 1, ("spikes.npz", "'x'", "'spikes'")),
        (["--data", "cut.npy"], 1, ("cut.npy", "no sound .npy")),
        (["--data", "cut.npz"], 1, ("cut.npz", "no sound .npz")),
        (["--data", "objects.npy"], 1, ("objects.npy", "no sound .npy", "Python objects")),
        (["--data", "not.idx"], 1, ("not.idx", "IDX")),
        (["--data", "text.npy"], 1, ("text.npy", "<U1", "real numbers")),
        (["--data", "y.npy", "--scale", "1"], 1, ("y.npy", "(12,)", "num_samples")),
        (["--data", "x.npy", "--labels", "float_labels.npy"], 1, ("float_labels.npy", "float64")),
        (["--data", "x.npy", "--labels", "x.npy"], 1, ("x.npy", "float64", "integer")),
        (["--data", "x.npy", "--labels", "pixels.npy"], 1, ("pixels.npy", "(12,)")),
        (["--data", "x.npy", "--labels", "mnist:test"], 1, ("mnist:test", "(10000,)", "(12,)")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_sources_are_one_line_that_names_them(
    words: list[str], status: int, parts: tuple[str, ...]
) -> None:
    done = run("simulate", "snn.safetensors", *words)
    assert (done.status, done.out) == (status, "")
    assert done.err.count("\n") == 1
    for part in parts:
        assert part in done.err
