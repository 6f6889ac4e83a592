"""Files of MATLAB 7.3 with the structs of `matlab_files`, laid out as MATLAB lays them out."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import scipy.sparse

_NUMBERS = itertools.count()
HEADER = b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM"


def write_hdf5(path: Path, **structs: Any) -> Path:
    """Write structs into a file."""
    with new_file(path) as file:
        for name, struct in structs.items():
            put(file, file, name, struct)
    return with_header(path)


def new_file(path: Path) -> h5py.File:
    """Return a new file with room for MATLAB's header."""
    return h5py.File(path, "w", userblock_size=512)


def with_header(path: Path) -> Path:
    """Write MATLAB's header into a file that is closed."""
    with open(path, "r+b") as file:
        file.write(HEADER)
    return path


def put(file: h5py.File, group: h5py.Group, name: str, value: Any) -> h5py.HLObject:
    """Write a value under a name, with what its cells refer to."""
    if isinstance(value, dict):
        made = group.create_group(name)
        made.attrs["MATLAB_class"] = np.bytes_("struct")
        for field, inner in value.items():
            put(file, made, field, inner)
        return made
    if scipy.sparse.issparse(value):
        return put_sparse(group, name, value)
    if isinstance(value, str):
        return labelled(group, name, np.array([[ord(c)] for c in value], dtype=np.uint16), "char")
    array = np.atleast_2d(np.asarray(value))
    kind = "cell" if array.dtype == object else "double"
    if array.size == 0:
        made = labelled(group, name, np.array(array.shape, dtype=np.uint64), kind)
        made.attrs["MATLAB_empty"] = np.uint8(1)
        return made
    if kind == "double":
        return labelled(group, name, array.astype(np.float64).T, kind)
    references = np.empty(array.T.shape, dtype=h5py.ref_dtype)
    inside = file.require_group("#refs#")
    for place, inner in np.ndenumerate(array.T):
        references[place] = put(file, inside, f"r{next(_NUMBERS)}", inner).ref
    return labelled(group, name, references, kind)


def put_sparse(group: h5py.Group, name: str, value: Any) -> h5py.Group:
    """Write a sparse matrix, column by column."""
    made = group.create_group(name)
    made.attrs["MATLAB_class"] = np.bytes_("double")
    made.attrs["MATLAB_sparse"] = np.uint64(value.shape[0])
    for part, array in (("data", value.data), ("ir", value.indices), ("jc", value.indptr)):
        if array.size:
            made[part] = array if part == "data" else array.astype(np.uint64)
    return made


def labelled(group: h5py.Group, name: str, array: Any, kind: str) -> h5py.Dataset:
    """Write an array with MATLAB's name of its class."""
    dtype = h5py.ref_dtype if kind == "cell" and array.dtype == object else array.dtype
    made = group.create_dataset(name, data=array, dtype=dtype)
    made.attrs["MATLAB_class"] = np.bytes_(kind)
    return made
