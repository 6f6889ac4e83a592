"""MATLAB files of every version, and files that claim what they do not hold."""

from __future__ import annotations

import re
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn

pytest.importorskip("scipy", reason="scipy is not installed")
pytest.importorskip("h5py", reason="h5py is not installed")

import h5py
import matlab_files as matlab
import scipy.sparse
from importing import matlab_hdf5 as hdf5


def refused(path: Path, words: str) -> None:
    """Check that a file is refused in one line that begins with its name."""
    with pytest.raises(pysnn.ModelFileError, match=words) as caught:
        pysnn.from_matlab(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


# Version 7.3


def emptied_cnn() -> dict[str, Any]:
    """Return a struct with fields that hold nothing."""
    cnn = matlab.convolutional_struct([2], 3, 2, 18, 4)
    cnn["ffb"] = np.zeros((0, 0))
    cnn["note"] = matlab.cell([])
    cnn["layers"][0, 0]["a"] = matlab.cell([np.zeros((0, 0))])
    for name in ("b", "used_maps"):
        cnn["layers"][1, 0][name] = matlab.cell([])
    return cnn


def sparse_nn() -> dict[str, Any]:
    """Return a struct with sparse weights."""
    nn = matlab.connected_struct([12, 5, 3], output=matlab.cell([]))
    nn["W"] = matlab.cell(
        [scipy.sparse.csc_matrix(np.maximum(0, weight)) for weight in nn["W"].ravel()]
    )
    return nn


@pytest.mark.parametrize(
    "structs",
    [
        {"cnn": matlab.convolutional_struct([2, 3], 3, 2, 27, 4, biases=True)},
        {"cnn": emptied_cnn()},
        {"nn": matlab.connected_struct([12, 5, 4, 3], dropoutFraction=0.5, output="sigm")},
        {"nn": sparse_nn()},
    ],
    ids=["cnn", "cnn with empty fields", "nn", "nn with sparse weights"],
)
def test_a_file_of_version_7_3_gives_the_network_of_an_older_one(
    structs: dict[str, Any], tmp_path: Path
) -> None:
    new = pysnn.from_matlab(hdf5.write_hdf5(tmp_path / "new.mat", **structs))
    assert new == pysnn.from_matlab(matlab.write(tmp_path / "old.mat", **structs))
    assert new.num_parameters > 0


def test_a_batch_of_images_in_a_file_of_version_7_3_says_their_size(tmp_path: Path) -> None:
    cnn = matlab.convolutional_struct([2], 3, 2, 2 * 3 * 2, 4)
    cnn["layers"][0, 0]["a"] = matlab.cell([np.ones((8, 6, 5))])
    network = pysnn.from_matlab(hdf5.write_hdf5(tmp_path / "net.mat", cnn=cnn))
    assert network.input_shape == (1, 6, 8)


def test_missing_h5py_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = hdf5.write_hdf5(tmp_path / "net.mat", nn=matlab.connected_struct([4, 3]))
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ImportError, match=r"version 7\.3 need h5py, .* pip install h5py"):
        pysnn.from_matlab(path)


def test_a_header_of_version_7_3_before_no_hdf5_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.mat"
    path.write_bytes(hdf5.HEADER + bytes(600))
    refused(path, "no readable MATLAB file")


def test_files_of_version_7_3_that_are_cut_anywhere_are_refused(tmp_path: Path) -> None:
    path = hdf5.write_hdf5(tmp_path / "net.mat", nn=matlab.connected_struct([4, 3, 2]))
    content = path.read_bytes()
    for size in range(0, len(content) - 100, 701):
        path.write_bytes(content[:size])
        refused(path, "no readable MATLAB file")


def with_weights(folder: Path, make: Any) -> Path:
    """Return a file whose ``nn.W`` a function of the file and the group makes."""
    path = folder / "net.mat"
    with hdf5.new_file(path) as file:
        group = file.create_group("nn")
        group.attrs["MATLAB_class"] = np.bytes_("struct")
        hdf5.put(file, group, "size", np.array([[4.0, 3.0]]))
        make(file, group)
    return hdf5.with_header(path)


def refer(group: h5py.Group, name: str, *targets: h5py.HLObject) -> h5py.Dataset:
    """Write a cell array of references."""
    references = np.empty((len(targets), 1), dtype=h5py.ref_dtype)
    for i, target in enumerate(targets):
        references[i, 0] = target.ref
    return hdf5.labelled(group, name, references, "cell")


def huge(file: h5py.File, group: h5py.Group) -> None:
    weight = file.create_dataset("w", shape=(2**20, 2**20), dtype="f8", chunks=(64, 64))
    weight.attrs["MATLAB_class"] = np.bytes_("double")
    refer(group, "W", weight)


