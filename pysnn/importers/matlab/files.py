"""The structs of a MATLAB file, of whatever version."""

from __future__ import annotations

from typing import Any

from ... import _core
from ..extras import load_library
from .fields import LayoutError
from .hdf5 import read_hdf5
from .sizes import check_sizes

NAMES = ("cnn", "nn")
"""Variables that can hold a network."""

_HEADER = 128  # bytes
_VERSION_5 = (b"\x00\x01IM", b"\x01\x00MI")
_VERSION_7_3 = (b"\x00\x02IM", b"\x02\x00MI")


def read_structs(path: str) -> dict[str, Any]:
    """Return the variables that can hold a network, as `fields` has them.

    Raises:
        ImportError: The library for the file's version is not installed.
        ModelFileError: The file is no MATLAB file, is damaged, or claims to hold more than it can.
        OSError: The file can't be read.
    """
    with open(path, "rb") as file:
        header = file.read(_HEADER)
    ending = header[-4:] if len(header) == _HEADER else b""
    try:
        if ending in _VERSION_7_3:
            return read_hdf5(path, NAMES)
        if ending in _VERSION_5:
            return _read_version_5(path)
        raise LayoutError("it has no header of MATLAB 5 or later")
    except LayoutError as error:
        raise _core.ModelFileError(f"{path} is no readable MATLAB file: {error}") from None


def _read_version_5(path: str) -> dict[str, Any]:
    matlab = load_library("scipy.io", "mat", "MATLAB files")
    with open(path, "rb") as file:
        content = file.read()
        check_sizes(content, NAMES)
        file.seek(0)
        try:
            structs: dict[str, Any] = matlab.loadmat(file, variable_names=NAMES)
        # scipy says by many kinds of exception that the bytes make no sense to it.
        except Exception as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise LayoutError(reason) from None
    return structs
