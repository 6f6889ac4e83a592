"""Networks of the paper's authors, as their MATLAB code saves them.

The layout is that of the public repository dannyneil/spiking_relu_conversion, which builds on
DeepLearnToolbox: a struct ``cnn`` or a struct ``nn``.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Literal

import numpy as np

from ... import _core
from ..._base.numbers import as_choice, as_path
from ...network import Network, Origin
from ...nodes import Activation, AvgPool2d, Conv2d, Linear, Node, Shape
from .fields import (
    Array,
    LayoutError,
    as_struct,
    cell,
    cells,
    field,
    is_empty,
    numbers,
    optional,
    text,
    whole_number,
)
from .files import read_structs


def from_matlab(
    path: str | os.PathLike[str], *, output: Literal["relu", "none"] | None = None
) -> Network:
    """Read a network that the paper's authors' MATLAB code has saved, with MATLAB's meaning.

    The network takes images as this package has them, (1, height, width) and row by row, and its
    outputs are those of the authors' forward pass on the same images, which there stand
    transposed. ``docs/matlab.md`` says what becomes of each field.

    Args:
        path: A ``.mat`` file (MATLAB 5 to 7.3) with a struct ``cnn`` or ``nn``.
        output: What follows the last layer: ``"relu"`` or ``"none"``. None takes what the file
            says; a sigmoid or softmax output is then read as ``"none"``, which gives the same
            classes.

    Returns:
        Convolutions and mean pools with one output layer, or fully connected layers.

    Raises:
        ImportError: The file is of MATLAB 7.3, and h5py is not installed.
        TypeError: ``path`` is no path, or ``output`` is no str.
        ModelFileError: The file is no such network, or has a part that a `Network` can't show.
        OSError: The file can't be read.
        MemoryError: A sparse matrix is larger than the machine's memory.
    """
    name = as_path(path)
    if output is not None:
        as_choice(output, "output", ("relu", "none"))
    structs = read_structs(name)
    notes: tuple[str, ...] = ()
    try:
        if "cnn" in structs:
            network = _convolutional(as_struct(structs["cnn"], "cnn"), output)
        elif "nn" in structs:
            network, notes = _fully_connected(as_struct(structs["nn"], "nn"), output)
        else:
            raise LayoutError("has neither a struct cnn nor a struct nn")
    except (LayoutError, ValueError, TypeError) as error:
        raise _core.ModelFileError(f"{name} {error}") from None
    return Network.from_graph(network.graph, Origin("MATLAB", Path(name).name, notes=notes))


def _convolutional(cnn: Array, output: Activation | None) -> Network:
    entries = [
        as_struct(entry, f"cnn.layers{{{i + 1}}}") for i, entry in enumerate(cell(cnn, "layers"))
    ]
    kinds = [text(entry, "type") for entry in entries]
    if kinds[:1] != ["i"] or any(kind not in ("c", "s") for kind in kinds[1:]):
        raise LayoutError(f"has layers of the types {kinds}, expected 'i' and then 'c' or 's'")
    layers: list[Node] = []
    num_maps = 1
    for i, entry in enumerate(entries[1:], start=2):
        if text(entry, "type") == "s":
            layers.append(AvgPool2d(whole_number(entry, "scale")))
        else:
            layers.append(_convolution(entry, f"cnn.layers{{{i}}}", num_maps))
            num_maps = whole_number(entry, "outputmaps")
    if optional(cnn, "ffb", 0.0).any():
        raise LayoutError("has output biases in cnn.ffb, which the released code does not add")
    # MATLAB flattens maps column by column, and they stand transposed: row by row for us.
    weight = numbers(field(cnn, "ffW"), "cnn.ffW")
    layers.append(Linear(weight, activation=output or "relu"))
    return Network(layers, _image_shape(entries, weight, num_maps))


def _convolution(entry: Array, where: str, num_inputs: int) -> Conv2d:
    if not optional(entry, "used_maps", 1.0).all():
        raise LayoutError(f"was saved during training: {where}.used_maps leaves maps out")
    rows = [cells(row, f"{where}.k") for row in cell(entry, "k")]
    num_outputs = whole_number(entry, "outputmaps")
    if len(rows) != num_inputs or any(len(row) != num_outputs for row in rows):
        raise LayoutError(
            f"has {len(rows)} cells of kernels in {where}.k, expected {num_inputs} with "
            f"{num_outputs} kernels each"
        )
    kernels = np.array([[numbers(kernel, f"{where}.k") for kernel in row] for row in rows])
    if kernels.ndim != 4:
        raise LayoutError(f"has kernels in {where}.k that are no matrices")
    # A true convolution is a correlation with flipped kernels; images stand transposed there.
    weight = kernels[:, :, ::-1, ::-1].transpose(1, 0, 3, 2)
    bias = np.zeros(num_outputs)
    if not is_empty(field(entry, "b")):
        bias = np.array([numbers(value, f"{where}.b").sum() for value in cell(entry, "b")])
    return Conv2d(weight, bias if bias.any() else None)


def _image_shape(entries: list[Array], weight: Array, num_maps: int) -> Shape:
    images = _last_images(entries[0])
    if images is not None:
        width, height = images.shape[:2]
        return (1, height, width)
    side = math.isqrt(weight.shape[1] // num_maps)
    for entry in reversed(entries[1:]):
        if text(entry, "type") == "s":
            side *= whole_number(entry, "scale")
        else:
            side += whole_number(entry, "kernelsize") - 1
    return (1, side, side)


def _last_images(entry: Array) -> Array | None:
    """Return what the last batch left, (width, height) or (width, height, num_samples).

    A file that was cleared before it was saved has no cell there, or nothing in it.
    """
    if "a" not in (entry.dtype.names or ()) or is_empty(field(entry, "a")):
        return None
    images = cell(entry, "a")[0]
    return None if is_empty(images) else numbers(images, "layers{1}.a{1}")


def _fully_connected(nn: Array, output: Activation | None) -> tuple[Network, tuple[str, ...]]:
    """Return the network, and a sentence where it lacks what follows the last layer."""
    hidden = text(nn, "activation_function", "relu")
    if hidden != "relu":
        raise LayoutError(f"has hidden units of the kind {hidden!r}, expected 'relu'")
    last = text(nn, "output", "relu")
    notes: tuple[str, ...] = ()
    if output is None:
        output = "relu" if last == "relu" else "none"
        if last not in ("relu", "linear"):
            notes = (
                f"{last!r} behind the last layer is left out, which gives the same classes; for an "
                f"output that spikes, read the file with output='relu'",
            )
    weights = [numbers(weight, "nn.W") for weight in cell(nn, "W")]
    sizes = [int(size) for size in numbers(field(nn, "size"), "nn.size").ravel()]
    shapes = [weight.shape for weight in weights]
    if shapes != list(zip(sizes[1:], sizes[:-1], strict=True)):
        raise LayoutError(f"has weights of the shapes {shapes}, but nn.size is {sizes}")
    dropout = float(optional(nn, "dropoutFraction", 0.0).sum())
    if not 0 <= dropout < 1:
        raise LayoutError(f"has {dropout} as nn.dropoutFraction, expected a number in [0, 1)")
    # At test time the code multiplies hidden activations; a ReLU lets the factor into its weights.
    layers = [Linear((1 - dropout) * weight) for weight in weights[:-1]]
    return Network([*layers, Linear(weights[-1], activation=output)], sizes[0]), notes
