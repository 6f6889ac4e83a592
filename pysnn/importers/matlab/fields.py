"""Fields of structs, whatever file of MATLAB they come from: NumPy arrays within arrays.

A struct is a structured array with a field of objects each, a cell array one of objects, and a text
an array of one str.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..._base.memory import check_memory

_ANY_SIZE = 1 << 22  # elements of a sparse matrix, however few of them are not 0
_MOST_ZEROS = 1000  # for each number of a larger one

Array = NDArray[Any]


class LayoutError(Exception):
    """Says what of a file is not as the released code writes it, as the end of "<path> ..."."""


def as_struct(value: Any, name: str) -> Array:
    """Return a struct, (1, 1).

    Raises:
        LayoutError: It is something else.
    """
    if not isinstance(value, np.ndarray) or value.dtype.names is None or value.size != 1:
        raise LayoutError(f"has no single struct as {name}")
    return value.reshape(1, 1)


def field(owner: Array, name: str) -> Any:
    """Return what a field holds.

    Raises:
        LayoutError: It is something else.
    """
    if name not in (owner.dtype.names or ()):
        raise LayoutError(f"lacks the field {name}, it has {', '.join(owner.dtype.names or ())}")
    return owner[name][0, 0]


def cell(owner: Array, name: str) -> list[Any]:
    """Return the cells of a field, column by column.

    Raises:
        LayoutError: It is something else.
    """
    return cells(field(owner, name), name)


def cells(value: Any, name: str) -> list[Any]:
    """Return the cells of a cell array, column by column.

    Raises:
        LayoutError: It is something else.
    """
    if not isinstance(value, np.ndarray) or value.dtype != object or value.size == 0:
        raise LayoutError(f"has no cells in {name}")
    return list(value.ravel(order="F"))


def is_empty(value: Any) -> bool:
    """Return whether a field holds nothing, ``[]`` or ``{}``."""
    return isinstance(value, np.ndarray) and value.size == 0


def numbers(value: Any, name: str) -> Array:
    """Return an array of numbers as float64.

    Raises:
        LayoutError: It is something else.
    """
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iufb" or value.size == 0:
        raise LayoutError(f"has no numbers in {name}")
    return value.astype(np.float64)


def full_matrix(shape: Sequence[int], values: Array, rows: Array, starts: Array) -> Array:
    """Return a sparse matrix as a full one, which it is in a network anyway.

    Args:
        shape: Its numbers of rows and columns.
        values: What it has beside zeros, column by column.
        rows: The row of each.
        starts: Where in these each column begins and the last one ends, (columns + 1,).

    Raises:
        MemoryError: The machine has no room for it.
        LayoutError: Parts do not fit each other; or nearly all of it is zeros, which no network has
            and a short file may claim.
    """
    counts = np.diff(starts)
    if (
        not len(values) == len(rows) == starts[-1]
        or starts[0] != 0
        or (counts < 0).any()
        or ((rows < 0) | (rows >= shape[0])).any()
    ):
        raise LayoutError("a sparse matrix has parts that do not fit each other")
    if math.prod(shape) > max(_ANY_SIZE, _MOST_ZEROS * len(values)):
        raise LayoutError(f"a sparse matrix of shape {tuple(shape)} has {len(values)} numbers")
    check_memory("a sparse matrix", shape, np.dtype(np.float64).itemsize)
    result = np.zeros(tuple(shape))
    result[rows, np.repeat(np.arange(shape[1]), counts)] = values
    return result


def optional(owner: Array, name: str, default: float) -> Array:
    """Return the numbers of a field, the default where it is missing or empty.

    Raises:
        LayoutError: It is something else.
    """
    if name not in (owner.dtype.names or ()) or is_empty(owner[name][0, 0]):
        return np.array([default])
    return numbers(owner[name][0, 0], name)


def whole_number(owner: Array, name: str) -> int:
    """Return the one number of a field, at least 1.

    Raises:
        LayoutError: It is something else.
    """
    value = numbers(field(owner, name), name)
    if value.size != 1 or value.sum() < 1 or value.sum() % 1:
        raise LayoutError(f"has {value.ravel()[:3].tolist()} as {name}, expected a whole number")
    return int(value.sum())


def text(owner: Array, name: str, default: str | None = None) -> str:
    """Return the text of a field, the default where it is missing or empty.

    Raises:
        LayoutError: It is something else.
    """
    if default is not None and (
        name not in (owner.dtype.names or ()) or is_empty(owner[name][0, 0])
    ):
        return default
    value = field(owner, name)
    if not isinstance(value, np.ndarray) or value.dtype.kind != "U" or value.size != 1:
        raise LayoutError(f"has no text in {name}")
    return str(value.ravel()[0])
