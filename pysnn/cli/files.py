"""Files that commands read and write."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .command import UsageError

if TYPE_CHECKING:
    from ..network import Network
    from ..spiking import SpikingNetwork


def load_model(path: str) -> Network | SpikingNetwork:
    """Read a network of either kind, also from a file of a format that there is an importer for.

    Raises:
        UsageError: The name is that of a pickle.
        ValueError: The file is no model file.
        OSError: It can't be read.
        ImportError: Its importer needs a package that is not installed.
    """
    from ..importers import find
    from ..io import load

    check_no_pickle(path)
    importer = find(path)
    return load(path) if importer is None else importer.load(path)


def check_no_pickle(path: str) -> None:
    """Raise a UsageError that says what to do instead where a name is that of a pickle."""
    from ..importers import PICKLES, suffix_of

    suffix = suffix_of(path)
    if suffix in PICKLES:
        raise UsageError(f"{path} holds a pickle, {PICKLES[suffix]}")


def load_network(path: str) -> Network:
    """Read a ReLU network.

    Raises:
        UsageError: The file holds a spiking network.
        ValueError: It is no model file.
        OSError: It can't be read.
    """
    from ..network import Network

    model = load_model(path)
    if not isinstance(model, Network):
        raise UsageError(f"{path} holds a spiking network, but must hold a ReLU network")
    return model


def load_spiking_network(path: str) -> SpikingNetwork:
    """Read a spiking network.

    Raises:
        UsageError: The file holds a ReLU network.
        ValueError: It is no model file.
        OSError: It can't be read.
    """
    from ..network import Network

    model = load_model(path)
    if isinstance(model, Network):
        raise UsageError(
            f"{path} holds a ReLU network, but must hold a spiking network, which "
            f"'pysnn convert {path}' makes of it"
        )
    return model


def check_output(path: str, endings: Sequence[str], *, reads: Sequence[str | None] = ()) -> None:
    """Find out before any work whether a file can be written.

    Args:
        path: The file, which is made or replaced when the work is done.
        endings: Endings that its name may have, such as ``".json"``.
        reads: Files that the command reads, and that it must therefore not replace.

    Raises:
        UsageError: The ending is another one, or the file is one that is read.
        OSError: The folder does not exist or can't be written to, or the name is a folder's.
    """
    target = Path(path)
    if target.suffix.lower() not in endings:
        known = " or ".join(endings)
        raise UsageError(f"output is {path}, but its name must end in {known}")
    for other in reads:
        if other is not None and _is_same_file(target, other):
            raise UsageError(f"output is {path}, which is a file that the command reads")
    if target.is_dir():
        raise IsADirectoryError(f"output is {path}, which is a folder, but must be a file")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"output is {path}, but there is no folder {target.parent}")
    if not os.access(target.parent, os.W_OK):
        raise PermissionError(f"output is {path}, but the folder {target.parent} is read-only")


def _is_same_file(path: Path, other: str) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False
