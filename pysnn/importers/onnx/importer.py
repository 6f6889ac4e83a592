"""ONNX files."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ... import _core
from ..._base.arrays import as_samples
from ..._base.numbers import as_path, as_str
from ...network import Network, Origin
from ...nodes import Shape
from ..comparison import random_samples
from ..extras import load_library
from ..refusal import LayoutRefusalError, RefusalError
from .check import Check
from .ends import check_end
from .graph import OnnxGraph, read_graph
from .layout import Layout, find_layout
from .walk import Walk

_MOST_SAMPLES = 16  # of x that outputs are compared on
_MOST_NUMBERS = 1 << 28  # of the samples of a batch that a file fixes
_WITH_ARTICLE = {
    "Softmax": "a Softmax",
    "LogSoftmax": "a LogSoftmax",
    "Sigmoid": "a Sigmoid",
    "ArgMax": "an ArgMax",
    "Cast": "a Cast",
}


def from_onnx(
    path: str | os.PathLike[str], *, output: str | None = None, x: ArrayLike | None = None
) -> Network:
    """Return the network of an ONNX file.

    Nodes have the names of the file's nodes; printing the network shows how far its outputs are
    from those of onnxruntime, where that is installed, or of onnx's own evaluator.
    ``docs/importing/onnx.md`` lists the operators. Files are read, never executed, and weights
    beside the file only in its own folder.

    Args:
        path: Name of the file.
        output: Name of one of the file's outputs; needed where there are several.
        x: Samples on which outputs are compared, (num_samples, ...) as the file takes them, of
            which the first 16 are used; None for two random ones in [0, 1). They also give the
            input's size where the file leaves it open. Where images are not (channels, height,
            width), a note says how such samples become those of the network.

    Returns:
        The network; without a softmax, sigmoid or argmax at the end, which changes no prediction.

    Raises:
        ImportError: onnx is not installed.
        TypeError: An argument has the wrong type.
        ValueError: The file has no such output, or ``x`` does not fit.
        ModelFileError: The file is damaged, or has a node (which is named) that can't be a part of
            a `Network`.
        OSError: The file can't be read.
    """
    name = as_path(path)
    if output is not None:
        as_str(output, "output")
    onnx = load_library("onnx", "onnx", "ONNX files")
    graph = read_graph(onnx, name, output)
    batch, shape = _input_shape(name, graph, x)
    dtype = _input_dtype(onnx, name, graph)
    try:
        walk, layout = _walked(onnx, graph, name, batch, shape)
        check_end(graph.dropped, graph.opset, walk.output.shape)
        network = walk.network()
    except RefusalError as error:
        raise _core.ModelFileError(f"{name}: {error}") from None
    notes = [
        f"{node.name or node.output[0]!r}, {_WITH_ARTICLE[node.op_type]} at the end, is left out"
        for node in graph.dropped
        if node.op_type != "Identity"
    ]
    if layout is not None:
        notes.append(f"samples x of the file are {layout} for the network")
    origin = Origin("ONNX", Path(name).name, notes=tuple(notes))
    check = Check(onnx, graph, name, network, layout, origin)
    if (batch or 1) * math.prod(shape) > _MOST_NUMBERS:
        return check.without(f"its batch of {batch:,} samples is too large for a comparison")
    return check.of(_samples(dtype, batch, shape, x))


def _walked(
    onnx: Any, graph: OnnxGraph, path: str, batch: int | None, shape: Shape
) -> tuple[Walk, Layout | None]:
    """Return the walk, and the layout where images are not as the file has them."""
    try:
        return Walk(onnx, graph, path, batch, shape), None
    except LayoutRefusalError as refusal:
        layout = find_layout(refusal.layout, shape)
        if layout is None:
            raise
        try:
            return Walk(onnx, graph, path, batch, shape, refusal.layout), layout
        except LayoutRefusalError:
            raise refusal from None


def _input_shape(
    path: str, graph: OnnxGraph, x: ArrayLike | None
) -> tuple[int | None, tuple[int, ...]]:
    """Return the size of a batch, None where any is taken, and the shape of one sample."""
    kind = graph.input.type.tensor_type
    if not kind.HasField("shape") and x is None:
        raise _core.ModelFileError(
            f"{path} does not say the shape of its input {graph.input.name!r}: give samples by x="
        )
    sizes = [each.dim_value if each.HasField("dim_value") else 0 for each in kind.shape.dim]
    if x is not None:
        given = np.shape(x)
        fits = len(given) == len(sizes) and all(
            size in (0, there) for size, there in zip(sizes[1:], given[1:], strict=True)
        )
        if kind.HasField("shape") and not fits:
            raise ValueError(
                f"x has shape {given}, but the file's input {graph.input.name!r} has "
                f"{['?' if size == 0 else size for size in sizes]}"
            )
        sizes = [sizes[0] if sizes else 0, *given[1:]]
    if not 2 <= len(sizes) <= 4 or any(size < 1 for size in sizes[1:]):
        raise _core.ModelFileError(
            f"{path} has the input {graph.input.name!r} of shape "
            f"{['?' if size < 1 else size for size in sizes]}, but samples must be vectors, "
            f"sequences or images of one size: export it so, or give samples by x="
        )
    return (sizes[0] if sizes[0] > 0 else None), tuple(sizes[1:])


def _input_dtype(onnx: Any, path: str, graph: OnnxGraph) -> np.dtype[Any]:
    kind = graph.input.type.tensor_type.elem_type
    try:
        dtype: np.dtype[Any] = np.dtype(onnx.helper.tensor_dtype_to_np_dtype(kind))
    except (KeyError, TypeError, ValueError):
        dtype = np.dtype(object)
    if dtype.kind not in "fiu":
        raise _core.ModelFileError(
            f"{path} has the input {graph.input.name!r} of type {kind}, but it must take numbers"
        )
    return dtype


def _samples(
    dtype: np.dtype[Any], batch: int | None, shape: tuple[int, ...], x: ArrayLike | None
) -> NDArray[np.float32]:
    """Return samples to compare outputs on, as many as the file takes at once."""
    whole = dtype.kind in "iu"
    if x is None:
        samples = random_samples(shape, num_samples=batch or 2)
        return np.floor(256 * samples) if whole else samples
    samples = as_samples(np.asarray(x), shape, scale=1.0 if whole else None)[:_MOST_SAMPLES]
    if len(samples) == 0:
        raise ValueError("x has no samples")
    if whole and (samples != np.floor(samples)).any():
        raise ValueError(f"x has fractions, but the file takes whole numbers, of type {dtype}")
    return np.resize(samples, (batch or len(samples), *shape))
