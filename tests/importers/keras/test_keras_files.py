"""Keras's files, written without Keras: what is read, and what is wrong with them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn

h5py = pytest.importorskip("h5py")

RNG = np.random.default_rng(0)
KERNEL = RNG.normal(size=(3, 3, 2, 4)).astype(np.float32)
BIAS = RNG.normal(size=4).astype(np.float32)
DENSE = RNG.normal(size=(64, 3)).astype(np.float32)
X = RNG.random((2, 2, 4, 4)).astype(np.float32)


def layer(kind: str, name: str, **config: Any) -> dict[str, Any]:
    """Return the description of a layer."""
    return {"class_name": kind, "config": {"name": name, **config}}


def layers() -> list[dict[str, Any]]:
    """Return the layers of a small network."""
    return [
        layer("InputLayer", "input_1", batch_input_shape=[None, 4, 4, 2]),
        layer(
            *("Conv2D", "conv"),
            **{"filters": 4, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same"},
            activation="relu",
        ),
        layer("Flatten", "flat"),
        layer("Dense", "fc", units=3, use_bias=False),
    ]


def sequential(parts: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return the description of a Sequential model."""
    return {
        "class_name": "Sequential",
        "config": {"name": "net", "layers": layers() if parts is None else parts},
    }


def functional(*edges: tuple[str, str]) -> dict[str, Any]:
    """Return the same network as a Functional model of Keras 2, with edges of its own."""
    names = ["input_1", "conv", "flat", "fc"]
    sources = dict(zip(names[1:], names, strict=False)) | {to: source for source, to in edges}
    parts = []
    for each in layers():
        name = each["config"]["name"]
        inbound = [[[sources[name], 0, 0, {}]]] if name in sources else []
        parts.append({**each, "name": name, "inbound_nodes": inbound})
    return {
        "class_name": "Functional",
        "config": {
            "name": "net",
            "layers": parts,
            "input_layers": [["input_1", 0, 0]],
            "output_layers": [["fc", 0, 0]],
        },
    }


def write_h5(path: Path, description: Any = None) -> Path:
    """Write a file of the older kind."""
    with h5py.File(path, "w") as file:
        given = sequential() if description is None else description
        file.attrs["model_config"] = given if isinstance(given, str) else json.dumps(given)
        weights = {"conv": {"kernel:0": KERNEL, "bias:0": BIAS}, "fc": {"kernel:0": DENSE}}
        group = file.create_group("model_weights")
        for name, arrays in weights.items():
            part = group.create_group(name)
            part.attrs["weight_names"] = [f"{name}/{each}".encode() for each in arrays]
            for each, array in arrays.items():
                part[f"{name}/{each}"] = array
    return path


def write_keras(path: Path, *, config: str | None = None, method: int = 0) -> Path:
    """Write a file of Keras 3."""
    data = io.BytesIO()
    with h5py.File(data, "w") as file:
        for name, arrays in {"conv2d": [KERNEL, BIAS], "flatten": [], "dense": [DENSE]}.items():
            part = file.create_group(f"layers/{name}/vars")
            for i, array in enumerate(arrays):
                part[str(i)] = array
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("config.json", json.dumps(sequential()) if config is None else config)
        archive.writestr("model.weights.h5", data.getvalue())
    return path


def expected() -> Any:
    """Return the outputs by definition."""
    padded = np.pad(X, [(0, 0), (0, 0), (1, 1), (1, 1)])
    hidden = np.zeros((2, 4, 4, 4))
    for row, column in np.ndindex(4, 4):
        window = padded[:, :, row : row + 3, column : column + 3]
        hidden[:, row, column] = np.einsum("nchw,hwco->no", window, KERNEL) + BIAS
    return np.maximum(hidden, 0).reshape(2, -1) @ DENSE


@pytest.mark.parametrize("description", [sequential(), functional()])
def test_older_files_are_read_without_keras(description: Any, tmp_path: Path) -> None:
    network = pysnn.from_keras(write_h5(tmp_path / "net.h5", description))
    np.testing.assert_allclose(network.predict(X), expected(), rtol=1e-4, atol=1e-5)
    assert network.layer_names == ("conv", "conv.activation", "flat", "fc")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_files_of_keras_3_are_read_without_keras(method: int, tmp_path: Path) -> None:
    network = pysnn.from_keras(write_keras(tmp_path / "net.keras", method=method))
    np.testing.assert_allclose(network.predict(X), expected(), rtol=1e-4, atol=1e-5)


