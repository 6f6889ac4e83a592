"""Whether a file of MATLAB 5 to 7.2 holds as much as it says, before anything is made of it.

scipy makes arrays of the sizes that a file declares, and follows cells within cells to any depth.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator, Sequence

from .fields import LayoutError

_MOST_EXPANSION = 100  # by which compression makes the numbers of a network smaller, and more
_DEPTH = 16  # of cells within cells; networks have 6
_HEADER = 128  # bytes
_TAG = 8  # bytes in front of an element
_MATRIX, _COMPRESSED = 14, 15
_CELL, _STRUCT, _SPARSE, _FUNCTION = 1, 2, 5, 16
_CHAR_AND_NUMBERS = (4, *range(6, 16))
_OPAQUE = 17  # without sizes
_COMPLEX = 0x0800
_BEGIN = 1024  # bytes


def check_sizes(content: bytes, names: Sequence[str]) -> None:
    """Check the variables of some names.

    Args:
        content: The whole file.
        names: Names of the variables that will be read.

    Raises:
        LayoutError: One declares more elements than it has bytes for, is cut off, or holds things
            that no network has.
    """
    order = "<" if content[_HEADER - 2 : _HEADER] == b"IM" else ">"
    room = _MOST_EXPANSION * len(content)
    for kind, data in _elements(memoryview(content)[_HEADER:], order):
        if kind == _COMPRESSED:
            begin = _begin(data)
            if _Matrix(begin[_TAG:], order).name not in names:
                continue
            data = memoryview(_expanded(data, room))
            room -= len(data)
            kind, data = next(_elements(data, order), (0, data))
        if kind == _MATRIX:
            matrix = _Matrix(data, order)
            if matrix.name in names:
                matrix.check(0)


def _begin(data: memoryview) -> memoryview:
    """Return the first bytes of what is compressed, where the name of a variable stands."""
    try:
        return memoryview(zlib.decompressobj().decompress(data, _BEGIN))
    except zlib.error:
        raise LayoutError("a variable is damaged") from None


def _expanded(data: memoryview, room: int) -> bytes:
    stream = zlib.decompressobj()
    try:
        result = stream.decompress(data, max(1, room))
        if stream.unconsumed_tail or not stream.eof:
            reason = "claims to hold more than it can" if stream.unconsumed_tail else "is cut off"
            raise LayoutError(f"a variable {reason}")
    except zlib.error:
        raise LayoutError("a variable is damaged") from None
    return result


def _elements(data: memoryview, order: str) -> Iterator[tuple[int, memoryview]]:
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
            # What is compressed has no padding, and arrays need none.
            at = start + (size if kind == _COMPRESSED else -(-size // 8) * 8)
        if start + size > len(data) or (kind == _MATRIX and size % 8):
            raise LayoutError("it is cut off")
        yield kind, data[start : start + size]


class _Matrix:
    """An array of any class; its parts are elements: flags, shape, name and what it holds.

    Nothing may follow those: scipy reads on where they end, not where the array says that it does.
    """

    def __init__(self, data: memoryview, order: str) -> None:
        self._order = order
        self._parts = _elements(data, order)
        flags = self._next()
        if len(flags) != 8:
            raise LayoutError("an array has no flags")
        word: int = struct.unpack_from(f"{order}I", flags)[0]
        self._class, self._is_complex = word & 0xFF, bool(word & _COMPLEX)
        self._count, self.name = 0, ""
        if self._class == _OPAQUE:
            return
        shape = self._next()
        sizes = struct.unpack(f"{order}{len(shape) // 4}i", shape[: len(shape) // 4 * 4])
        if min(sizes, default=-1) < 0:
            raise LayoutError("an array has no sizes")
        self._count = math.prod(sizes)
        self.name = bytes(self._next()).decode("latin-1")

    def _next(self) -> memoryview:
        for _, data in self._parts:
            return data
        raise LayoutError("it is cut off")

    def check(self, depth: int) -> None:
        """Check this array and those within it."""
        if depth > _DEPTH:
            raise LayoutError("it has cells within cells to no end")
        if self._class in _CHAR_AND_NUMBERS:
            if self._count > len(self._next()):
                raise LayoutError("an array claims to hold more than it has bytes for")
        elif self._class == _SPARSE:
            for _ in range(3):
                self._next()
        else:
            for _ in range(self._num_inner()):
                inner = self._next()
                if len(inner):
                    _Matrix(inner, self._order).check(depth + 1)
        if self._is_complex:
            self._next()
        if next(self._parts, None) is not None:
            raise LayoutError("an array has more parts than it can")

    def _num_inner(self) -> int:
        """Return the number of arrays within this one, which stand behind the names of fields."""
        if self._class == _CELL:
            return self._count
        if self._class == _FUNCTION:
            return 1
        if self._class != _STRUCT:
            raise LayoutError("it holds objects of classes")
        length, names = self._next(), self._next()
        size: int = struct.unpack_from(f"{self._order}i", length)[0] if len(length) == 4 else 0
        if size < 1:
            raise LayoutError("a struct has no names")
        return self._count * (len(names) // size)
