"""Files of other programs given as model files: the error says what they are and who reads them."""

from __future__ import annotations

import gzip
import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import pysnn
from pysnn import cli


def torch_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("net/data.pkl", b"\x80\x02}.")
        archive.writestr("net/data/0", bytes(16))


def keras_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("metadata.json", "config.json", "model.weights.h5"):
            archive.writestr(name, "{}")


def onnx_file(path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    value = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, 4])
    node = onnx.helper.make_node("Identity", ["x"], ["x2"])
    graph = onnx.helper.make_graph([node], "g", [value], [value])
    path.write_bytes(onnx.helper.make_model(graph).SerializeToString())


def numpy_file(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.ones(3))


def numpy_archive(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, x=np.ones(3), y=np.ones(2))


def weights_alone(path: Path) -> None:
    header = json.dumps({"fc.weight": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}})
    path.write_bytes(struct.pack("<Q", len(header)) + header.encode() + bytes(4))


def of_bytes(data: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(data) and None


FILES: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "PyTorch": (torch_zip, ("PyTorch", "weights_only=True", "pysnn.from_torch")),
    "pickle": (of_bytes(pickle.dumps([1], 4)), ("pickle", "from_torch", "from_sklearn")),
    "old PyTorch": (of_bytes(pickle.dumps(119, 2)), ("pickle", "from_torch")),
    "ONNX": (onnx_file, ("ONNX", "pysnn.from_onnx")),
    "NumPy": (numpy_file, ("array of NumPy", "numpy.load")),
    "archive of NumPy": (numpy_archive, ("archive of NumPy", "['x', 'y']")),
    "Keras": (keras_zip, ("Keras", "pysnn.from_keras")),
    "HDF5": (of_bytes(b"\x89HDF\r\n\x1a\n" + bytes(99)), ("HDF5", "from_keras", "from_nir")),
    "MATLAB": (of_bytes(b"MATLAB 5.0 MAT-file, " + bytes(99)), ("MATLAB", "pysnn.from_matlab")),
    "weights alone": (weights_alone, ("weights alone, fc.weight", "pysnn.load_torch_weights")),
    "gzip": (lambda path: path.write_bytes(gzip.compress(b"x")) and None, ("gzip", "unpack")),
    "IDX": (of_bytes(b"\0\0\x08\x03" + bytes(12)), ("IDX", "load_idx")),
    "Git LFS": (of_bytes(b"version https://git-lfs.github.com/spec/v1\n"), ("Git LFS", "pull")),
    "HTML": (of_bytes(b"<!DOCTYPE html>"), ("HTML",)),
    "empty": (of_bytes(b""), ("an empty file",)),
    "other archive": (of_bytes(b"PK\x03\x04" + bytes(50)), ("header length",)),
}


@pytest.mark.parametrize(("write", "parts"), FILES.values(), ids=FILES)
def test_files_of_other_programs_are_named(
    write: Callable[[Path], None], parts: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "net.safetensors"
    write(path)
    with pytest.raises(pysnn.ModelFileError) as raised:
        pysnn.load(path)
    for part in (str(path), *parts):
        assert part in str(raised.value)


def test_the_command_line_says_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch_zip(tmp_path / "net.bin")
    assert cli.main(["inspect", str(tmp_path / "net.bin")]) == 1
    assert "pysnn.from_torch" in capsys.readouterr().err


def test_a_damaged_model_file_is_not_taken_for_another(tmp_path: Path) -> None:
    pysnn.models.mlp([3, 2]).save(tmp_path / "net.safetensors")
    data = (tmp_path / "net.safetensors").read_bytes()
    for end in range(10, len(data), 7):
        (tmp_path / "cut.safetensors").write_bytes(data[:end])
        with pytest.raises(pysnn.ModelFileError) as raised:
            pysnn.load(tmp_path / "cut.safetensors")
        assert "is no model file" not in str(raised.value)
