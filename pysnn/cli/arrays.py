"""Arrays that one word of the command line names.

Such a source is ``mnist:train`` or ``mnist:test``, a ``.npy`` file, a ``.npz`` file with or without
the name of one of its arrays behind a colon, or an IDX file, compressed or not.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .command import UsageError

if TYPE_CHECKING:
    from ..datasets import Mnist

_FILE = re.compile(r"(?P<path>.+\.(?P<ending>npy|npz))(?::(?P<key>[^:]+))?", re.IGNORECASE)
_PACKAGED = ("mnist:train", "mnist:test")


def read_array(source: str, default_key: str, *, may_map: bool = False) -> NDArray[Any]:
    """Read one array.

    Args:
        source: Word of the command line, see above.
        default_key: Array of a ``.npz`` file that names none: ``"x"`` for samples, ``"y"`` for
            labels, which also decides what is taken of MNIST.
        may_map: Whether a ``.npy`` file may be mapped into memory, which reads what is asked for.

    Raises:
        UsageError: There is no such packaged data set.
        ValueError: The file is damaged, or has no such array.
        OSError: It can't be read.
    """
    if source.startswith("mnist:"):
        return _packaged(source, default_key)
    match = _FILE.fullmatch(source)
    if match is None:
        return _idx(source)
    path, key = match["path"], match["key"]
    if key is not None and match["ending"].lower() != "npz":
        raise UsageError(f"{source} names an array of {path}, but a .npy file has only one")
    if match["ending"].lower() == "npz":
        return _of_npz(path, key or default_key, is_default=key is None)
    array: NDArray[Any]
    with open(path, "rb") as file, _damage_named(path, "npy"):
        if may_map and os.path.isfile(path):  # and no pipe
            array = np.lib.format.open_memmap(path, mode="r")
        else:
            array = np.lib.format.read_array(file, allow_pickle=False)
        return array


def has_labels(source: str) -> bool:
    """Return whether labels come with the samples: with a named array of a file they do not."""
    if source in _PACKAGED:
        return True
    match = _FILE.fullmatch(source)
    if match is None or match["ending"].lower() != "npz" or match["key"] is not None:
        return False
    with zipfile.ZipFile(match["path"]) as archive:
        return "y.npy" in archive.namelist()


def shown(source: str, default_key: str) -> str:
    """Return a source as messages name it, with the array that is taken of it."""
    match = _FILE.fullmatch(source)
    whole = match is not None and match["ending"].lower() == "npz" and match["key"] is None
    return f"{source}:{default_key}" if whole else source


def _of_npz(path: str, key: str, *, is_default: bool) -> NDArray[Any]:
    with open(path, "rb") as file:
        if not zipfile.is_zipfile(file):
            raise ValueError(f"{path} is no sound .npz file: it is no archive")
        file.seek(0)
        with _damage_named(path, "npz"), np.load(file, allow_pickle=False) as arrays:
            names = list(arrays.files)
            array: NDArray[Any] | None = arrays[key] if key in names else None
    if array is None:
        # A word that names what is not there, unless the name is ours.
        raise (ValueError if is_default else UsageError)(
            f"{path} has no array {key!r}, but {names}; name one of them by {path}:NAME"
        )
    if not isinstance(array, np.ndarray):
        raise ValueError(f"{path} has {key!r}, which is no array of NumPy")
    return array


@contextmanager
def _damage_named(path: str, ending: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"{path} is no sound .{ending} file: {error}") from error


def _idx(source: str) -> NDArray[Any]:
    from ..datasets import load_idx

    array = load_idx(source)
    if isinstance(array, dict):
        raise ValueError(f"{source} is a folder, but must be a file")
    return array


def _packaged(source: str, default_key: str) -> NDArray[Any]:
    if source not in _PACKAGED:
        raise UsageError(f"{source} is none of the data sets of pysnn: {', '.join(_PACKAGED)}")
    array: NDArray[Any] = getattr(_mnist(), f"{default_key}_{source.partition(':')[2]}")
    return array


@cache
def _mnist() -> Mnist:
    from ..datasets import load_mnist

    return load_mnist()