def circle(file: h5py.File, group: h5py.Group) -> None:
    first = refer(group, "W", group)
    first[0, 0] = first.ref


def shared(file: h5py.File, group: h5py.Group) -> None:
    weight = hdf5.put(file, file, "w", np.ones((3, 4)))
    refer(group, "W", *[weight] * 100)


def external(file: h5py.File, group: h5py.Group) -> None:
    group["W"] = h5py.ExternalLink("other.mat", "/nn/W")


def dangling(file: h5py.File, group: h5py.Group) -> None:
    group["W"] = h5py.SoftLink("/nowhere")


def removed(file: h5py.File, group: h5py.Group) -> None:
    group.create_dataset("W", shape=(1, 1), dtype=h5py.ref_dtype)
    group["W"].attrs["MATLAB_class"] = np.bytes_("cell")


def numbers(file: h5py.File, group: h5py.Group) -> None:
    hdf5.labelled(group, "W", np.ones((1, 1)), "cell")


def texts(file: h5py.File, group: h5py.Group) -> None:
    group["W"] = np.array([b"text"], dtype=h5py.string_dtype())


def elsewhere(file: h5py.File, group: h5py.Group) -> None:
    weight = file.create_dataset("w", (3, 4), "f8", external=[("/etc/passwd", 0, 96)])
    refer(group, "W", weight)


def virtual(file: h5py.File, group: h5py.Group) -> None:
    layout = h5py.VirtualLayout(shape=(3, 4), dtype="f8")
    layout[:] = h5py.VirtualSource("other.mat", "w", shape=(3, 4))
    refer(group, "W", file.create_virtual_dataset("w", layout))


