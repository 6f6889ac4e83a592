"""Weights of a PyTorch model for a network that was built by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.arrays import as_finite_float32
from .._base.foreign import wrong_type
from .._base.numbers import as_path, as_str
from ..network import Network
from ..nodes import BatchNorm, WeightedNode
from .safetensors import DamagedError, Tensor, read_header

_MOST_NAMES = 10  # of a kind that a message lists
_STATISTICS = {"mean": "running_mean", "variance": "running_var"}

_Floats = NDArray[np.float32]


def load_torch_weights(network: Network, path: str | os.PathLike[str], *, prefix: str = "") -> None:
    """Put weights of a PyTorch model's ``.safetensors`` file into a network, in place, by name.

    A node called ``"layer1.0.conv1"`` gets what is stored under ``layer1.0.conv1.weight`` and
    ``.bias``; a `BatchNorm` also ``.running_mean`` and ``.running_var``. Its
    ``.num_batches_tracked``, which only training needs, is left alone. Numbers of float16 and
    bfloat16 are taken exactly, those of float64 are rounded to float32. PyTorch's ``Conv1d`` fits a
    `Conv2d` whose kernels have height 1.

    Nothing is changed unless all of it fits.

    Args:
        network: The network, whose nodes have the names of the model's modules.
        path: What ``safetensors.torch.save_file(model.state_dict(), path)`` has written.
        prefix: What the names in the file begin with, such as ``"module."``; tensors without it
            are left alone.

    Raises:
        TypeError: An argument has the wrong type.
        ModelFileError: The file is no safetensors file or is damaged; or arrays are missing in it,
            are left over, or have another shape or type: all of them are named at once.
        OSError: The file can't be read.
    """
    if not isinstance(network, Network):
        raise wrong_type("network", network, "a pysnn.Network")
    name, prefix = as_path(path), as_str(prefix, "prefix")
    with open(name, "rb") as file:
        try:
            tensors, metadata = read_header(file)
            if "pysnn" in metadata:
                raise DamagedError("is a model file of pysnn, which pysnn.load reads")
            targets = dict(_targets(network, prefix))
            _check_fit(targets, tensors, prefix, set(_counters(network, prefix)))
            values = {key: _read(key, targets[key], tensors[key], file) for key in targets}
            _check_statistics(network, prefix, values)
        except DamagedError as error:
            raise _core.ModelFileError(f"{name}: {error}") from None
    for key, target in targets.items():
        target[...] = values[key]


def _targets(network: Network, prefix: str) -> Iterator[tuple[str, _Floats]]:
    """Yield every array of the network that a PyTorch model has, under its name there."""
    for place in network.graph.nodes:
        if not isinstance(place.node, WeightedNode | BatchNorm):
            continue
        for part, array in place.node.arrays().items():
            if array is not None:
                yield f"{prefix}{place.name}.{_STATISTICS.get(part, part)}", array


def _counters(network: Network, prefix: str) -> Iterator[str]:
    for place in network.graph.nodes:
        if isinstance(place.node, BatchNorm):
            yield f"{prefix}{place.name}.num_batches_tracked"


def _check_fit(
    targets: Mapping[str, _Floats],
    tensors: Mapping[str, Tensor],
    prefix: str,
    unread: set[str],
) -> None:
    """Raise a DamagedError that says everything that does not fit."""
    found = {key: each for key, each in tensors.items() if key.startswith(prefix)}
    missing = [key for key in targets if key not in found]
    left_over = [key for key in found if key not in targets and key not in unread]
    other_shapes = [
        f"{key} {found[key].shape}, but the network has {target.shape}"
        for key, target in targets.items()
        if key in found and found[key].shape not in (target.shape, _without_height(target.shape))
    ]
    other_types = [
        f"{key} ({found[key].dtype})"
        for key in targets
        if key in found and not found[key].holds_floats
    ]
    faults = [
        f"{words}: {_listed(names)}"
        for words, names in (
            ("missing in the file", missing),
            ("not in the network", left_over),
            ("of another shape", other_shapes),
            ("not of a type of floats", other_types),
        )
        if names
    ]
    if faults:
        raise DamagedError("; ".join(faults))


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _without_height(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of kernels of height 1 as a Conv1d has it."""
    return (*shape[:2], shape[3]) if len(shape) == 4 and shape[2] == 1 else shape


def _read(key: str, target: _Floats, tensor: Tensor, file: BinaryIO) -> _Floats:
    try:
        return as_finite_float32(tensor.read(file), key).reshape(target.shape)
    except ValueError as error:
        raise DamagedError(str(error)) from None


def _check_statistics(network: Network, prefix: str, values: Mapping[str, _Floats]) -> None:
    """Raise a DamagedError where a batch norm could not have its new variances."""
    for place in network.graph.nodes:
        if isinstance(place.node, BatchNorm):
            key = f"{prefix}{place.name}"
            mean, variance = (values[f"{key}.{part}"] for part in _STATISTICS.values())
            try:
                BatchNorm(None, None, mean, variance, place.node.eps)
            except ValueError as error:
                raise DamagedError(f"{key}: {error}") from None
