"""The structs of a MATLAB file, of whatever version."""

from __future__ import annotations

from typing import Any

from ... import _core
from .fields import LayoutError
from .hdf5 import read_hdf5
from .version5 import read_version5

NAMES = ("cnn", "nn")
"""Variables that can hold a network."""

_HEADER = 128  # bytes
_VERSION_5 = (b"\x00\x01IM", b"\x01\x00MI")
_VERSION_7_3 = (b"\x00\x02IM", b"\x02\x00MI")


def read_structs(path: str) -> dict[str, Any]:
    """Return the variables that can hold a network, as `fields` has them.

    Raises:
        ImportError: The file is of version 7.3, and h5py is not installed.
        ModelFileError: The file is no MATLAB file, is damaged, or claims to hold more than it can.
        OSError: The file can't be read.
    """
    with open(path, "rb") as file:
        header = file.read(_HEADER)
        ending = header[-4:] if len(header) == _HEADER else b""
        content = header + file.read() if ending in _VERSION_5 else b""
    try:
        if ending in _VERSION_7_3:
            return read_hdf5(path, NAMES)
        if ending in _VERSION_5:
            return read_version5(content, NAMES)
        raise LayoutError("it has no header of MATLAB 5 or later")
    except LayoutError as error:
        raise _core.ModelFileError(f"{path} is no readable MATLAB file: {error}") from None
