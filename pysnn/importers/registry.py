"""The importers that there are: a format each, with a function in a file of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .._base.numbers import as_path
from ..network import Network
from ..spiking import SpikingNetwork
from .keras import from_keras
from .matlab import from_matlab
from .onnx import from_onnx


@dataclass(frozen=True)
class Importer:
    """How files of one format are read.

    Attributes:
        format: What people call the format.
        suffixes: Endings of file names, in small letters and with the dot.
        load: Returns the network of a file.
        extra: The extra of this package that installs what ``load`` needs; None for nothing more.
    """

    format: str
    suffixes: tuple[str, ...]
    load: Callable[[str | os.PathLike[str]], Network | SpikingNetwork]
    extra: str | None


IMPORTERS: tuple[Importer, ...] = (
    Importer("MATLAB", (".mat",), from_matlab, "mat"),
    Importer("ONNX", (".onnx",), from_onnx, "onnx"),
    Importer("Keras", (".keras", ".h5", ".hdf5"), from_keras, "keras"),
)


def find(path: str | os.PathLike[str]) -> Importer | None:
    """Return the importer for a file by the ending of its name, None where no format has it.

    Raises:
        TypeError: ``path`` is no path.

    Example:
        >>> find("cnn_99.14.mat").format
        'MATLAB'
    """
    suffix = Path(as_path(path)).suffix.lower()
    return next((each for each in IMPORTERS if suffix in each.suffixes), None)
