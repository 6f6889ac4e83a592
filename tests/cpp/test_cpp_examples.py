"""The C++ examples, copied and built as a stranger would, do what Python does."""

from __future__ import annotations

import csv
import re
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from cpp_fixtures import ROOT, CoreBuild, build_project, find_compiler
from numpy.typing import NDArray
from processes import run

import pysnn
from pysnn.datasets import Mnist

DOCUMENT = ROOT / "docs/embedding.md"
NUM_IMAGES = 200


@pytest.fixture(scope="module", params=["prefix", "shared", "wheel"])
def examples(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built examples, by each place that the library can come from."""
    folder = tmp_path_factory.mktemp("examples")
    source = shutil.copytree(ROOT / "cpp/examples", folder / "source")
    options: list[str | Path] = []
    if request.param == "wheel":
        python: Path = request.getfixturevalue("wheel_python")
        root = run(python, "-m", "pysnn", "--cmake-dir", cwd=folder).strip()
        options.append(f"-Dpysnn_ROOT={root}")
    else:
        is_shared = request.param == "shared"
        fixture = "serial_shared_core" if is_shared else "static_core"
        core: CoreBuild = request.getfixturevalue(fixture)
        options.append(f"-DCMAKE_PREFIX_PATH={core.prefix}")
        if is_shared:
            # Another compiler than the library's.
            options.append(f"-DCMAKE_CXX_COMPILER={find_compiler('Clang')}")
    return build_project(source, folder / "build", *options)


@pytest.fixture(scope="module")
def digits(trained_mlp: pysnn.Network, mnist: Mnist) -> pysnn.SpikingNetwork:
    """Return a spiking network that tells digits."""
    return pysnn.convert(trained_mlp, method="data", x=mnist.x_train[:500])


@pytest.fixture(scope="module")
def files(
    digits: pysnn.SpikingNetwork, mnist: Mnist, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a folder with that network as `model`, and MNIST's `images` and `labels` as IDX."""
    folder = tmp_path_factory.mktemp("files")
    digits.save(folder / "model")
    pixels = np.rint(mnist.x_test[:NUM_IMAGES, 0] * 255).astype(np.uint8)
    write_idx(folder / "images", pixels)
    write_idx(folder / "labels", mnist.y_test[:NUM_IMAGES])
    return folder


def write_idx(path: Path, values: NDArray[np.uint8]) -> None:
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    path.write_bytes(header + values.tobytes())


def test_build_network_writes_a_network_that_python_simulates_alike(
    examples: Path, tmp_path: Path
) -> None:
    path = tmp_path / "edges.safetensors"
    said = run(examples / "build_network", path)
    snn = pysnn.load(path)
    assert isinstance(snn, pysnn.SpikingNetwork)
    x = np.full((2, 1, 8, 8), 0.05, np.float32)
    x[0, 0, 2::4, :] = 0.8
    x[1, 0, :, 2::4] = 0.8
    counts = pysnn.simulate(snn, x, duration=0.2, seed=1).spike_counts
    assert said.splitlines() == [
        f"horizontal bars: spikes {counts[0, 0]} {counts[0, 1]}",
        f"vertical bars: spikes {counts[1, 0]} {counts[1, 1]}",
    ]
    assert counts[0, 0] > counts[0, 1]
    assert counts[1, 1] > counts[1, 0]


def test_residual_writes_a_network_whose_outputs_are_those_of_its_relus(
    examples: Path, tmp_path: Path
) -> None:
    path = tmp_path / "residual.safetensors"
    said = run(examples / "residual", path)
    snn = pysnn.load(path)
    assert isinstance(snn, pysnn.SpikingNetwork)
    x = ((np.arange(72) * 37 % 64 - 24) / 64).astype(np.float32).reshape(1, 2, 6, 6)
    outputs = pysnn.simulate(snn, x, duration=0.256, encoding="constant", max_rate=1000).outputs[0]
    lines = re.findall(r"channel (\d): ReLU network ([\d.]+), spiking ([\d.]+)", said)
    for channel, relu, spiking in lines:
        assert spiking == f"{outputs[int(channel)]:.4f}"
        assert float(spiking) == pytest.approx(float(relu), abs=0.02)
    assert len(lines) == 2


def test_classify_prints_and_writes_what_python_finds(
    examples: Path, files: Path, digits: pysnn.SpikingNetwork, mnist: Mnist, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    said = run(examples / "classify", files / "model", files / "images", files / "labels", table)
    y = mnist.y_test[:NUM_IMAGES]
    result = pysnn.simulate(digits, mnist.x_test[:NUM_IMAGES], duration=0.1, seed=0)
    accuracy = result.accuracy(y)[-1]
    assert 0.8 < accuracy < 1.0
    correct = round(accuracy * NUM_IMAGES)
    assert said.startswith(f"{correct} of {NUM_IMAGES} images correct ({100 * accuracy:.2f} %), ")
    with table.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["label", "prediction", *(f"spikes_{k}" for k in range(10))]
    found = np.array(rows[1:], dtype=np.int64)
    expected = np.column_stack([y, result.predictions, result.spike_counts])
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("steps_per_call", [1, 7])
def test_stream_decides_as_python_does(
    examples: Path,
    files: Path,
    digits: pysnn.SpikingNetwork,
    mnist: Mnist,
    steps_per_call: int,
) -> None:
    said = run(examples / "stream", files / "model", files / "images", str(steps_per_call), "5")
    *lines, latency = said.splitlines()
    result = pysnn.simulate(digits, mnist.x_test[:5], duration=0.1, seed=0)
    ends = [*range(steps_per_call, 100, steps_per_call), 100]
    for image, line in enumerate(lines):
        decided, since = 0, 0
        for end in ends:  # a decision is read at the end of each call
            now = result.predictions_over_time[end - 1, image]
            if now != decided:
                decided, since = now, end
        counts = " ".join(map(str, result.spike_counts[image]))
        assert line == f"image {image}: class {decided} since step {since}, spikes {counts}"
        assert decided == result.predictions[image]
    assert len(lines) == 5
    assert re.fullmatch(
        r"latency per call: median [\d.]+, 99th percentile [\d.]+, longest [\d.]+ microseconds",
        latency,
    )


def without_length(text: str) -> str:
    """Leave out how long a model file's header is: networks differ in that."""
    return re.sub(r"header length is \d+", "header length is N", text)


def test_examples_say_what_is_wrong_as_the_documentation_shows(
    examples: Path, files: Path, tmp_path: Path
) -> None:
    for name in ("images", "labels"):
        shutil.copy(files / name, tmp_path)
    model = (files / "model").read_bytes()
    (tmp_path / "digits.safetensors").write_bytes(model)
    (tmp_path / "cut.safetensors").write_bytes(model[:1000])
    session = re.findall(r"```text\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)[-1]
    calls = re.findall(r"\$ (.*)\n(.*)\n", session)
    assert len(calls) == 5
    for command, said in calls:
        done = subprocess.run(
            ["/usr/bin/env", *command.split()],
            cwd=tmp_path,
            env={"PATH": str(examples)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == (2 if said.startswith("usage: ") else 1)
        assert done.stdout == ""
        assert without_length(done.stderr) == without_length(said + "\n"), command


def test_code_in_the_documentation_is_that_of_the_examples() -> None:
    code = "".join(path.read_text() for path in (ROOT / "cpp/examples").glob("*.cpp"))
    # The program above the examples stands on its own: test_cpp_page.py builds it.
    _, _, page = DOCUMENT.read_text().partition("## Four longer examples")
    blocks = re.findall(r"```cpp\n(.*?)```", page, re.DOTALL)
    assert len(blocks) > 5
    for block in blocks:
        assert block in code
