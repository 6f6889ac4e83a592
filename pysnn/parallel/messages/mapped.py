"""Rows of memory-mapped files: workers that see a file read it, and nothing of it is sent."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ..._base.digests import sha256

Convert = Callable[[NDArray[Any]], NDArray[Any]]
"""Makes of rows what parts read: an object that can be pickled."""


@dataclass(frozen=True)
class MappedRows:
    """Where rows are in a file, and what is made of them.

    Attributes:
        path: The file, absolute.
        offset: Its byte that the rows begin with.
        dtype: Type of the numbers, byte order included.
        shape: Shape of the rows.
        strides: Bytes from one element to the next, of each axis.
        convert: Makes of them what parts read; None for what they are.
    """

    path: str
    offset: int
    dtype: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    convert: Convert | None

    @classmethod
    def of(cls, rows: NDArray[Any], convert: Convert | None) -> Self | None:
        """Return where rows are; None where no other process could find them in a file.

        Args:
            rows: A view of a memory map, or any other array.
            convert: What is made of them.
        """
        whole = _file_map(rows)
        # Changes of a map that copies on write are in no file.
        if whole is None or whole.filename is None or whole.mode == "c":
            return None
        if min(rows.strides, default=0) < 0 or rows.size == 0:
            return None
        begin = _address(rows) - _address(whole)
        return cls(
            path=os.path.abspath(whole.filename),
            offset=whole.offset + begin,
            dtype=rows.dtype.str,
            shape=rows.shape,
            strides=rows.strides,
            convert=convert,
        )

    @property
    def num_bytes(self) -> int:
        """Bytes of the rows themselves."""
        return int(np.prod(self.shape)) * np.dtype(self.dtype).itemsize

    def read(self) -> NDArray[Any]:
        """Return what parts read.

        Raises:
            OSError: The file is not there, or can't be read.
            ValueError: It is too short, or its rows can't be converted.
        """
        steps = zip(self.shape, self.strides, strict=True)
        span = sum((size - 1) * step for size, step in steps) + np.dtype(self.dtype).itemsize
        raw = np.memmap(self.path, np.uint8, "r", self.offset, (span,))
        rows: NDArray[Any] = np.ndarray(
            self.shape, np.dtype(self.dtype), buffer=raw.data, strides=self.strides
        )
        return np.ascontiguousarray(rows if self.convert is None else self.convert(rows))


@dataclass(frozen=True, eq=False)
class RowsInFiles:
    """The rows of a part, some of them in files.

    Attributes:
        arrays: Arrays, where they are in files, or None.
        digest: SHA-256 of what they must be once they are read.
    """

    arrays: tuple[NDArray[Any] | MappedRows | None, ...]
    digest: str

    @property
    def num_bytes(self) -> int:
        """Bytes that are read from files."""
        return sum(each.num_bytes for each in self.arrays if isinstance(each, MappedRows))

    def read(self) -> tuple[NDArray[Any] | None, ...]:
        """Return the arrays.

        Raises:
            OSError: A file is not there, or can't be read.
            RuntimeError: It holds something else than it does where the part was handed out.
        """
        reason = "other numbers"
        try:
            arrays = tuple(
                each.read() if isinstance(each, MappedRows) else each for each in self.arrays
            )
            if sha256(*(b"none" if each is None else each for each in arrays)) == self.digest:
                return arrays
        except ValueError as error:
            reason = str(error)
        paths = sorted({each.path for each in self.arrays if isinstance(each, MappedRows)})
        raise RuntimeError(
            f"{', '.join(paths)} on {socket.gethostname()} is not the file of that name where "
            f"parts are handed out, or has changed since ({reason}); give workers the same file, "
            f"or none"
        )


def _file_map(rows: NDArray[Any]) -> np.memmap[Any, Any] | None:
    """Return the memory map that an array is a view of, the outermost one."""
    found = None
    base: object = rows
    while isinstance(base, np.ndarray):
        if isinstance(base, np.memmap):
            found = base
        base = base.base
    return found


def _address(array: NDArray[Any]) -> int:
    return int(array.__array_interface__["data"][0])
