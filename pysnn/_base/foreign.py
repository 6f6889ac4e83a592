"""Objects and files of other programs, given where one of ours belongs: what to do with them."""

from __future__ import annotations

import json
import os
from pathlib import Path

_MOST_OF_HEADER = 1 << 20  # bytes of a safetensors file

# By the package that a class, or one it is derived from, comes from.
_OF_OBJECTS = {
    "torch": "pysnn.from_torch(model, example) makes a network of a whole PyTorch module",
    "keras": "pysnn.from_keras(model) makes a network of a whole Keras model",
    "sklearn": "pysnn.from_sklearn(estimator) makes a network of a scikit-learn estimator",
    "onnx": "pysnn.from_onnx(model) makes a network of an ONNX model",
    "nir": "pysnn.from_nir(graph) makes a spiking network of a NIR graph",
}
_OF_OURS = {
    ("Network", "SpikingNetwork"): "pysnn.convert(network, x=...) makes one of it",
    ("SpikingNetwork", "Network"): "a conversion can't be undone: give the ReLU network",
    ("str", "Network"): "pysnn.load(path) reads one from a file",
    ("str", "SpikingNetwork"): "pysnn.load(path) reads one from a file",
}


def wrong_type(name: str, value: object, expected: str) -> TypeError:
    """Return the error of an argument of a wrong type, with what to do where that is known.

    Args:
        name: Name of the argument.
        value: What came.
        expected: What it must be, such as ``"a pysnn.Network"``.
    """
    advice = _advice(value, expected)
    ending = "" if advice is None else f"; {advice}"
    return TypeError(f"{name} is a {_shown(value)}, but must be {expected}{ending}")


def _advice(value: object, expected: str) -> str | None:
    package = _package(value)
    if package is not None:
        return _OF_OBJECTS[package]
    wanted = "SpikingNetwork" if "SpikingNetwork" in expected else "Network"
    came = "str" if isinstance(value, str | os.PathLike) else type(value).__name__
    return _OF_OURS.get((came, wanted))


def _shown(value: object) -> str:
    kind = type(value)
    package = _package(value)
    if package is None:
        return kind.__name__
    return f"{kind.__name__} of {kind.__module__.partition('.')[0]}"


def _package(value: object) -> str | None:
    """Return the package of `_OF_OBJECTS` that a class or one of its bases is of."""
    for kind in type(value).__mro__:
        root = kind.__module__.partition(".")[0]
        if root in _OF_OBJECTS:
            return root
    return None


def describe_file(path: str | os.PathLike[str]) -> str | None:
    """Return what a file is that is no model file, by its first bytes; None where nobody knows.

    The text follows "it is no model file, but ..." and ends with what to do.
    """
    try:
        with Path(path).open("rb") as file:
            head = file.read(256)
            if head[6:9] == b"\0\0{":
                return _describe_safetensors(head + file.read(_MOST_OF_HEADER))
            archived = _names_in_zip(path) if head.startswith(b"PK\x03\x04") else []
    except OSError:
        return None
    return describe_bytes(head, archived, Path(path).suffix.lower())


def describe_bytes(head: bytes, archived: list[str], suffix: str) -> str | None:
    """Return the same of the first bytes of a file.

    Args:
        head: At least 256 bytes, or the whole file.
        archived: Names in it where it is a ZIP archive.
        suffix: Ending of its name.
    """
    if not head:
        return "an empty file"
    if head[6:9] == b"\0\0{":
        return None  # safetensors, of which the reader of model files knows more
    if archived:
        return _describe_zip(archived)
    for magic, text in _MAGIC:
        if head.startswith(magic):
            return text
    if suffix == ".onnx" or _begins_like_onnx(head):
        return "an ONNX model; pysnn.from_onnx(path), or 'pysnn import', reads it"
    if head[4:8] == b"TFL3":
        return "a TensorFlow Lite model, which nothing here reads; export the model as ONNX"
    if head[0] == 0x80 and head[1:2] in b"\x02\x03\x04\x05":
        return _PICKLE
    if head[:2] == b"\x00\x00" and head[2:3] in b"\x08\x09\x0b\x0c\x0d\x0e":
        return "an IDX file of samples; pysnn.datasets.load_idx(path) reads it"
    first = head.lstrip()[:1]
    if first in (b"{", b"["):
        return "JSON"
    if first == b"<":
        return "HTML or XML, as of a page that was downloaded in place of the file"
    return None


_TORCH = (
    "a file of PyTorch, which pysnn never runs; build the model in Python, load its weights by "
    "torch.load(path, weights_only=True) and call pysnn.from_torch(model, example)"
)
_PICKLE = (
    "a pickle, as PyTorch, scikit-learn and joblib write them, which pysnn never runs; load it in "
    "Python and call pysnn.from_torch(model, example) or pysnn.from_sklearn(estimator)"
)
_MAGIC = (
    (b"\x93NUMPY", "an array of NumPy; numpy.load(path) reads it"),
    (
        b"\x89HDF\r\n\x1a\n",
        "an HDF5 file; pysnn.from_keras(path) reads those of Keras, pysnn.from_nir(path) those of "
        "NIR, pysnn.from_matlab(path) those of MATLAB",
    ),
    (b"MATLAB 5.0 MAT-file", "a MATLAB file; pysnn.from_matlab(path), or 'pysnn import', reads it"),
    (b"\x1f\x8b", "compressed by gzip; unpack it first"),
    (b"version https://git-lfs", "a pointer of Git LFS; 'git lfs pull' gets the file itself"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"%PDF", "a PDF document"),
)


def _describe_safetensors(data: bytes) -> str | None:
    """Return what a sound safetensors file is that has no network of ours; None for another."""
    size = int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8 : 8 + size])
    except ValueError:
        return None
    if not isinstance(header, dict) or "pysnn" in (header.pop("__metadata__", None) or {}):
        return None
    names = list(header)
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return (
        f"weights alone, {shown}; pysnn.load_torch_weights(network, path) puts those of PyTorch "
        f"into a network"
    )


def _describe_zip(names: list[str]) -> str:
    if any(name.endswith(("data.pkl", "constants.pkl")) for name in names):
        return _TORCH
    if "config.json" in names and "model.weights.h5" in names:
        return "a Keras model; pysnn.from_keras(path), or 'pysnn import', reads it"
    if names and all(name.endswith(".npy") for name in names):
        return f"an archive of NumPy with the arrays {[n[:-4] for n in names]}; numpy.load reads it"
    return "a ZIP archive; unpack it first"


def _names_in_zip(path: str | os.PathLike[str]) -> list[str]:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()[:1000]
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return []


def _begins_like_onnx(head: bytes) -> bool:
    """Return whether bytes begin with the fields of a ModelProto: ir_version, then a producer."""
    return len(head) > 3 and head[0] == 0x08 and head[1] < 0x40 and head[2] in (0x12, 0x22, 0x3A)
