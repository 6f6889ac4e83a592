"""Networks of the paper's authors, as their MATLAB code saves them.

The layout is that of the public repository dannyneil/spiking_relu_conversion, which builds on
DeepLearnToolbox: a struct ``cnn`` or a struct ``nn``.
"""

from __future__ import annotations

import importlib
import math
import os
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.memory import check_memory
from .._base.numbers import as_choice, as_path
from ..network import Network, Origin
from ..nodes import Activation, AvgPool2d, Conv2d, Linear, Node, Shape

_Array = NDArray[Any]


class _LayoutError(Exception):
    """Says what of a struct is not as the released code writes it."""


def from_matlab(
    path: str | os.PathLike[str], *, output: Literal["relu", "none"] | None = None
) -> Network:
    """Read a network that the paper's authors' MATLAB code has saved, with MATLAB's meaning.

    The network takes images as this package has them, (1, height, width) and row by row, and its
    outputs are those of the authors' forward pass on the same images, which there stand
    transposed. ``docs/matlab.md`` says what becomes of each field.

    Args:
        path: A ``.mat`` file (MATLAB 5 to 7.2) with a struct ``cnn`` or ``nn``.
        output: What follows the last layer: ``"relu"`` or ``"none"``. None takes what the file
            says; a sigmoid or softmax output is then read as ``"none"``, which gives the same
            classes.

    Returns:
        Convolutions and mean pools with one output layer, or fully connected layers.

    Raises:
        ImportError: scipy is not installed.
        TypeError: ``path`` is no path, or ``output`` is no str.
        ModelFileError: The file is no such network, or has a part that a `Network` can't show.
        OSError: The file can't be read.
        MemoryError: A sparse matrix is larger than the machine's memory.
    """
    name = as_path(path)
    if output is not None:
        as_choice(output, "output", ("relu", "none"))
    structs = _read(name)
    notes: tuple[str, ...] = ()
    try:
        if "cnn" in structs:
            network = _convolutional(_struct(structs["cnn"], "cnn"), output)
        elif "nn" in structs:
            network, notes = _fully_connected(_struct(structs["nn"], "nn"), output)
        else:
            raise _LayoutError("has neither a struct cnn nor a struct nn")
    except (_LayoutError, ValueError, TypeError) as error:
        raise _core.ModelFileError(f"{name} {error}") from None
    return Network.from_graph(network.graph, Origin("MATLAB", Path(name).name, notes=notes))


def _read(name: str) -> dict[str, Any]:
    try:
        matlab = importlib.import_module("scipy.io")
    except ImportError:
        raise ImportError(
            "MATLAB files need scipy, which the extra 'mat' installs: pip install '.[mat]'"
        ) from None
    with open(name, "rb") as file:
        try:
            structs: dict[str, Any] = matlab.loadmat(file, variable_names=("cnn", "nn"))
        except NotImplementedError:
            raise _core.ModelFileError(
                f"{name} is of MATLAB 7.3 or later; save it with save(..., '-v7')"
            ) from None
        # scipy says by many kinds of exception that the bytes make no sense to it.
        except Exception as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise _core.ModelFileError(f"{name} is no readable MATLAB file: {reason}") from None
    return structs


def _convolutional(cnn: _Array, output: Activation | None) -> Network:
    entries = [
        _struct(entry, f"cnn.layers{{{i + 1}}}") for i, entry in enumerate(_cell(cnn, "layers"))
    ]
    kinds = [_text(entry, "type") for entry in entries]
    if kinds[:1] != ["i"] or any(kind not in ("c", "s") for kind in kinds[1:]):
        raise _LayoutError(f"has layers of the types {kinds}, expected 'i' and then 'c' or 's'")
    layers: list[Node] = []
    num_maps = 1
    for i, entry in enumerate(entries[1:], start=2):
        if _text(entry, "type") == "s":
            layers.append(AvgPool2d(_whole_number(entry, "scale")))
        else:
            layers.append(_convolution(entry, f"cnn.layers{{{i}}}", num_maps))
            num_maps = len(_cell(entry, "b"))
    if _optional(cnn, "ffb", 0.0).any():
        raise _LayoutError("has output biases in cnn.ffb, which the released code does not add")
    # MATLAB flattens maps column by column, and they stand transposed: row by row for us.
    weight = _numbers(_field(cnn, "ffW"), "cnn.ffW")
    layers.append(Linear(weight, activation=output or "relu"))
    return Network(layers, _image_shape(entries, weight, num_maps))


def _convolution(entry: _Array, where: str, num_inputs: int) -> Conv2d:
    if not _optional(entry, "used_maps", 1.0).all():
        raise _LayoutError(f"was saved during training: {where}.used_maps leaves maps out")
    rows = [_cells(row, f"{where}.k") for row in _cell(entry, "k")]
    num_outputs = _whole_number(entry, "outputmaps")
    if len(rows) != num_inputs or any(len(row) != num_outputs for row in rows):
        raise _LayoutError(
            f"has {len(rows)} cells of kernels in {where}.k, expected {num_inputs} with "
            f"{num_outputs} kernels each"
        )
    kernels = np.array([[_numbers(kernel, f"{where}.k") for kernel in row] for row in rows])
    if kernels.ndim != 4:
        raise _LayoutError(f"has kernels in {where}.k that are no matrices")
    # A true convolution is a correlation with flipped kernels; images stand transposed there.
    weight = kernels[:, :, ::-1, ::-1].transpose(1, 0, 3, 2)
    bias = np.array([_numbers(value, f"{where}.b").sum() for value in _cell(entry, "b")])
    return Conv2d(weight, bias if bias.any() else None)


