"""MNIST is the original one, and load_idx reads every sound IDX file and refuses all others."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from pysnn import datasets
from pysnn.datasets import DatasetError, Mnist, load_idx, load_mnist

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
MNIST_FOLDER = Path(datasets.__file__).parent / "data" / "mnist"
ORIGINAL_SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
SMALL = np.arange(12, dtype=np.int16).reshape(2, 3, 2) * 257 - 1000


def encode(array: NDArray[Any]) -> bytes:
    """Return the IDX file of an array."""
    code = CODES[array.dtype.str[1:]]
    header = struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def read(path: Path, content: bytes) -> NDArray[Any]:
    """Write the content to the path and read it as one IDX file."""
    path.write_bytes(content)
    array = load_idx(path)
    assert isinstance(array, np.ndarray)
    return array


def read_folder(path: Path) -> dict[str, NDArray[Any]]:
    arrays = load_idx(path)
    assert isinstance(arrays, dict)
    return arrays


@pytest.fixture(scope="module")
def mnist() -> Mnist:
    return load_mnist()


def test_mnist_has_its_shapes_types_and_range(mnist: Mnist) -> None:
    for x, y, n in ((mnist.x_train, mnist.y_train, 60000), (mnist.x_test, mnist.y_test, 10000)):
        assert x.shape == (n, 1, 28, 28)
        assert x.dtype == np.float32
        assert y.shape == (n,)
        assert y.dtype == np.uint8
        assert (x.min(), x.max()) == (0.0, 1.0)
        assert x.flags.writeable
        assert y.flags.writeable
        assert x.flags.c_contiguous
    assert "x_train: float32 (60000, 1, 28, 28)" in repr(mnist)


def test_mnist_is_the_known_one(mnist: Mnist) -> None:
    assert mnist.y_train[:3].tolist() == [5, 0, 4]
    assert mnist.y_test[:3].tolist() == [7, 2, 1]
    train = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(mnist.y_train).tolist() == train
    test = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(mnist.y_test).tolist() == test


def test_mnist_pixels_are_the_stored_bytes_over_255(mnist: Mnist) -> None:
    quotients = (np.arange(256) / 255).astype(np.float32)  # correctly rounded
    arrays = read_folder(MNIST_FOLDER)
    assert list(arrays) == ["t10k-images", "t10k-labels", "train-images", "train-labels"]
    assert int(arrays["train-images"].sum(dtype=np.int64)) == 1567298545
    assert int(arrays["t10k-images"].sum(dtype=np.int64)) == 264923200
    assert np.array_equal(mnist.x_train[:, 0], quotients[arrays["train-images"]])
    assert np.array_equal(mnist.x_test[:, 0], quotients[arrays["t10k-images"]])


def test_flat_mnist_has_the_same_pixels_in_rows(mnist: Mnist) -> None:
    flat = load_mnist(flat=True)
    assert np.array_equal(flat.x_train, mnist.x_train.reshape(60000, 784))
    assert np.array_equal(flat.x_test, mnist.x_test.reshape(10000, 784))
    assert not np.shares_memory(flat.y_test, mnist.y_test)


def test_shipped_files_hold_the_original_bytes() -> None:
    for name, digest in ORIGINAL_SHA256.items():
        content = gzip.decompress((MNIST_FOLDER / f"{name}.gz").read_bytes())
        assert hashlib.sha256(content).hexdigest() == digest


def test_mnist_loads_from_a_package_in_a_zip_file(tmp_path: Path) -> None:
    archive = tmp_path / "packages.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("pysnn/__init__.py", "")
        file.write(datasets.__file__, "pysnn/datasets.py")
        for path in Path(datasets.__file__).parent.glob("_base/*.py"):
            file.write(path, f"pysnn/_base/{path.name}")
        for path in MNIST_FOLDER.iterdir():
            file.write(path, f"pysnn/data/mnist/{path.name}")
    # An editable install finds its own modules before any path is looked at.
    program = (
        "import sys; sys.meta_path[:] = [f for f in sys.meta_path if 'Redirecting' not in "
        "type(f).__name__]; "
        "from pysnn import datasets as d; print(d.__file__, d.load_mnist().y_train[:3])"
    )
    environment = {**os.environ, "PYTHONPATH": str(archive)}
    command = [sys.executable, "-c", program]
    output = subprocess.check_output(command, cwd=tmp_path, env=environment, text=True)
    assert output == f"{archive / 'pysnn' / 'datasets.py'} [5 0 4]\n"


def test_damaged_install_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data" / "mnist"
    folder.mkdir(parents=True)
    monkeypatch.setattr("importlib.resources.files", lambda _package: tmp_path)
    (folder / "SHA256SUMS").write_bytes((MNIST_FOLDER / "SHA256SUMS").read_bytes())
    with pytest.raises(FileNotFoundError, match=r"train-images-idx3-ubyte\.gz"):
        load_mnist()
    images = folder / "train-images-idx3-ubyte.gz"
    images.write_bytes(gzip.compress(encode(np.zeros((60000, 28, 28), dtype=np.uint8))))
    with pytest.raises(DatasetError, match=r"SHA-256 [0-9a-f]{64}, expected ba891046.*reinstall"):
        load_mnist()
    images.write_bytes(images.read_bytes()[:-1])
    with pytest.raises(DatasetError, match=r"train-images-idx3-ubyte\.gz: the gzip compression"):
        load_mnist()
    (folder / "SHA256SUMS").write_bytes(b"\xff\x00 damaged\n\n")
    with pytest.raises(DatasetError, match="SHA256SUMS has no line for train-images-idx3-ubyte"):
        load_mnist()


def test_elements_are_read_as_big_endian(tmp_path: Path) -> None:
    for (dtype, code), letter in zip(CODES.items(), "Bbhifd", strict=True):
        array = read(tmp_path / "x", struct.pack(f">HBBI2{letter}", 0, code, 1, 2, 100, 1))
        assert array.dtype == np.dtype(dtype)
        assert array.dtype.isnative
        assert array.tolist() == [100, 1]


@settings(derandomize=True, deadline=None, max_examples=200)
@given(data=st.data(), dtype=st.sampled_from(sorted(CODES)), compressed=st.booleans())
def test_every_type_and_shape_survives_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, dtype: str, compressed: bool
) -> None:
    shape = data.draw(npst.array_shapes(min_dims=1, max_dims=6, min_side=0, max_side=4))
    array = data.draw(npst.arrays(dtype, shape))
    content = gzip.compress(encode(array)) if compressed else encode(array)
    result = read(tmp_path_factory.getbasetemp() / "round-trip", content)
    assert (result.shape, result.dtype) == (array.shape, array.dtype)
    assert result.tobytes() == array.tobytes()  # bits: NaN payloads and -0.0 count
    assert result.flags.writeable
    assert result.flags.aligned
    assert result.flags.c_contiguous


def test_compression_is_recognized_by_content(tmp_path: Path) -> None:
    np.testing.assert_array_equal(read(tmp_path / "plain.gz", encode(SMALL)), SMALL)
    assert np.array_equal(read(tmp_path / "x-idx3-short", gzip.compress(encode(SMALL))), SMALL)
    members = gzip.compress(encode(SMALL)[:20]) + gzip.compress(encode(SMALL)[20:])
    np.testing.assert_array_equal(read(tmp_path / "two-members", members), SMALL)


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    for content in (encode(SMALL), gzip.compress(encode(SMALL))):
        for length in range(len(content)):
            with pytest.raises(DatasetError, match="cut"):
                read(tmp_path / "cut", content[:length])
    for length in range(len(encode(SMALL))):
        with pytest.raises(DatasetError, match="cut"):
            read(tmp_path / "cut", gzip.compress(encode(SMALL)[:length]))


def test_no_flipped_bit_of_a_gzip_file_changes_the_array(tmp_path: Path) -> None:
    content = gzip.compress(encode(SMALL))
    refused = 0
    for bit in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        try:
            array = read(tmp_path / "flipped", bytes(damaged))
        except DatasetError:
            refused += 1
        else:
            np.testing.assert_array_equal(array, SMALL)  # a bit without meaning: a time, a flag
    assert refused > 8 * len(content) - 8 * 10


IDX = encode(SMALL)
SIZES = struct.pack(">3I", 2**32 - 1, 2**32 - 1, 2**32 - 1)
REFUSED = {
    "empty": (b"", "ends after 0 bytes, expected a 4-byte IDX magic"),
    "png": (b"\x89PNG", "begins with 89 50, expected 00 00 (IDX)"),
    "second byte": (b"\0\1" + IDX[2:], "begins with 00 01, expected 00 00 (IDX)"),
    "type code": (b"\0\0\x0a" + IDX[3:], "type code 0x0a, expected 0x08 (uint8), 0x09 (int8)"),
    "no dimensions": (b"\0\0\x08\0\0", "has 0 dimensions, expected 1 or more"),
    "short header": (IDX[:15], "ends after 15 bytes, but its header of 3 dimensions has 16"),
    "short data": (IDX[:-1], "has 23 bytes of data, its header promises 24 (int16, shape 2 x 3 x"),
    "long data": (IDX + b"\0", "has 25 bytes of data, its header promises 24"),
    "overflow": (
        IDX[:4] + SIZES,
        f"has 0 bytes of data, its header promises {(2**32 - 1) ** 3 * 2}",
    ),
    "zipped short": (gzip.compress(IDX[:-1]), "has 23 bytes of data, its header promises 24"),
    "zipped long": (gzip.compress(IDX + b"\0"), "has more than 24 bytes of data"),
    "zipped overflow": (gzip.compress(IDX[:4] + SIZES), "bytes of gzip, too few: its header"),
    "zipped twice": (gzip.compress(gzip.compress(IDX)), "begins with 1f 8b, expected 00 00"),
    "trailing junk": (gzip.compress(IDX) + b"junk", "the gzip compression is damaged"),
    "dimensions": (b"\0\0\x08\xff" + b"\0\0\0\1" * 255 + b"x", "NumPy refuses the shape 1 x 1 x"),
    "no such size": (IDX[:4] + bytes(4) + SIZES[:8], f"NumPy refuses the shape 0 x {2**32 - 1} x"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_bad_file_is_refused_by_name(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad-idx3-short"
    with pytest.raises(DatasetError, match=re.escape(str(path))) as caught:
        read(path, content)
    assert message in str(caught.value)


@pytest.mark.parametrize("promised", [10, 50_000_000], ids=["too-little", "too-much"])
def test_gzip_bomb_is_refused_before_it_inflates(tmp_path: Path, promised: int) -> None:
    held = 64_000_000 if promised == 10 else 1000
    bomb = gzip.compress(struct.pack(">HBBI", 0, 0x08, 1, promised) + bytes(held))
    tracemalloc.start()
    try:
        with pytest.raises(DatasetError, match=f"promises {promised} "):
            read(tmp_path / "bomb", bomb)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_folder_gives_its_arrays_by_key(tmp_path: Path) -> None:
    images, labels = np.arange(8, dtype=np.uint8).reshape(2, 2, 2), np.array([9, 2], dtype=np.uint8)
    zipped_images, zipped_labels = gzip.compress(encode(images)), gzip.compress(encode(labels))
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(zipped_images)
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(zipped_labels)
    (tmp_path / "t10k-images.idx3-ubyte").write_bytes(encode(images))
    (tmp_path / "emnist-letters-test-labels-idx1-ubyte").write_bytes(encode(labels))
    (tmp_path / "qmnist-train-labels-idx2-int.gz").write_bytes(zipped_labels)
    (tmp_path / "digits.IDX.GZ").write_bytes(zipped_images)
    (tmp_path / "pixels.bin").write_bytes(encode(images))
    (tmp_path / "emnist-letters-mapping.txt").write_text("1 65 97\n")
    (tmp_path / "table.csv.gz").write_bytes(gzip.compress(b"label,pixel\n"))
    (tmp_path / "empty").touch()
    (tmp_path / "._train-images-idx3-ubyte").write_bytes(b"\0\5\x16\7")
    (tmp_path / "test-images-idx3-ubyte").mkdir()
    arrays = read_folder(tmp_path)
    of_images = ["digits", "pixels.bin", "t10k-images", "train-images"]
    of_labels = ["emnist-letters-test-labels", "qmnist-train-labels", "train-labels"]
    assert list(arrays) == sorted(of_images + of_labels)
    assert all(np.array_equal(arrays[key], images) for key in of_images)
    assert all(np.array_equal(arrays[key], labels) for key in of_labels)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "has no IDX file"),
        ({"README.md": b"# text"}, "has no IDX file"),
        ({"a-idx1-ubyte": b"text"}, "a-idx1-ubyte begins with 74 65"),
        ({"a-idx1-ubyte": b""}, "a-idx1-ubyte ends after 0 bytes"),
        ({"a.bin": b"\0\0\1\0"}, "a.bin has the type code 0x01"),
        ({"a.csv.gz": b"\x1f\x8b\x08"}, "a.csv.gz: the gzip compression is damaged"),
        ({"a-idx3-short": IDX, "a-idx3-short.gz": gzip.compress(IDX)}, "have the same key 'a'"),
    ],
)
def test_bad_folder_is_refused(tmp_path: Path, files: dict[str, bytes], message: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DatasetError, match=re.escape(message)) as caught:
        load_idx(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DatasetError, match="pipe is neither a regular file nor a folder"):
        load_idx(tmp_path / "pipe")
    with pytest.raises(DatasetError, match="has no IDX file"):
        load_idx(tmp_path)


def test_bad_and_missing_paths_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing-idx1-ubyte"):
        load_idx(tmp_path / "missing-idx1-ubyte")
    with pytest.raises(FileNotFoundError):
        load_idx("")
    (tmp_path / "a-idx1-ubyte").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="a-idx1-ubyte"):
        load_idx(tmp_path)
    for path in (7, None, b"bytes"):
        with pytest.raises(TypeError, match=f"path is of type {type(path).__name__}, expected str"):
            load_idx(path)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="flat is of type int, expected bool"):
        load_mnist(flat=1)  # type: ignore[arg-type]
