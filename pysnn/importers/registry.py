"""The importers that there are: a format each, with a function in a file of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .._base.numbers import as_path
from ..network import Network
from ..spiking import SpikingNetwork
from .keras import from_keras
from .matlab import from_matlab
from .nir import from_nir
from .onnx import from_onnx


@dataclass(frozen=True)
class Importer:
    """How files of one format are read.

    Attributes:
        format: What people call the format.
        suffixes: Endings of file names, in small letters and with the dot.
        load: Returns the network of a file, whose path is its first argument.
        extra: The extra of this package that installs what ``load`` needs; None for nothing more.
        options: Options of `pysnn import` that the format reads, and their keywords of ``load``.
    """

    format: str
    suffixes: tuple[str, ...]
    load: Callable[..., Network | SpikingNetwork]
    extra: str | None
    options: Mapping[str, str] = field(default_factory=dict)


IMPORTERS: tuple[Importer, ...] = (
    Importer("MATLAB", (".mat",), from_matlab, "mat", {"output_activation": "output"}),
    Importer("ONNX", (".onnx",), from_onnx, "onnx", {"output_node": "output"}),
    Importer("Keras", (".keras", ".h5", ".hdf5"), from_keras, "keras"),
    Importer("NIR", (".nir",), from_nir, "nir", {"reset": "reset", "dt": "dt"}),
)

_OF_TORCH = (
    "which pysnn never runs; build the model in Python, load its weights by "
    "torch.load(..., weights_only=True) and call pysnn.from_torch(model, example)"
)
_OF_SKLEARN = "which pysnn never runs; load it in Python and call pysnn.from_sklearn(estimator)"

PICKLES: Mapping[str, str] = {
    **dict.fromkeys((".pt", ".pth", ".th"), _OF_TORCH),
    **dict.fromkeys((".pkl", ".pickle", ".joblib"), _OF_SKLEARN),
}
"""Endings of files that hold code, and what to do instead, as the end of "... holds a pickle, "."""


def find(path: str | os.PathLike[str]) -> Importer | None:
    """Return the importer for a file by the ending of its name, None where no format has it.

    Raises:
        TypeError: ``path`` is no path.

    Example:
        >>> find("cnn_99.14.mat").format
        'MATLAB'
    """
    suffix = suffix_of(path)
    return next((each for each in IMPORTERS if suffix in each.suffixes), None)


def suffix_of(path: str | os.PathLike[str]) -> str:
    """Return the ending of a file's name, in small letters and with the dot.

    Raises:
        TypeError: ``path`` is no path.
    """
    return Path(as_path(path)).suffix.lower()
