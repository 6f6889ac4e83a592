"""Weights of Keras models, layer by layer: in HDF5 files of either layout, and in live models."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..._base.memory import check_memory
from ..building import Array
from .config import ConfigError, Model

Weights = Mapping[str, Sequence[Array]]
"""Arrays of each layer in Keras's order, by the layer's name."""

_MOST_COMPRESSION = 1000


def legacy_weights(h5py: Any, file: Any) -> dict[str, list[Array]]:
    """Return those of a ``.h5`` file, whose groups say the names of their arrays."""
    group = file.get("model_weights", file)
    weights: dict[str, list[Array]] = {}
    for layer in group:
        part = _hard(h5py, group, layer)
        for name in part.attrs.get("weight_names", []):
            path = name.decode() if isinstance(name, bytes) else str(name)
            # Those of a model within a model stand in its group, each under its own layer's name.
            words = path.split("/")
            owner = words[-2] if len(words) > 1 else layer
            weights.setdefault(owner, []).append(_array(h5py, part, path))
    return weights


def weights_of_3(h5py: Any, file: Any, model: Model) -> dict[str, list[Array]]:
    """Return those of ``model.weights.h5`` of Keras 3, whose groups are named after classes."""
    weights: dict[str, list[Array]] = {}
    _collect(h5py, file, model, weights)
    return weights


def _collect(h5py: Any, group: Any, model: Model, weights: dict[str, list[Array]]) -> None:
    parts = _hard(h5py, group, "layers") if "layers" in group else group
    used: dict[str, int] = {}
    for layer in model.layers:
        word = _snake_case(layer.kind)
        number = used.get(word, -1) + 1
        used[word] = number
        # Early versions of Keras 3 name groups after layers.
        names = (f"{word}_{number}" if number else word, layer.name)
        name = next((each for each in names if each in parts), None)
        if name is None:
            continue
        part = _hard(h5py, parts, name)
        if layer.model is not None:
            _collect(h5py, part, layer.model, weights)
            continue
        if layer.kind in ("SeparableConv2D", "SeparableConv1D") or "vars" in part:
            found = _hard(h5py, part, "vars")
            count = len(found)
            weights[layer.name] = [_array(h5py, found, str(i)) for i in range(count)]


def _snake_case(kind: str) -> str:
    """Return the name of a class as Keras writes it in files."""
    spaced = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", kind))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()


def live_weights(model: Model, live: Any) -> dict[str, list[Array]]:
    """Return those of a live model."""
    weights: dict[str, list[Array]] = {}
    parts = {part.name: part for part in live.layers}
    for layer in model.layers:
        # Operators such as + are no layers of a live model.
        part = parts.get(layer.name)
        if part is None or layer.kind == "InputLayer":
            continue
        if layer.model is not None:
            weights.update(live_weights(layer.model, part))
        elif layer.kind == "Normalization":
            # Not among its weights in all versions, and known to be set in all.
            weights[layer.name] = [_numbers(part.mean), _numbers(part.variance)]
        else:
            weights[layer.name] = [_numbers(each) for each in part.get_weights()]
    return weights


def _numbers(tensor: Any) -> Array:
    found = tensor.detach().cpu() if hasattr(tensor, "detach") else tensor
    array: Array = np.asarray(found)
    return array


def _hard(h5py: Any, group: Any, path: str) -> Any:
    """Return a part of a group that no link to elsewhere leads to."""
    found = group
    for name in path.split("/"):
        link = found.get(name, getlink=True) if isinstance(found, h5py.Group) else None
        if not isinstance(link, h5py.HardLink):
            raise ConfigError(f"lacks {path!r} in {group.name!r}, or has a link there")
        found = found[name]
    return found


def _array(h5py: Any, group: Any, path: str) -> Array:
    data = _hard(h5py, group, path)
    if not isinstance(data, h5py.Dataset) or data.dtype.kind not in "fiu":
        raise ConfigError(f"has no numbers in {path!r} of {group.name!r}")
    if data.external or data.is_virtual:
        raise ConfigError(f"has the numbers of {path!r} in another file")
    size = math.prod(data.shape) * data.dtype.itemsize
    if size > _MOST_COMPRESSION * data.id.get_storage_size():
        raise ConfigError(f"declares {data.shape} in {path!r}, and holds fewer numbers")
    check_memory(f"weights {path!r}", data.shape, data.dtype.itemsize)
    array: Array = data[()]
    return array
