"""Small files for the tests of the command line, and calls of it."""

from __future__ import annotations

import contextlib
import gzip
import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import pysnn
from pysnn import cli

RNG = np.random.default_rng(5)
X = RNG.random((12, 1, 3, 4))
Y = RNG.integers(0, 3, 12)
PIXELS = (X * 255).astype(np.uint8)


@dataclass(frozen=True)
class Done:
    """What a command left."""

    status: int
    out: str
    err: str


def run(*words: object) -> Done:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = cli.main([str(word) for word in words])
        except SystemExit as exit_:
            status = int(exit_.code or 0)
    return Done(status, out.getvalue(), err.getvalue())


def network() -> pysnn.Network:
    """Return a small ReLU network of every kind of layer, with biases."""
    rng = np.random.default_rng(3)
    return pysnn.Network(
        [
            pysnn.Conv2d(rng.normal(size=(2, 1, 3, 3)), rng.normal(size=2), padding=1),
            pysnn.AvgPool2d((1, 2)),
            pysnn.Flatten(),
            pysnn.Linear(rng.normal(size=(3, 12))),
        ],
        (1, 3, 4),
    )


def make_files(folder: Path) -> None:
    """Write the networks, samples and labels that the tests name."""
    network().save(folder / "ann.safetensors")
    pysnn.convert(network(), method="model").save(folder / "snn.safetensors")
    np.save(folder / "x.npy", X)
    np.save(folder / "pixels.npy", PIXELS)
    np.save(folder / "y.npy", Y)
    np.save(folder / "float_labels.npy", Y + 0.5)
    np.save(folder / "text.npy", np.array([["a"]]))
    np.savez(folder / "both.npz", x=X, y=Y, other=X[::-1])
    np.savez(folder / "x_only.npz", x=X)
    np.savez_compressed(folder / "spikes.npz", spikes=spikes())
    np.save(folder / "objects.npy", np.array([{}], dtype=object), allow_pickle=True)
    (folder / "cut.npy").write_bytes((folder / "x.npy").read_bytes()[:-3])
    (folder / "cut.npz").write_bytes((folder / "both.npz").read_bytes()[:-3])
    (folder / "images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(PIXELS[:, 0])))
    (folder / "labels-idx1-ubyte").write_bytes(idx(Y.astype(np.uint8)))
    (folder / "not.idx").write_bytes(b"no such file")
    (folder / "folder").mkdir()


def spikes() -> NDArray[np.uint8]:
    """Return spike trains of 7 steps and 5 samples."""
    return (np.random.default_rng(9).random((7, 5, 12)) < 0.5).astype(np.uint8)


def idx(array: NDArray[Any]) -> bytes:
    """Return an IDX file of bytes."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()
