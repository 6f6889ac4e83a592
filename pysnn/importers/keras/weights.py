"""Weights of Keras models, layer by layer: in HDF5 files of either layout, and in live models."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..building import Array
from .calls import ConfigError
from .config import Layer, Model
from .hdf5 import hard, names_of, shape_of, stored_numbers

Path = tuple[str, ...]
"""A layer by its name, behind those of the models that it is in."""


@dataclass(frozen=True, eq=False)
class Stored:
    """An array that is read once its shape is known to be right.

    Attributes:
        shape: Its shape.
        read: Returns it.
    """

    shape: tuple[int, ...]
    read: Callable[[], Array]


Weights = Mapping[Path, Sequence[Stored]]
"""Arrays of each layer in Keras's order; layers without any may be missing."""

_MOST_ARRAYS = 16  # of a layer; none of Keras's that are read have more than 4


def legacy_weights(h5py: Any, file: Any, model: Model) -> Weights:
    """Return those of a ``.h5`` file, whose groups say the names of their arrays.

    Raises:
        ConfigError: The file is not as Keras writes it.
    """
    group = hard(h5py, file, "model_weights")
    weights: dict[Path, Sequence[Stored]] = {}
    for layer in model.layers:
        if layer.name not in group:
            continue
        part = hard(h5py, group, layer.name)
        names = names_of(part, "weight_names")
        if layer.model is None:
            weights[layer.name,] = [_stored(h5py, part, name) for name in names[:_MOST_ARRAYS]]
            continue
        found: dict[Path, list[str]] = {}
        for name in names:
            found.setdefault(tuple(name.split("/")[:-1]), []).append(name)
        for path in _paths(layer.model, (layer.name,)):
            owner = _owner(path, list(found))
            if owner is not None:
                weights[path] = [_stored(h5py, part, name) for name in found[owner][:_MOST_ARRAYS]]
    return weights


def _paths(model: Model, path: Path) -> list[Path]:
    """Return the layers of a model that are none themselves, with those of models within it."""
    found = []
    for layer in model.layers:
        inner = (*path, layer.name)
        found += [inner] if layer.model is None else _paths(layer.model, inner)
    return found


def _owner(path: Path, owners: Sequence[Path]) -> Path | None:
    """Return whose arrays are a layer's, of those that name arrays of a model.

    Raises:
        ConfigError: They could be those of several.
    """
    *models, name = path
    fit = [each for each in owners if each[-len(name.split("/")) :] == tuple(name.split("/"))]
    if len(fit) > 1:
        # All those whose models are named, or else the only one.
        fit = [each for each in fit if all(model in each for model in models[1:])]
        if len(fit) != 1:
            raise ConfigError(f"has arrays of several layers {name!r} in one model: save as .keras")
    return fit[0] if fit else None


def weights_of_3(h5py: Any, file: Any, model: Model) -> Weights:
    """Return those of ``model.weights.h5`` of Keras 3, whose groups are named after classes.

    Raises:
        ConfigError: The file is not as Keras writes it.
    """
    weights: dict[Path, Sequence[Stored]] = {}
    _collect(h5py, file, model, (), weights)
    return weights


def _collect(
    h5py: Any, group: Any, model: Model, path: Path, weights: dict[Path, Sequence[Stored]]
) -> None:
    # The second is what the format's first versions have.
    places = ("layers", "_layer_checkpoint_dependencies")
    place = next((each for each in places if each in group), None)
    if place is None:
        return
    parts = hard(h5py, group, place)
    for layer, name in zip(model.layers, _group_names(model.layers), strict=True):
        if name not in parts:
            continue
        part, inner = hard(h5py, parts, name), (*path, layer.name)
        if layer.model is not None:
            _collect(h5py, part, layer.model, inner, weights)
        elif "vars" in part:
            found = hard(h5py, part, "vars")
            # A layer that stands elsewhere, too, is stored there: numbers would go astray.
            owner = found.attrs.get("name", layer.name)
            if owner != layer.name:
                raise ConfigError(f"has the weights of {owner!r} where those of {layer.name!r} are")
            count = min(len(found), _MOST_ARRAYS)
            weights[inner] = [_stored(h5py, found, str(i)) for i in range(count)]


def _group_names(layers: Sequence[Layer]) -> list[str]:
    """Return the names of layers' groups: those of their classes, numbered."""
    used: dict[str, int] = {}
    names = []
    for layer in layers:
        word = _snake_case(layer.kind)
        number = used[word] = used.get(word, -1) + 1
        names.append(f"{word}_{number}" if number else word)
    return names


def _snake_case(kind: str) -> str:
    """Return the name of a class as Keras writes it in files."""
    spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", kind))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()


def _stored(h5py: Any, group: Any, name: str) -> Stored:
    data = hard(h5py, group, name)
    return Stored(shape_of(h5py, data, name), lambda: stored_numbers(data, name))


def live_weights(model: Model, live: Any, path: Path = ()) -> Weights:
    """Return those of a live model, which is in the models of ``path``."""
    weights: dict[Path, Sequence[Stored]] = {}
    parts = {part.name: part for part in live.layers}
    for layer in model.layers:
        # Operators such as + are no layers of a live model.
        part, inner = parts.get(layer.name), (*path, layer.name)
        if part is None or layer.kind == "InputLayer":
            continue
        if layer.model is not None:
            weights.update(live_weights(layer.model, part, inner))
            continue
        # Those of Normalization are not among its weights in all versions.
        is_special = layer.kind == "Normalization"
        found = [part.mean, part.variance] if is_special else part.get_weights()
        weights[inner] = [_live(each) for each in found]
    return weights


def _live(tensor: Any) -> Stored:
    array: Array = np.asarray(tensor.detach().cpu() if hasattr(tensor, "detach") else tensor)
    return Stored(array.shape, lambda: array)