def sparse(**parts: Any) -> Any:
    """Return a function that writes a sparse matrix with other parts."""

    def make(file: h5py.File, group: h5py.Group) -> None:
        made = hdf5.put_sparse(file, "w", scipy.sparse.csc_matrix(np.ones((3, 4))))
        for name, value in parts.items():
            if name == "rows":
                made.attrs["MATLAB_sparse"] = np.uint64(value)
            else:
                del made[name]
                made[name] = value
        refer(group, "W", made)

    return make


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (huge, "claims to hold more than the file can"),
        (circle, "an array is stored in two places, or inside itself"),
        (shared, "an array is stored in two places"),
        (external, "W is a link to another place"),
        (dangling, "W is a link to another place"),
        (removed, "a cell leads nowhere"),
        (numbers, "a cell array holds no references"),
        (texts, "holds neither numbers nor cells"),
        (elsewhere, "claims to hold more than the file can"),
        (virtual, "claims to hold more than the file can"),
        (sparse(jc=np.array([0, 3, 2**40, 9, 12])), "has parts that do not fit each other"),
        (sparse(ir=np.full(12, 3)), "has parts that do not fit each other"),
        (sparse(data=np.ones(3)), "has parts that do not fit each other"),
        (sparse(rows=2**24), r"of shape \(16777216, 4\) has 12 numbers"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_files_of_version_7_3_that_lead_astray_are_refused(
    make: Any, words: str, tmp_path: Path
) -> None:
    refused(with_weights(tmp_path, make), words)


# Versions 5 to 7.2

HEADER = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"
CELL, STRUCT, OBJECT, CHAR, SPARSE, DOUBLE = 1, 2, 3, 4, 5, 6


def element(kind: int, data: bytes) -> bytes:
    """Return an element with its padding."""
    return struct.pack("<II", kind, len(data)) + data + bytes(-len(data) % 8)


def array(kind: int, shape: tuple[int, ...], *parts: bytes, name: bytes = b"nn") -> bytes:
    """Return an array of a class."""
    head = element(6, struct.pack("<II", kind, 0)) + element(5, struct.pack("<2i", *shape))
    return element(14, head + element(1, name) + b"".join(parts))


def nested(depth: int) -> bytes:
    """Return a cell within a cell, and so on."""
    inner = array(DOUBLE, (0, 0), element(9, b""), name=b"")
    for _ in range(depth):
        inner = array(CELL, (1, 1), inner, name=b"")
    return array(CELL, (1, 1), inner)


EMPTY = element(14, b"")


def fields(size: int, names: bytes) -> tuple[bytes, bytes]:
    """Return the elements with a struct's names, each of so many bytes."""
    return element(5, struct.pack("<i", size)), element(1, names)


def columns(*starts: int) -> tuple[bytes, bytes, bytes]:
    """Return the elements of a sparse matrix with one number."""
    begins = struct.pack(f"<{len(starts)}i", *starts)
    return element(5, bytes(4)), element(5, begins), element(9, bytes(8))


def compressed(content: bytes) -> bytes:
    """Return a compressed element."""
    data = zlib.compress(content)
    return struct.pack("<II", 15, len(data)) + data


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (array(DOUBLE, (2**20, 2**20), element(9, b"")), "(1048576, 1048576) has 0 numbers"),
        (array(DOUBLE, (2, 2), element(9, bytes(24))), "shape (2, 2) has 3 numbers"),
        (array(DOUBLE, (2, 2), element(9, bytes(32)))[:-8], "it is cut off"),
        (array(DOUBLE, (2, 2), element(99, bytes(32))), "numbers of the unknown type 99"),
        (array(CHAR, (1, 2), element(9, bytes(16))), "text of the unknown type 9"),
        (array(CELL, (2**16, 2**15)), "it is cut off"),
        (array(CELL, (1, 1), element(9, bytes(8))), "a cell holds no array"),
        (array(STRUCT, (1, 1), *fields(0, b"abc\0")), "has no names"),
        (array(STRUCT, (1, 1), *fields(2**30, b"abc\0")), "has no names"),
        (array(STRUCT, (1, 1), *fields(4, b"abc\0")), "it is cut off"),
        (array(STRUCT, (1, 1), *fields(2, b"a\0a\0"), EMPTY, EMPTY), "two fields of one name"),
        (array(STRUCT, (2**30, 2**30), *fields(4, b"abc\0")), "no single struct as nn"),
        (array(CHAR, (1, 2**31 - 1), element(4, b"")), "no single struct as nn"),
        (array(OBJECT, (1, 1)), "no single struct as nn"),
        (array(DOUBLE, (-1, 1), element(9, b"")), "has no sizes"),
        (array(SPARSE, (3, 4), element(5, b""), element(5, b""), element(9, b"")), "no columns"),
        (array(SPARSE, (3, 1), *columns(0, 2**30)), "parts that do not fit each other"),
        (nested(40), "cells within cells to no end"),
        (
            compressed(array(DOUBLE, (100, 1000), element(9, bytes(800_000)))),
            "more than it can",
        ),
        (compressed(nested(1))[:-9] + bytes(9), "damaged"),
        (element(14, b""), "it is cut off"),
        (element(14, element(6, b"")), "has no flags"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_claim_what_they_do_not_hold_are_refused(
    content: bytes, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "net.mat"
    path.write_bytes(HEADER + content)
    refused(path, re.escape(words))


def test_variables_that_no_network_has_are_not_looked_at(tmp_path: Path) -> None:
    path = matlab.write(tmp_path / "net.mat", nn=matlab.connected_struct([4, 3]))
    other = array(CHAR, (1, 2**31 - 1), element(4, b""), name=b"other")
    path.write_bytes(path.read_bytes() + other + compressed(other))
    assert pysnn.from_matlab(path).input_shape == (4,)


def test_compressed_files_are_read(tmp_path: Path) -> None:
    nn = matlab.connected_struct([12, 5, 3])
    scipy.io.savemat(tmp_path / "small.mat", {"nn": nn}, do_compression=True)
    expected = pysnn.from_matlab(matlab.write(tmp_path / "net.mat", nn=nn))
    assert pysnn.from_matlab(tmp_path / "small.mat") == expected


def test_indices_beyond_a_sparse_matrix_are_refused(tmp_path: Path) -> None:
    nn = matlab.connected_struct([4, 3])
    weight = scipy.sparse.csc_matrix(np.ones((3, 4)))
    weight.indices[-1] = 2**20
    nn["W"] = matlab.cell([weight])
    refused(matlab.write(tmp_path / "net.mat", nn=nn), "has parts that do not fit each other")


def test_a_sparse_matrix_of_hardly_any_numbers_is_refused(tmp_path: Path) -> None:
    nn = matlab.connected_struct([4, 3])
    nn["W"] = matlab.cell([scipy.sparse.csc_matrix((2**14, 2**14))])
    refused(matlab.write(tmp_path / "net.mat", nn=nn), r"\(16384, 16384\) has 0 numbers")


def test_fields_that_no_network_needs_may_hold_anything(tmp_path: Path) -> None:
    nn = matlab.connected_struct([12, 5, 3])
    expected = pysnn.from_matlab(matlab.write(tmp_path / "net.mat", nn=nn))
    more = {"p": {"q": matlab.cell(["text", 1j, True])}, "rows": np.array(["ab", "cd"])}
    scipy.io.savemat(tmp_path / "more.mat", {"nn": {**nn, **more}}, do_compression=True)
    assert pysnn.from_matlab(tmp_path / "more.mat") == expected


def test_files_of_matlab_4_are_refused(tmp_path: Path) -> None:
    scipy.io.savemat(tmp_path / "net.mat", {"nn": np.ones((3, 4))}, format="4")
    refused(tmp_path / "net.mat", "no header of MATLAB 5 or later")
