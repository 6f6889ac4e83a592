"""Keras's files: ``.keras`` and the older ``.h5``."""

from __future__ import annotations

import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..._base.memory import check_memory
from .calls import ConfigError
from .config import Model, read_model
from .hdf5 import MOST_COMPRESSION
from .weights import Weights, legacy_weights, weights_of_3

_MOST_CONFIG = 64 << 20  # bytes; those of large networks have some MiB
_ALWAYS_ALLOWED = 1 << 20  # bytes, whatever they are compressed to

# h5py, json and zipfile say by many kinds of exception that bytes make no sense to them.
_DAMAGES = (
    *(ArithmeticError, EOFError, KeyError, MemoryError, OSError, RuntimeError, TypeError),
    *(ValueError, lzma.LZMAError, zipfile.BadZipFile, zlib.error),
)


@dataclass(frozen=True, eq=False)
class Contents:
    """What a file holds.

    Attributes:
        description: The configuration as it is.
        model: The model that it describes.
        weights: Arrays that are read while the file is open.
    """

    description: Any
    model: Model
    weights: Weights


@contextmanager
def opened(h5py: Any, path: str) -> Iterator[Contents]:
    """Open a file.

    Args:
        h5py: The library.
        path: Name of the file.

    Raises:
        ConfigError: It is no such file, or damaged.
        OSError: It can't be read.
    """
    with Path(path).open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    contents, hdf5 = _read(h5py, path, is_zip)
    with hdf5:
        yield contents


def _read(h5py: Any, path: str, is_zip: bool) -> tuple[Contents, Any]:
    try:
        return _archive(h5py, path) if is_zip else _legacy(h5py, path)
    except RecursionError:
        raise ConfigError("has a configuration that is nested too deeply") from None
    except _DAMAGES as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise ConfigError(f"is no readable file of Keras: {reason}") from None


def _archive(h5py: Any, path: str) -> tuple[Contents, Any]:
    with zipfile.ZipFile(path) as archive:
        description = json.loads(_member(archive, "config.json", _MOST_CONFIG))
        model = read_model(description)
        data = _member(archive, "model.weights.h5")
    hdf5 = h5py.File(io.BytesIO(data), "r")
    try:
        return Contents(description, model, weights_of_3(h5py, hdf5, model)), hdf5
    except BaseException:
        hdf5.close()
        raise


def _member(archive: zipfile.ZipFile, name: str, most: int | None = None) -> bytes:
    """Return the bytes of a member, unless they are more than the archive makes credible."""
    try:
        member = archive.getinfo(name)
    except KeyError:
        raise ConfigError(f"has no {name}, which files of Keras 3 have") from None
    size, packed = member.file_size, member.compress_size
    if most is not None and size > most:
        raise ConfigError(f"has a {name} of {size:,} bytes")
    if size > max(_ALWAYS_ALLOWED, MOST_COMPRESSION * packed):
        raise ConfigError(f"has a {name} of {size:,} bytes that is packed to {packed:,}")
    check_memory(name, (size,), 1)
    return archive.read(name)


def _legacy(h5py: Any, path: str) -> tuple[Contents, Any]:
    hdf5 = h5py.File(path, "r")
    try:
        text = hdf5.attrs.get("model_config")
        if text is None:
            raise ConfigError(
                "has no model_config, only weights or nothing: save the whole model by model.save()"
            )
        if len(text) > _MOST_CONFIG:
            raise ConfigError(f"has a model_config of {len(text):,} bytes")
        description = json.loads(text)
        model = read_model(description)
        return Contents(description, model, legacy_weights(h5py, hdf5, model)), hdf5
    except BaseException:
        hdf5.close()
        raise
