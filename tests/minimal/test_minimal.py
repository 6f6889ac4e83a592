"""What every wheel must do wherever it is installed; needs pytest, and no other file of the tree.

The numbers are those that any build gives: currents are exact sums and random numbers are counted,
so an installation that prints others is broken.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

import pysnn

Case = tuple[Literal["none", "model"], float, Literal["float32", "int16"]]

# Normalization, threshold, precision: output spikes of five samples.
SPIKE_COUNTS: dict[Case, list[list[int]]] = {
    ("none", 2.0, "float32"): [
        [53, 33, 36, 39],
        [51, 30, 36, 35],
        [51, 32, 38, 36],
        [52, 31, 39, 36],
        [52, 32, 39, 38],
    ],
    ("none", 2.0, "int16"): [
        [55, 30, 37, 38],
        [49, 32, 39, 36],
        [50, 33, 38, 35],
        [52, 32, 38, 38],
        [53, 35, 38, 38],
    ],
    ("model", 0.5, "float32"): [
        [45, 45, 44, 33],
        [44, 47, 44, 32],
        [43, 43, 44, 33],
        [43, 48, 46, 32],
        [45, 47, 45, 34],
    ],
}
PYSNN = (sys.executable, "-m", "pysnn")
FILE_DIGEST = "b51bb8cbd239477a49ce40d5bd236ac1506d123fe91490c2f0bee663708309ee"


def make_network() -> pysnn.Network:
    """Return a network that has every kind of layer, with weights that need rounding."""

    def weights(*shape: int) -> NDArray[np.float32]:
        count = np.arange(np.prod(shape), dtype=np.int64)
        return (((count * 37 + 11) % 97 - 36) / 97).astype(np.float32).reshape(shape)

    return pysnn.Network(
        [
            pysnn.Conv2d(weights(3, 2, 3, 3), bias=weights(3), padding=1),
            pysnn.AvgPool2d(2),
            pysnn.Flatten(),
            pysnn.Linear(weights(20, 48), bias=weights(20)),
            pysnn.Linear(weights(4, 20)),
        ],
        input_shape=(2, 8, 8),
    )


def make_samples() -> NDArray[np.float32]:
    """Return five samples between 0 and 1."""
    return ((np.arange(5 * 2 * 8 * 8) * 29 % 128) / 128).astype(np.float32).reshape(5, 2, 8, 8)


def start(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Return what a program prints; it must succeed."""
    done = start(*command, cwd=cwd, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_is_the_installed_one() -> None:
    assert pysnn.__version__ == importlib.metadata.version("pysnn")
    assert any(Path(folder, "py.typed").is_file() for folder in pysnn.__path__)


@pytest.mark.parametrize("num_threads", [1, 2])
@pytest.mark.parametrize("case", SPIKE_COUNTS, ids=lambda case: "-".join(map(str, case)))
def test_a_converted_network_spikes_as_it_does_everywhere(case: Case, num_threads: int) -> None:
    method, threshold, precision = case
    snn = pysnn.convert(make_network(), method=method, threshold=threshold, precision=precision)
    result = pysnn.simulate(
        snn, make_samples(), duration=0.1, dt=1e-3, max_rate=1000, seed=7, num_threads=num_threads
    )
    assert result.spike_counts.tolist() == SPIKE_COUNTS[case]


@pytest.mark.parametrize("cpu", ["baseline", "avx2", "avx512", "neon"])
def test_the_command_line_gives_these_spikes_with_every_instruction_set(
    cpu: str, tmp_path: Path
) -> None:
    if "this CPU does not have" in start(*PYSNN, "info", cwd=tmp_path, PYSNN_CPU=cpu).stderr:
        pytest.skip(f"this CPU does not have {cpu}")
    pysnn.io.save(make_network(), tmp_path / "network.safetensors")
    np.save(tmp_path / "x.npy", make_samples())
    neurons = ["--method", "none", "--threshold", "2"]
    run(
        *PYSNN,
        "convert",
        "network.safetensors",
        *neurons,
        "--output",
        "snn.safetensors",
        cwd=tmp_path,
    )
    options = ["--data", "x.npy", "--seed", "7", "--output", "result.npz"]
    run(*PYSNN, "simulate", "snn.safetensors", *options, cwd=tmp_path, PYSNN_CPU=cpu)
    with np.load(tmp_path / "result.npz") as result:
        assert result["spike_counts"].tolist() == SPIKE_COUNTS["none", 2.0, "float32"]


def test_the_command_is_installed(tmp_path: Path) -> None:
    command = Path(sysconfig.get_path("scripts")) / "pysnn"
    assert pysnn.__version__ in run(command, "--version", cwd=tmp_path)
    info = json.loads(run(command, "info", "--json", cwd=tmp_path))
    assert info["pysnn"] == pysnn.__version__
    assert info["stream_version"] == pysnn.STREAM_VERSION


def test_a_saved_network_is_the_same_file_everywhere_and_loads_again(tmp_path: Path) -> None:
    snn = pysnn.convert(make_network(), method="none", threshold=2.0)
    snn.save(tmp_path / "snn.safetensors")
    content = (tmp_path / "snn.safetensors").read_bytes()
    assert hashlib.sha256(content).hexdigest() == FILE_DIGEST
    assert pysnn.load(tmp_path / "snn.safetensors") == snn


def test_the_digits_are_in_the_package() -> None:
    mnist = pysnn.datasets.load_mnist()
    assert mnist.x_train.shape == (60000, 1, 28, 28)
    assert mnist.x_test.shape == (10000, 1, 28, 28)
    assert np.bincount(mnist.y_test).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip


def test_cpp_programs_find_their_files(tmp_path: Path) -> None:
    assert Path(pysnn.get_include(), "pysnn/pysnn.hpp").is_file()
    folder = run(*PYSNN, "--cmake-dir", cwd=tmp_path).strip()
    assert folder == pysnn.get_cmake_dir()
    assert Path(folder, "pysnnConfig.cmake").is_file()
