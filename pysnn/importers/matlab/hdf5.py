"""Files of MATLAB 7.3, which are HDF5 files with MATLAB's classes as attributes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..extras import load_library
from .fields import Array, LayoutError, full_matrix

_MOST_EXPANSION = 50  # by which compression makes the numbers of a network smaller, and more
_DEPTH = 16  # of cells within cells; networks have 6
# What a struct holds besides can be large: the last batch's activations and gradients.
_READ = (
    *("layers", "type", "a", "b", "k", "kernelsize", "outputmaps", "scale", "used_maps"),
    *("ffW", "ffb", "size", "W", "activation_function", "output", "dropoutFraction"),
)


def read_hdf5(path: str, names: Sequence[str]) -> dict[str, Any]:
    """Return variables of some names, as `fields` has them, with the fields that networks need.

    Args:
        path: Name of the file.
        names: Names of the variables.

    Raises:
        ImportError: h5py is not installed.
        LayoutError: The file is damaged, or claims to hold more than it can.
        OSError: The file can't be read.
    """
    library = load_library("h5py", "mat", "MATLAB files of version 7.3")
    try:
        with library.File(path, "r") as file:
            reader = _Reader(library, file, _MOST_EXPANSION * os.path.getsize(path))
            there = [name for name in names if file.get(name, getlink=True) is not None]
            return {name: reader.member(file, name, 0) for name in there}
    except (LayoutError, MemoryError):
        raise
    # h5py says by many kinds of exception that the bytes make no sense to it.
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise LayoutError(reason) from None


class _Reader:
    """Makes NumPy arrays of the objects of a file, each of them once.

    Args:
        library: h5py.
        file: The open file.
        room: Most bytes of all arrays.
    """

    def __init__(self, library: Any, file: Any, room: int) -> None:
        self._library = library
        self._file = file
        self._room = room
        self._seen: set[int] = set()

    def member(self, group: Any, name: str, depth: int) -> Any:
        """Return what a group has under a name, which is a hard link within the file."""
        link = group.get(name, getlink=True)
        if not isinstance(link, self._library.HardLink):
            raise LayoutError(f"{name} is a link to another place")
        return self._value(group[name], depth)

    def _value(self, item: Any, depth: int) -> Any:
        kind = _text_of(item.attrs.get("MATLAB_class", b""))
        if item.attrs.get("MATLAB_empty", 0):
            return np.empty((0, 0), dtype=object if kind == "cell" else np.float64)
        # A file of MATLAB has each array once. Others could have circles, or more than fits.
        address = self._library.h5o.get_info(item.id).addr
        if address in self._seen or depth > _DEPTH:
            raise LayoutError("an array is stored in two places, or inside itself")
        self._seen.add(address)
        if isinstance(item, self._library.Group):
            return (
                self._sparse(item) if "MATLAB_sparse" in item.attrs else self._struct(item, depth)
            )
        if not isinstance(item, self._library.Dataset) or item.shape is None:
            raise LayoutError(f"{item.name} is neither an array nor a struct")
        array = self._array(item)
        if kind == "cell":
            return self._cells(array, depth)
        if kind == "char":
            return np.array(["".join(map(chr, array.ravel(order="F").tolist()))])
        return array

    def _array(self, item: Any) -> Array:
        """Return a data set with the axes in MATLAB's order."""
        is_cells = self._library.check_ref_dtype(item.dtype) is self._library.Reference
        if not is_cells and item.dtype.kind not in "iufb":
            raise LayoutError(f"{item.name} holds neither numbers nor cells")
        self._room -= item.size * item.dtype.itemsize
        if self._room < 0 or item.external or item.is_virtual:
            raise LayoutError(f"{item.name} claims to hold more than the file can")
        array: Array = item[()]
        return array.T

    def _cells(self, references: Array, depth: int) -> Array:
        if references.dtype != object:
            raise LayoutError("a cell array holds no references")
        result = np.empty(references.shape, dtype=object)
        for place, reference in np.ndenumerate(references):
            if not isinstance(reference, self._library.Reference) or not reference:
                raise LayoutError("a cell leads nowhere")
            result[place] = self._value(self._file[reference], depth + 1)
        return result

    def _struct(self, group: Any, depth: int) -> Array:
        names = [name for name in group if name in _READ]
        result = np.empty((1, 1), dtype=[(name, object) for name in names])
        for name in names:
            result[name][0, 0] = self.member(group, name, depth + 1)
        return result

    def _sparse(self, group: Any) -> Array:
        """Return a sparse matrix as a full one."""
        parts = {
            name: self._array(group[name])
            for name in ("data", "ir", "jc")
            if isinstance(group.get(name, getlink=True), self._library.HardLink)
        }
        starts = parts.get("jc", np.zeros(1)).astype(np.int64)
        rows = parts.get("ir", np.zeros(0)).astype(np.int64)
        values = parts.get("data", np.zeros(0))
        shape = (int(group.attrs["MATLAB_sparse"]), len(starts) - 1)
        return full_matrix(shape, values, rows, starts)


def _text_of(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