def _image_shape(entries: list[_Array], weight: _Array, num_maps: int) -> Shape:
    images = _last_images(entries[0])
    if images is not None:
        width, height = images.shape[:2]
        return (1, height, width)
    side = math.isqrt(weight.shape[1] // num_maps)
    for entry in reversed(entries[1:]):
        if _text(entry, "type") == "s":
            side *= _whole_number(entry, "scale")
        else:
            side += _whole_number(entry, "kernelsize") - 1
    return (1, side, side)


def _last_images(entry: _Array) -> _Array | None:
    """Return what the last batch left, (width, height) or (width, height, num_samples).

    A file that was cleared before it was saved has no cell there, or nothing in it.
    """
    if "a" not in (entry.dtype.names or ()) or _is_empty(_field(entry, "a")):
        return None
    images = _cell(entry, "a")[0]
    return None if _is_empty(images) else _numbers(images, "layers{1}.a{1}")


def _fully_connected(nn: _Array, output: Activation | None) -> tuple[Network, tuple[str, ...]]:
    """Return the network, and a sentence where it lacks what follows the last layer."""
    hidden = _text(nn, "activation_function", "relu")
    if hidden != "relu":
        raise _LayoutError(f"has hidden units of the kind {hidden!r}, expected 'relu'")
    last = _text(nn, "output", "relu")
    notes: tuple[str, ...] = ()
    if output is None:
        output = "relu" if last == "relu" else "none"
        if last not in ("relu", "linear"):
            notes = (f"{last!r} behind the last layer is left out, which gives the same classes",)
    weights = [_numbers(weight, "nn.W") for weight in _cell(nn, "W")]
    sizes = [int(size) for size in _numbers(_field(nn, "size"), "nn.size").ravel()]
    shapes = [weight.shape for weight in weights]
    if shapes != list(zip(sizes[1:], sizes[:-1], strict=True)):
        raise _LayoutError(f"has weights of the shapes {shapes}, but nn.size is {sizes}")
    dropout = float(_optional(nn, "dropoutFraction", 0.0).sum())
    if not 0 <= dropout < 1:
        raise _LayoutError(f"has {dropout} as nn.dropoutFraction, expected a number in [0, 1)")
    # At test time the code multiplies hidden activations; a ReLU lets the factor into its weights.
    layers = [Linear((1 - dropout) * weight) for weight in weights[:-1]]
    return Network([*layers, Linear(weights[-1], activation=output)], sizes[0]), notes


def _struct(value: Any, name: str) -> _Array:
    if not isinstance(value, np.ndarray) or value.dtype.names is None or value.size != 1:
        raise _LayoutError(f"has no single struct as {name}")
    return value.reshape(1, 1)


def _field(struct: _Array, name: str) -> Any:
    if name not in (struct.dtype.names or ()):
        raise _LayoutError(f"lacks the field {name}, it has {', '.join(struct.dtype.names or ())}")
    return struct[name][0, 0]


def _cell(struct: _Array, name: str) -> list[Any]:
    return _cells(_field(struct, name), name)


def _cells(value: Any, name: str) -> list[Any]:
    if not isinstance(value, np.ndarray) or value.dtype != object or value.size == 0:
        raise _LayoutError(f"has no cells in {name}")
    return list(value.ravel(order="F"))


def _is_empty(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.size == 0


def _numbers(value: Any, name: str) -> _Array:
    if importlib.import_module("scipy.sparse").issparse(value):
        # Dense in the network anyway, and an honest file is not larger than that.
        check_memory(name, value.shape, np.dtype(np.float64).itemsize)
        value = value.toarray()
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iufb" or value.size == 0:
        raise _LayoutError(f"has no numbers in {name}")
    return value.astype(np.float64)


def _optional(struct: _Array, name: str, default: float) -> _Array:
    if name not in (struct.dtype.names or ()) or _is_empty(struct[name][0, 0]):
        return np.array([default])
    return _numbers(struct[name][0, 0], name)


def _whole_number(struct: _Array, name: str) -> int:
    value = _numbers(_field(struct, name), name)
    if value.size != 1 or value.sum() < 1 or value.sum() % 1:
        raise _LayoutError(f"has {value.ravel()[:3].tolist()} as {name}, expected a whole number")
    return int(value.sum())


def _text(struct: _Array, name: str, default: str | None = None) -> str:
    if default is not None and name not in (struct.dtype.names or ()):
        return default
    value = _field(struct, name)
    if not isinstance(value, np.ndarray) or value.dtype.kind != "U" or value.size != 1:
        raise _LayoutError(f"has no text in {name}")
    return str(value.ravel()[0])
