"""Files of MATLAB 5 to 7.2, whose arrays stand element by element, some of them compressed.

Sizes that a file declares are believed only where it has as many bytes.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .fields import Array, LayoutError, full_matrix

_MOST_EXPANSION = 50  # by which compression makes the numbers of a network smaller, and more
_DEPTH = 16  # of cells within cells; networks have 6
_HEADER = 128  # bytes
_TAG = 8  # bytes in front of an element
_BEGIN = 1024  # bytes, in which the name of a variable stands

# Types of elements.
_MATRIX, _COMPRESSED = 14, 15
_NUMBERS = {
    **{1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4"},
    **{7: "f4", 9: "f8", 12: "i8", 13: "u8"},
}
_CODES = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}

# Classes of arrays.
_CELL, _STRUCT, _OBJECT, _CHAR, _SPARSE = 1, 2, 3, 4, 5
_NUMERIC = range(6, 16)
_COMPLEX = 0x0800  # a flag beside the class

_Element = tuple[int, memoryview]


def read_version5(content: bytes, names: Sequence[str]) -> dict[str, Any]:
    """Return variables of some names, as `fields` has them.

    What no network has, such as an object of a class, is None.

    Args:
        content: The whole file.
        names: Names of the variables.

    Raises:
        LayoutError: One is damaged or cut off, or declares more than it holds.
        MemoryError: A sparse matrix is larger than the machine's memory.
    """
    order = "<" if content[_HEADER - 2 : _HEADER] == b"IM" else ">"
    room = _MOST_EXPANSION * len(content)
    found = {}
    for kind, data in _elements(memoryview(content)[_HEADER:], order):
        if kind == _COMPRESSED:
            begin = memoryview(_expanded(data, _BEGIN)[0])
            if _Matrix(begin[_TAG:], order).name not in names:
                continue
            expanded, is_whole = _expanded(data, max(1, room))
            if not is_whole:
                raise LayoutError("a variable is cut off, or claims to hold more than it can")
            room -= len(expanded)
            kind, data = next(_elements(memoryview(expanded), order), (0, data))
        if kind == _MATRIX:
            matrix = _Matrix(data, order)
            if matrix.name in names:
                found[matrix.name] = matrix.value(0)
    return found


def _expanded(data: memoryview, room: int) -> tuple[bytes, bool]:
    """Return the first bytes of what is compressed, and whether they are all."""
    stream = zlib.decompressobj()
    try:
        return stream.decompress(data, room), stream.eof
    except zlib.error:
        raise LayoutError("a variable is damaged") from None


def _elements(data: memoryview, order: str) -> Iterator[_Element]:
    """Yield the type and the bytes of elements that follow each other."""
    at = 0
    while at + _TAG <= len(data):
        kind, size = struct.unpack_from(f"{order}II", data, at)
        start = at + _TAG
        if kind >> 16:  # up to 4 bytes, in the tag itself
            kind, size, start = kind & 0xFFFF, kind >> 16, at + 4
            at += _TAG
            if size > 4:
                raise LayoutError("a short element is longer than its tag")
        else:
            # What is compressed has no padding.
            at = start + (size if kind == _COMPRESSED else -(-size // 8) * 8)
        if start + size > len(data):
            raise LayoutError("it is cut off")
        yield kind, data[start : start + size]


class _Matrix:
    """An array of any class; its parts are elements: flags, shape, name and what it holds."""

    def __init__(self, data: memoryview, order: str) -> None:
        self._order = order
        self._parts = _elements(data, order)
        flags = self._next()[1]
        if len(flags) != 8:
            raise LayoutError("an array has no flags")
        word: int = struct.unpack_from(f"{order}I", flags)[0]
        self._class, self._is_complex = word & 0xFF, bool(word & _COMPLEX)
        self._shape: tuple[int, ...] = ()
        self.name = ""
        if self._class not in (_CELL, _STRUCT, _OBJECT, _CHAR, _SPARSE, *_NUMERIC):
            return  # what has no shape here
        self._shape = tuple(self._integers().tolist())
        if len(self._shape) < 2 or min(self._shape) < 0:
            raise LayoutError("an array has no sizes")
        self.name = bytes(self._next()[1]).decode("latin-1")

    def value(self, depth: int) -> Any:
        """Return the array; None for a class that no network has.

        Raises:
            LayoutError: It is damaged, or holds less than it claims.
        """
        if depth > _DEPTH:
            raise LayoutError("it has cells within cells to no end")
        if self._class == _CELL:
            return self._objects(depth)
        if self._class == _STRUCT:
            return self._struct(depth)
        if self._class == _CHAR:
            return self._text()
        if self._class == _SPARSE:
            return self._sparse()
        if self._class in _NUMERIC and not self._is_complex:
            return self._filled(self._numbers())
        return None

    def _next(self) -> _Element:
        for element in self._parts:
            return element
        raise LayoutError("it is cut off")

    def _numbers(self) -> Array:
        kind, data = self._next()
        if kind not in _NUMBERS:
            raise LayoutError(f"it has numbers of the unknown type {kind}")
        dtype = np.dtype(self._order + _NUMBERS[kind])
        return np.frombuffer(data[: len(data) // dtype.itemsize * dtype.itemsize], dtype=dtype)

    def _integers(self) -> Array:
        values = self._numbers()
        if values.dtype.kind not in "iu":
            raise LayoutError("it has sizes that are no integers")
        return values.astype(np.int64)

    def _filled(self, values: Array) -> Array:
        if len(values) != math.prod(self._shape):
            raise LayoutError(
                f"an array of shape {self._shape} has {len(values)} numbers, as its bytes say"
            )
        return values.reshape(self._shape, order="F")

    def _objects(self, depth: int) -> Array:
        """Return as many arrays as the shape says, column by column."""
        values = []
        for _ in range(math.prod(self._shape)):
            kind, data = self._next()
            if kind != _MATRIX:
                raise LayoutError("a cell holds no array")
            # MATLAB writes an empty array as nothing.
            values.append(
                _Matrix(data, self._order).value(depth + 1) if len(data) else np.zeros((0, 0))
            )
        result = np.empty(len(values), dtype=object)
        for i, value in enumerate(values):
            result[i] = value
        return result.reshape(self._shape, order="F")

    def _struct(self, depth: int) -> Array | None:
        """Return a single struct; None for several, which no network has."""
        length = self._integers()
        text = bytes(self._next()[1])
        if length.size != 1 or not 1 <= length[0] <= max(1, len(text)):
            raise LayoutError("a struct has no names")
        if math.prod(self._shape) != 1:
            return None
        size = int(length[0])
        names = [
            text[i : i + size].partition(b"\0")[0].decode("latin-1")
            for i in range(0, len(text), size)
        ]
        self._shape = (len(names), 1)
        values = self._objects(depth)
        if not all(names) or len(set(names)) != len(names):
            raise LayoutError("a struct has two fields of one name")
        result = np.empty((1, 1), dtype=[(name, object) for name in names])
        for name, value in zip(names, values[:, 0], strict=True):
            result[name][0, 0] = value
        return result

    def _text(self) -> Array:
        kind, data = self._next()
        if kind not in _CODES:
            raise LayoutError(f"it has text of the unknown type {kind}")
        code = _CODES[kind]
        if code in ("utf-16", "utf-32"):
            code += "-le" if self._order == "<" else "-be"
        text = bytes(data).decode(code, errors="replace")
        return np.array([text] if text else [], dtype=np.str_)

    def _sparse(self) -> Array:
        rows, starts = self._integers(), self._integers()
        values = self._numbers()
        if self._is_complex or len(self._shape) != 2 or len(starts) != self._shape[1] + 1:
            raise LayoutError("a sparse matrix has no columns")
        # There may be room for more than the matrix has.
        count = int(starts[-1])
        return full_matrix(self._shape, values[: max(0, count)], rows[: max(0, count)], starts)
