"""Data sets: MNIST, which ships with the package, and any file in the IDX format of MNIST.

An IDX file is big-endian: two zero bytes, a type code, the number of dimensions, the size of
each dimension (uint32), then the elements, the last dimension running fastest.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import os
import re
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from ._base.named import public_names

__all__ = ["DatasetError", "Mnist", "load_idx", "load_mnist"]

__dir__ = public_names(__name__)

_DTYPES: dict[int, np.dtype[Any]] = {
    0x08: np.dtype(">u1"),
    0x09: np.dtype(">i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}
_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK_SIZE = 1 << 20  # bytes
_MAX_DEFLATE_RATIO = 1032  # a match takes 2 bits or more and gives 258 bytes or less
_FILE_NAME = re.compile(
    r"(?P<key>.+?)"
    r"(?P<ending>[.-]idx[0-9]*(?:[.-](?:ubyte|byte|short|int|float|double))?|[.-]ubyte)?"
    r"(?:\.gz)?",
    re.IGNORECASE | re.DOTALL,
)


class DatasetError(ValueError):
    """A data file is damaged or is not in the format that it should have."""


@dataclass(frozen=True, eq=False, repr=False)
class Mnist:
    """The MNIST handwritten digits.

    Attributes:
        x_train: Training images in [0, 1], float32, (60000, 1, 28, 28), or (60000, 784) if flat.
        y_train: Training labels 0 to 9, uint8, (60000,).
        x_test: Test images in [0, 1], float32, (10000, 1, 28, 28), or (10000, 784) if flat.
        y_test: Test labels 0 to 9, uint8, (10000,).
    """

    x_train: NDArray[np.float32]
    y_train: NDArray[np.uint8]
    x_test: NDArray[np.float32]
    y_test: NDArray[np.uint8]

    def __repr__(self) -> str:
        """Show types and shapes: the arrays themselves fill pages."""
        arrays = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return f"Mnist({', '.join(f'{name}: {a.dtype} {a.shape}' for name, a in arrays)})"


def load_mnist(*, flat: bool = False) -> Mnist:
    """Return the MNIST images and labels that ship with the package.

    Images are the stored pixels divided by 255. The arrays are new at each call, and writable.

    Args:
        flat: Images are rows of 784 pixels instead of (1, 28, 28) each.

    Returns:
        Training and test images and labels.

    Raises:
        TypeError: ``flat`` is not a bool.
        DatasetError: An installed file is damaged: its content does not have its SHA-256.
        FileNotFoundError: An installed file is missing.

    Example:
        >>> mnist = load_mnist()
        >>> mnist.x_test.shape, mnist.y_test[:3].tolist()
        ((10000, 1, 28, 28), [7, 2, 1])
    """
    if not isinstance(flat, bool):
        raise TypeError(f"flat is of type {type(flat).__name__}, expected bool")
    shape = (-1, 784) if flat else (-1, 1, 28, 28)

    def images(name: str) -> NDArray[np.float32]:
        return np.divide(_read_shipped(name), 255, dtype=np.float32).reshape(shape)

    return Mnist(
        x_train=images("train-images-idx3-ubyte"),
        y_train=_read_shipped("train-labels-idx1-ubyte"),
        x_test=images("t10k-images-idx3-ubyte"),
        y_test=_read_shipped("t10k-labels-idx1-ubyte"),
    )


def load_idx(path: str | os.PathLike[str]) -> NDArray[Any] | dict[str, NDArray[Any]]:
    """Read one IDX file, or every IDX file of a folder, gzip-compressed or not.

    Compression is recognized by content, not by name. A folder's arrays have the file names as
    keys, sorted, without ``.gz`` and without an ending such as ``-idx3-ubyte``, ``.idx1-ubyte``,
    ``-idx2-int``, ``.idx`` or ``-ubyte``: ``train-images-idx3-ubyte.gz`` gives
    ``"train-images"``; other names stay whole. Left out of a folder are subfolders, hidden files
    (a leading dot), and what has no such ending and is no regular file or does not begin
    (uncompressed) with two zero bytes, as every IDX file does. All others must be sound.

    Args:
        path: A file, or a folder (not searched below its first level).

    Returns:
        For a file an array of uint8, int8, int16, int32, float32 or float64 in native byte order,
        new and writable, with the file's shape; a dimension may be 0, and floats are given as
        stored, NaN included. For a folder a dict of such arrays.

    Raises:
        TypeError: ``path`` is not a path.
        FileNotFoundError: ``path`` does not exist.
        DatasetError: A file is not IDX, or its size, header or compression is wrong; a folder has
            no IDX file, or two of them with the same key.

    Example:
        >>> load_idx("fashion-mnist/")["train-images"].shape  # doctest: +SKIP
        (60000, 28, 28)
    """
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise TypeError(f"path is of type {type(path).__name__}, expected str or os.PathLike[str]")
    # Not Path(path): it reads an empty string as the working directory.
    if stat.S_ISDIR(os.stat(path).st_mode):
        return _read_folder(Path(path))
    return _read_file(Path(path))


@dataclass(frozen=True)
class _IdxContent:
    """What an IDX file holds, uncompressed; ``data`` has the length that the header says."""

    header: bytes
    dtype: np.dtype[Any]  # big-endian
    shape: tuple[int, ...]
    data: bytearray

    def to_array(self, name: str) -> NDArray[Any]:
        """Return the elements in native byte order; the array takes over ``data``."""
        try:
            array: NDArray[Any] = np.ndarray(self.shape, dtype=self.dtype, buffer=self.data)
        except (ValueError, OverflowError) as error:
            shape = _format_shape(self.shape)
            raise DatasetError(f"{name}: NumPy refuses the shape {shape}: {error}") from error
        native = self.dtype.newbyteorder("=")
        return array if self.dtype == native else array.byteswap(inplace=True).view(native)


def _read_shipped(name: str) -> NDArray[np.uint8]:
    """Return the array of a shipped MNIST file after checking its digest."""
    # A tenth of the time that importing pysnn takes, so it is done where it is needed.
    import importlib.resources

    # Read through resources: the package may lie in a zip file.
    folder = importlib.resources.files("pysnn") / "data" / "mnist"
    sums = (folder / "SHA256SUMS").read_bytes().decode("ascii", "replace")
    expected = {line.split()[-1]: line.split()[0] for line in sums.splitlines() if line.strip()}
    file_name = f"pysnn/data/mnist/{name}.gz"
    if name not in expected:
        raise DatasetError(f"pysnn/data/mnist/SHA256SUMS has no line for {name}: reinstall pysnn")
    content = _read_idx(io.BytesIO((folder / f"{name}.gz").read_bytes()), file_name)
    digest = hashlib.sha256(content.header)
    digest.update(content.data)
    if digest.hexdigest() != expected[name]:
        raise DatasetError(
            f"{file_name} holds content with SHA-256 {digest.hexdigest()}, "
            f"expected {expected[name]}: reinstall pysnn"
        )
    return content.to_array(file_name)


def _read_file(path: Path) -> NDArray[Any]:
    # A pipe or a device has no size to check the header against, and may never end.
    if not stat.S_ISREG(path.stat().st_mode):
        raise DatasetError(f"{path} is neither a regular file nor a folder")
    with path.open("rb") as file:
        return _read_idx(file, str(path)).to_array(str(path))


def _read_folder(folder: Path) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    names: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None or path.name.startswith(".") or path.is_dir():
            continue
        # A file that is named IDX is never left out: not to begin like one means damage.
        if match["ending"] is None and not _begins_like_idx(path):
            continue
        key = match["key"]
        if key in names:
            raise DatasetError(f"{folder}: {names[key]} and {path.name} have the same key {key!r}")
        names[key] = path.name
        arrays[key] = _read_file(path)
    if not arrays:
        raise DatasetError(f"{folder} has no IDX file")
    return arrays


def _begins_like_idx(path: Path) -> bool:
    # Opening a pipe would wait for its writer.
    if not path.is_file():
        return False
    with path.open("rb") as file, _uncompressed(file, str(path)) as source:
        return source.stream.read(2) == b"\0\0"


@dataclass(frozen=True)
class _Source:
    """The uncompressed content of a file, from its beginning."""

    stream: BinaryIO
    file_size: int  # bytes, as stored
    is_compressed: bool


@contextmanager
def _uncompressed(file: BinaryIO, name: str) -> Iterator[_Source]:
    """Give the content of a file that may be gzip; its gzip errors become ``DatasetError``."""
    file_size = file.seek(0, os.SEEK_END)
    file.seek(0)
    is_compressed = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    file.seek(0)
    if not is_compressed:
        yield _Source(file, file_size, False)
        return
    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as stream:
            yield _Source(cast(BinaryIO, stream), file_size, True)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DatasetError(f"{name}: the gzip compression is damaged: {error}") from error


def _read_idx(file: BinaryIO, name: str) -> _IdxContent:
    """Read an IDX file that must hold exactly what its header says."""
    with _uncompressed(file, name) as source:
        start = source.stream.read(4)
        if start[:2] != b"\0\0"[: len(start)]:
            raise DatasetError(f"{name} begins with {start[:2].hex(' ')}, expected 00 00 (IDX)")
        if len(start) < 4:
            raise DatasetError(f"{name} ends after {len(start)} bytes, expected a 4-byte IDX magic")
        type_code, num_dimensions = start[2], start[3]
        if type_code not in _DTYPES:
            known = ", ".join(f"0x{code:02x} ({dtype.name})" for code, dtype in _DTYPES.items())
            raise DatasetError(f"{name} has the type code 0x{type_code:02x}, expected {known}")
        if num_dimensions == 0:
            raise DatasetError(f"{name} has 0 dimensions, expected 1 or more")
        sizes = source.stream.read(4 * num_dimensions)
        if len(sizes) < 4 * num_dimensions:
            raise DatasetError(
                f"{name} ends after {4 + len(sizes)} bytes, but its header of {num_dimensions} "
                f"dimensions has {4 + 4 * num_dimensions}"
            )
        shape = struct.unpack(f">{num_dimensions}I", sizes)
        data = _read_data(source, name, len(start) + len(sizes), _DTYPES[type_code], shape)
    return _IdxContent(start + sizes, _DTYPES[type_code], shape, data)


def _read_data(
    source: _Source, name: str, header_size: int, dtype: np.dtype[Any], shape: tuple[int, ...]
) -> bytearray:
    """Read the elements and the end of the file; memory grows with what the file really holds."""
    expected = math.prod(shape) * dtype.itemsize
    promise = f"its header promises {expected} ({dtype.name}, shape {_format_shape(shape)})"
    if not source.is_compressed and source.file_size - header_size != expected:
        raise DatasetError(f"{name} has {source.file_size - header_size} bytes of data, {promise}")
    if source.is_compressed and expected > source.file_size * _MAX_DEFLATE_RATIO:
        raise DatasetError(f"{name} has {source.file_size} bytes of gzip, too few: {promise}")
    # One byte more than promised shows that there is more, and makes gzip check its sum where
    # there is none; a small file that would inflate to gigabytes stops here.
    limit = expected + 1
    data = bytearray()
    while len(data) < limit:
        chunk = source.stream.read(min(_CHUNK_SIZE, limit - len(data)))
        if not chunk:
            break
        data += chunk
    if len(data) != expected:
        found = f"more than {expected}" if len(data) > expected else str(len(data))
        raise DatasetError(f"{name} has {found} bytes of data, {promise}")
    return data


def _format_shape(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
