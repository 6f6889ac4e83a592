"""Keras models and their files."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ... import _core
from ..._base.arrays import as_samples
from ...network import Network, Origin
from ..building import GraphBuilder
from ..comparison import random_samples
from ..extras import load_library
from ..refusal import RefusalError
from .calls import ConfigError
from .check import Imported, checked
from .config import Model, input_shape, read_model
from .files import opened
from .loading import loaded
from .walk import Walk
from .weights import Weights, live_weights

_MOST_SAMPLES = 16  # of x that outputs are compared on


def from_keras(model: Any, *, x: ArrayLike | None = None) -> Network:
    """Return the network of a Keras model, or of one of its files.

    ``.keras`` and ``.h5`` files are read without Keras, by h5py. Layers keep their names; printing
    the network shows how far its outputs are from Keras's, where that is installed.
    ``docs/importing.md`` lists the layers. Samples of the network are (channels, height, width),
    whatever Keras has.

    Args:
        model: A Sequential or Functional model of Keras 3, or the name of a file.
        x: Samples as Keras takes them, on which outputs are compared, of which the first 16 are
            used; None for two random ones in [0, 1).

    Returns:
        The network; without a softmax or sigmoid at the end, which changes no prediction.

    Raises:
        ImportError: h5py is not installed, and ``model`` is a file.
        TypeError: ``model`` is neither a model nor a name.
        ValueError: ``x`` does not fit, or a layer of a live model (which is named) can't be a part
            of a `Network`.
        ModelFileError: The same for a file, or the file is damaged.
        OSError: The file can't be read.
    """
    if isinstance(model, str | os.PathLike):
        path = os.fspath(model)
        h5py = load_library("h5py", "keras", "Keras files")
        try:
            with opened(h5py, path) as contents:
                imported = _imported(contents.model, contents.weights, Path(path).name, x)
        except (ConfigError, RefusalError) as error:
            raise _core.ModelFileError(f"{path}: {error}") from None
        return checked(imported, lambda: loaded(path, contents.description))
    if not hasattr(model, "get_config") or not hasattr(model, "layers"):
        raise TypeError(
            f"model is a {type(model).__name__}, but must be a Keras model or the name of a file"
        )
    try:
        description = read_model(_description(model))
        weights = live_weights(description, model)
        imported = _imported(description, weights, type(model).__name__, x)
    except (ConfigError, RefusalError) as error:
        raise ValueError(f"model {error}") from None
    return checked(imported, lambda: (_library_of(model), model))


def _description(model: Any) -> Any:
    """Return a configuration as files have it."""
    try:
        return json.loads(model.to_json())
    # What a class of the user's own makes of it is its own affair.
    except Exception as error:
        raise ConfigError(
            f"is a model of the class {type(model).__name__!r}, which does not say its layers: use "
            f"a Sequential or Functional model"
        ) from error


def _library_of(model: Any) -> Any:
    """Return the library whose model it is, which need not be Keras 3."""
    return importlib.import_module(type(model).__module__.partition(".")[0])


def _imported(model: Model, weights: Weights, name: str, x: ArrayLike | None) -> Imported:
    if (len(model.inputs), len(model.outputs)) != (1, 1):
        raise ConfigError(
            f"has {len(model.inputs)} inputs and {len(model.outputs)} outputs, but must have one "
            f"of each"
        )
    source = model.layer(model.inputs[0][0])
    sizes = input_shape(source)
    shape = _sample_shape(sizes, x)
    is_moved = len(shape) > 1 and not _has_channels_first(model)
    axes = range(1, len(shape))
    to_ours = [0, len(shape), *axes] if is_moved else list(range(len(shape) + 1))
    ours = tuple(shape[axis - 1] for axis in to_ours[1:])
    builder = GraphBuilder(ours)
    value = builder.input
    if is_moved:
        value = value.transposed([*axes, 0], source.name, "InputLayer")
    walk = Walk(builder, weights)
    (output,) = walk.outputs(model, [value])
    from_keras_axes = list(range(len(output.shape) + 1))
    if is_moved and len(output.shape) > 1:
        from_keras_axes.insert(1, from_keras_axes.pop())
        order = [axis - 1 for axis in from_keras_axes[1:]]
        output = output.transposed(order, output.name, output.operator)
    network = builder.network(output)
    samples = random_samples(shape) if x is None else as_samples(np.asarray(x), shape, scale=None)
    samples = samples[:_MOST_SAMPLES]
    # Of one that takes batches of one size.
    if sizes[0] is not None:
        samples = np.resize(samples, (sizes[0], *shape))
    return Imported(
        network,
        Origin("Keras", name, notes=_notes(walk, shape, ours, is_moved)),
        samples,
        np.ascontiguousarray(samples.transpose(to_ours)).reshape(-1, *network.input_shape),
        from_keras_axes,
        None if walk.dropped is None else walk.dropped[1],
        walk.differs_by_backend,
    )


def _sample_shape(sizes: list[int | None], x: ArrayLike | None) -> tuple[int, ...]:
    given = [None] * (len(sizes) - 1) if x is None else list(np.shape(x)[1:])
    wanted = sizes[1:]
    if x is not None and (
        len(given) != len(wanted)
        or any(n not in (None, m) for n, m in zip(wanted, given, strict=True))
    ):
        raise ValueError(f"x has shape {np.shape(x)}, but the model takes {tuple(sizes)}")
    found = [m if n is None else n for n, m in zip(wanted, given, strict=True)]
    if not 1 <= len(found) <= 3 or any(type(n) is not int or n < 1 for n in found):
        raise ConfigError(
            f"takes samples of shape {str(tuple(wanted))[:100]}, but they must be vectors, "
            f"sequences or images of one size: give samples by x="
        )
    return tuple(int(n) for n in found if n is not None)


def _has_channels_first(model: Model) -> bool | None:
    """Return whether the first layer that says so has channels first, None where none does."""
    for layer in model.layers:
        found = layer.config.get("data_format")
        if layer.model is not None:
            is_first = _has_channels_first(layer.model)
        else:
            is_first = None if found is None else bool(found == "channels_first")
        if is_first is not None:
            return is_first
    return None


def _notes(
    walk: Walk, shape: tuple[int, ...], ours: tuple[int, ...], is_moved: bool
) -> tuple[str, ...]:
    notes = []
    if walk.dropped is not None:
        name, function = walk.dropped
        notes.append(f"the {function} of {name!r} at the end is left out: outputs are its logits")
    if is_moved:
        notes.append(f"samples are {ours} here, channels first, and {shape} in Keras")
    return tuple(notes)
