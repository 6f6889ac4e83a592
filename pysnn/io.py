"""Model files: one safetensors file for a ReLU network or a spiking network.

`pysnn.from_onnx` and its like read the files of others; `load_matlab` is an older name of
`pysnn.from_matlab`.
"""

from __future__ import annotations

import os

from . import _core
from ._base.foreign import describe_file, wrong_type
from ._base.named import public_names
from ._base.numbers import as_path
from .network import Network
from .spiking import SpikingNetwork

__all__ = ["ModelFileError", "from_bytes", "load", "save", "to_bytes"]

__dir__ = public_names(__name__)

ModelFileError = _core.ModelFileError
"""A file that is no model file, is damaged, or is of a version that this pysnn does not read."""


def __getattr__(name: str) -> object:
    if name != "load_matlab":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Read when it is asked for: most programs never ask for an importer.
    from .importers import from_matlab

    return from_matlab


def save(model: Network | SpikingNetwork, path: str | os.PathLike[str]) -> None:
    """Write a network to a model file.

    The bytes depend on the network only. The file appears under its name when it is complete; a
    failure leaves an earlier file of that name as it was.

    Args:
        model: What to write.
        path: Name of the file, ``.safetensors`` by custom.

    Raises:
        TypeError: ``model`` is neither a Network nor a SpikingNetwork, or ``path`` is no path.
        OSError: The file can't be written.
    """
    core = _to_core(model)
    _core.save(core, as_path(path))


def load(path: str | os.PathLike[str]) -> Network | SpikingNetwork:
    """Read a network of either kind from a model file.

    Reading runs no code from the file and allocates no more than its size justifies.

    Args:
        path: Name of the file.

    Raises:
        TypeError: ``path`` is no path.
        ModelFileError: It is not a model file, is damaged, or is of a later version.
        OSError: The file can't be read.
    """
    name = as_path(path)
    try:
        return _from_core(_core.load_model(name))
    except ModelFileError as error:
        what = describe_file(name)
        if what is None:
            raise
        # A name that is not text is shown as the core shows it.
        shown = os.fsencode(name).decode(errors="replace")
        raise ModelFileError(f"{shown} is no model file of pysnn, but {what}") from error


def to_bytes(model: Network | SpikingNetwork) -> bytes:
    """Return what `save` would write."""
    return _core.to_bytes(_to_core(model))


def from_bytes(data: bytes) -> Network | SpikingNetwork:
    """Return the network that `to_bytes` gave these bytes for.

    Raises:
        ModelFileError: The bytes are not those of a model file.
    """
    return _from_core(_core.from_bytes(data))


def _to_core(model: object) -> _core.Network | _core.SpikingNetwork:
    if isinstance(model, Network):
        return model.to_core()
    if isinstance(model, SpikingNetwork):
        return model.core
    raise wrong_type("model", model, "a pysnn.Network or pysnn.SpikingNetwork")


def _from_core(core: _core.Network | _core.SpikingNetwork) -> Network | SpikingNetwork:
    if isinstance(core, _core.Network):
        return Network.from_core(core)
    return SpikingNetwork.from_core(core)