def test_samples_say_the_sizes_that_a_model_leaves_open(tmp_path: Path) -> None:
    parts = layers()
    parts[0]["config"]["batch_input_shape"] = [None, None, None, 2]
    path = write_h5(tmp_path / "net.h5", sequential(parts))
    with pytest.raises(pysnn.ModelFileError, match="give samples by x="):
        pysnn.from_keras(path)
    x = np.ascontiguousarray(X.transpose(0, 2, 3, 1))
    np.testing.assert_allclose(
        pysnn.from_keras(path, x=x).predict(X), expected(), rtol=1e-4, atol=1e-5
    )


def changed(path: Path, change: Any) -> Path:
    """Write an older file and change it."""
    write_h5(path)
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def link(file: Any, target: Any) -> None:
    del file["model_weights/fc/fc/kernel:0"]
    file["model_weights/fc/fc/kernel:0"] = target


def replaced(file: Any, **settings: Any) -> None:
    del file["model_weights/fc/fc/kernel:0"]
    file.create_dataset("model_weights/fc/fc/kernel:0", **settings)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda f: link(f, h5py.SoftLink("/nowhere")), "has a link there"),
        (lambda f: link(f, h5py.ExternalLink("other.h5", "/x")), "has a link there"),
        (lambda f: f.__delitem__("model_weights/fc/fc/kernel:0"), "lacks"),
        (lambda f: replaced(f, shape=(64, 3), dtype="f4", chunks=(64, 3)), "declares"),
        (
            lambda f: replaced(f, shape=(1 << 20, 1 << 20), dtype="f4", chunks=(64, 64)),
            "has weights of shape (1048576, 1048576)",
        ),
        (lambda f: replaced(f, data=np.ones((64, 3), "i1")), "before it is quantized"),
        (lambda f: replaced(f, data=np.array([b"text"] * 3)), "has no numbers"),
        (lambda f: replaced(f, data=np.ones((5, 3), "f4")), "node 'fc' (Dense)"),
        (
            lambda f: replaced(f, shape=(64, 3), dtype="f4", external=[("raw.bin", 0, 768)]),
            "in another file",
        ),
        (lambda f: f.attrs.__delitem__("model_config"), "save the whole model"),
    ],
)
def test_weights_that_are_not_there_are_refused(change: Any, text: str, tmp_path: Path) -> None:
    path = changed(tmp_path / "net.h5", change)
    with pytest.raises(pysnn.ModelFileError) as found:
        pysnn.from_keras(path)
    assert text in str(found.value)
    assert str(found.value).startswith(f"{path}: ")
    assert "\n" not in str(found.value)


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("{", "no readable file"),
        ("[]", "configuration that is not Keras's"),
        ("[" * 100_000, "nested too deeply"),
        ('{"class_name": "Mine", "config": {}}', "of the class 'Mine'"),
        (sequential([]), "has no layers"),
        (sequential(layers()[1:]), "does not say the shape of its input"),
        (sequential([*layers(), layer("Lambda", "code")]), "never run"),
        (sequential([*layers(), layer("Mine", "mine")]), "'mine' (Mine) is not supported"),
        (sequential([*layers(), layer("Dense", "fc")]), "two layers of one name"),
        (sequential([*layers(), layer("Dense", "fc2", units=2)]), "has 0 arrays of weights"),
        (functional(("fc", "conv")), "wait for each other"),
        (functional(("nobody", "conv")), "wait for each other or for none"),
    ],
)
def test_configurations_that_are_wrong_are_refused(
    description: Any, text: str, tmp_path: Path
) -> None:
    path = write_h5(tmp_path / "net.h5", description)
    with pytest.raises(pysnn.ModelFileError) as found:
        pysnn.from_keras(path)
    assert text in str(found.value)
    assert "\n" not in str(found.value)


def test_a_zip_bomb_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "net.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", " " * (65 << 20))
        archive.writestr("model.weights.h5", b"")
    with pytest.raises(pysnn.ModelFileError, match=r"config\.json of 68,157,440 bytes"):
        pysnn.from_keras(path)


@pytest.mark.parametrize("name", ["net.h5", "net.keras"])
def test_files_cut_short_anywhere_are_refused(name: str, tmp_path: Path) -> None:
    write = write_h5 if name == "net.h5" else write_keras
    data = write(tmp_path / name).read_bytes()
    for size in range(0, len(data) - 1, len(data) // 40):
        (tmp_path / name).write_bytes(data[:size])
        with pytest.raises(pysnn.ModelFileError):
            pysnn.from_keras(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"):
        pysnn.from_keras(tmp_path / "missing.h5")
