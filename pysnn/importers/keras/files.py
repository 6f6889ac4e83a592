"""Keras's files: ``.keras`` and the older ``.h5``."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from ..._base.memory import check_memory
from .config import ConfigError, Model, read_model
from .weights import Weights, legacy_weights, weights_of_3

_MOST_CONFIG = 64 << 20  # bytes; those of large networks have some MiB


def read_file(h5py: Any, path: str) -> tuple[Model, Weights]:
    """Return a file's model and weights.

    Args:
        h5py: The library.
        path: Name of the file.

    Raises:
        ConfigError: It is no such file, or damaged.
        OSError: It can't be read.
    """
    with Path(path).open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    try:
        return _archive(h5py, path) if is_zip else _legacy(h5py, path)
    except RecursionError:
        raise ConfigError("has a configuration that is nested too deeply") from None
    # h5py says by many kinds of exception that the bytes make no sense to it.
    except (KeyError, OSError, RuntimeError, TypeError, ValueError, zipfile.BadZipFile) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ConfigError(f"is no readable file of Keras: {reason}") from None


def _archive(h5py: Any, path: str) -> tuple[Model, Weights]:
    with zipfile.ZipFile(path) as archive:
        members = {each.filename: each for each in archive.infolist()}
        for name in ("config.json", "model.weights.h5"):
            if name not in members:
                raise ConfigError(f"has no {name}, which files of Keras 3 have")
        if members["config.json"].file_size > _MOST_CONFIG:
            raise ConfigError(f"has a config.json of {members['config.json'].file_size:,} bytes")
        model = read_model(json.loads(archive.read("config.json")))
        size = members["model.weights.h5"].file_size
        check_memory("model.weights.h5", (size,), 1)
        data = archive.read("model.weights.h5")
    with h5py.File(io.BytesIO(data), "r") as file:
        return model, weights_of_3(h5py, file, model)


def _legacy(h5py: Any, path: str) -> tuple[Model, Weights]:
    with h5py.File(path, "r") as file:
        text = file.attrs.get("model_config")
        if text is None:
            raise ConfigError(
                "has no model_config, only weights or nothing: save the whole model by model.save()"
            )
        if len(text) > _MOST_CONFIG:
            raise ConfigError(f"has a model_config of {len(text):,} bytes")
        return read_model(json.loads(text)), legacy_weights(h5py, file)
