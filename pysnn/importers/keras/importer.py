"""Keras models and their files."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ... import _core
from ..._base.arrays import as_samples
from ...network import Network, Origin
from ..building import GraphBuilder
from ..comparison import compared, log_softmax, random_samples, softmax
from ..extras import load_library
from ..refusal import RefusalError
from .config import ConfigError, Model, input_shape, read_model
from .files import read_file
from .walk import Walk
from .weights import Weights, live_weights

_MOST_SAMPLES = 16  # of x that outputs are compared on
_OTHER_AVERAGE = (
    "an average pool has unequal padding, which Keras with PyTorch fills with the border, and with "
    "TensorFlow and JAX leaves out, as here"
)
_Floats = NDArray[np.float32]


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
            description, weights = read_file(h5py, path)
            return _imported(description, weights, Path(path).name, x, lambda: _loaded(path))
        except (ConfigError, RefusalError) as error:
            raise _core.ModelFileError(f"{path}: {error}") from None
    if not hasattr(model, "get_config") or not hasattr(model, "layers"):
        raise TypeError(
            f"model is a {type(model).__name__}, but must be a Keras model or the name of a file"
        )
    try:
        description = read_model(_description(model))
        weights = live_weights(description, model)
        return _imported(description, weights, type(model).__name__, x, lambda: model)
    except (ConfigError, RefusalError) as error:
        raise ValueError(f"model {error}") from None


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


def _loaded(path: str) -> Any:
    keras = importlib.import_module("keras")
    return keras.saving.load_model(path, compile=False, safe_mode=True)


def _imported(
    model: Model,
    weights: Weights,
    name: str,
    x: ArrayLike | None,
    live: Callable[[], Any],
) -> Network:
    if (len(model.inputs), len(model.outputs)) != (1, 1):
        raise ConfigError(
            f"has {len(model.inputs)} inputs and {len(model.outputs)} outputs, but must have one "
            f"of each"
        )
    (source,) = (layer for layer in model.layers if layer.name == model.inputs[0][0])
    shape = _sample_shape(input_shape(source), x)
    is_first = _has_channels_first(model)
    to_ours = [0, *range(1, len(shape) + 1)] if is_first else [0, len(shape), *range(1, len(shape))]
    ours = tuple(shape[axis - 1] for axis in to_ours[1:])
    builder = GraphBuilder(ours)
    value = builder.input
    if not is_first and len(shape) > 1:
        value = value.transposed([*range(1, len(shape)), 0], source.name, "InputLayer")
    walk = Walk(builder, weights)
    (output,) = walk.outputs(model, [value])
    axes = len(output.shape)
    from_keras_axes = [0, axes, *range(1, axes)] if not is_first and axes > 1 else None
    if from_keras_axes is not None:
        output = output.transposed([axes - 1, *range(axes - 1)], output.name, output.operator)
    network = builder.network(output)
    origin = Origin("Keras", name, notes=_notes(walk, shape, ours))
    samples = random_samples(shape) if x is None else as_samples(np.asarray(x), shape, scale=None)
    samples = samples[:_MOST_SAMPLES]
    try:
        keras = importlib.import_module("keras")
        expected = _outputs(live(), samples)
        if from_keras_axes is not None:
            expected = expected.transpose(from_keras_axes)
    # A backend may be missing or old, or the file need code that is not run.
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        note = f"Keras is not installed, or does not run it: {reason}"
        return Network.from_graph(network.graph, replace(origin, notes=(*origin.notes, note[:200])))
    if walk.differs_by_backend and keras.backend.backend() == "torch":
        return Network.from_graph(
            network.graph, replace(origin, notes=(*origin.notes, _OTHER_AVERAGE))
        )
    inner = np.ascontiguousarray(samples.transpose(to_ours))
    functions = {"softmax": softmax, "log_softmax": log_softmax, "sigmoid": _sigmoid}
    return compared(
        network,
        origin,
        inner.reshape(len(inner), *network.input_shape),
        expected,
        f"keras {keras.__version__}",
        dropped=None if walk.dropped is None else functions[walk.dropped[1]],
    )


def _outputs(model: Any, samples: _Floats) -> NDArray[np.floating]:
    result = model(samples, training=False)
    found = result.detach().cpu().numpy() if hasattr(result, "detach") else np.asarray(result)
    outputs: NDArray[np.floating] = found
    return outputs


def _sigmoid(outputs: NDArray[np.floating]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = 1 / (1 + np.exp(-np.asarray(outputs, dtype=np.float64)))
    return result


def _sample_shape(sizes: list[int | None], x: ArrayLike | None) -> tuple[int, ...]:
    given = [None] * (len(sizes) - 1) if x is None else list(np.shape(x)[1:])
    wanted = sizes[1:]
    if x is not None and (
        len(given) != len(wanted)
        or any(n not in (None, m) for n, m in zip(wanted, given, strict=True))
    ):
        raise ValueError(f"x has shape {np.shape(x)}, but the model takes {tuple(sizes)}")
    found = [m if n is None else n for n, m in zip(wanted, given, strict=True)]
    if not 1 <= len(found) <= 3 or any(not isinstance(n, int) or n < 1 for n in found):
        raise ConfigError(
            f"takes samples of shape {tuple(wanted)}, but they must be vectors, sequences or "
            f"images of one size: give samples by x="
        )
    return tuple(int(n) for n in found if n is not None)


def _has_channels_first(model: Model) -> bool:
    """Return whether the first layer that says so has channels first."""
    for layer in model.layers:
        if layer.model is not None:
            return _has_channels_first(layer.model)
        found = layer.config.get("data_format")
        if found is not None:
            return bool(found == "channels_first")
    return False


def _notes(walk: Walk, shape: tuple[int, ...], ours: tuple[int, ...]) -> tuple[str, ...]:
    notes = []
    if walk.dropped is not None:
        name, function = walk.dropped
        notes.append(f"the {function} of {name!r} at the end is left out: outputs are its logits")
    if shape != ours or (len(shape) > 1 and shape[0] == shape[-1]):
        notes.append(f"samples are {ours} here, channels first, and {shape} in Keras")
    return tuple(notes)
