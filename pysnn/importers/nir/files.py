"""NIR files: HDF5 that is looked at before it is believed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ... import _core


@dataclass(frozen=True, eq=False)
class NirGraph:
    """A graph.

    Attributes:
        nodes: The library's nodes by name.
        edges: Who feeds whom.
    """

    nodes: dict[str, Any]
    edges: list[tuple[str, str]]


_MOST_EXPANSION = 1000  # by which compression makes numbers smaller
_MOST_OBJECTS = 100_000


def read_graph(serialization: Any, h5py: Any, path: str) -> NirGraph:
    """Return the graph of a file.

    Args:
        serialization: The part of nir that reads nodes.
        h5py: The library of the files.
        path: Name of the file.

    Raises:
        ModelFileError: The file is damaged, declares more than it holds, or links elsewhere.
        OSError: It can't be read.
    """
    with Path(path).open("rb"):
        pass
    try:
        with h5py.File(path, "r") as file:
            _check(h5py, file, path, [0])
            return _graph(serialization, file["node"])
    except (_core.ModelFileError, MemoryError):
        raise
    # Both libraries say by many kinds of exception that the bytes make no sense to them.
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise _core.ModelFileError(f"{path} is no readable NIR file: {reason}") from None


def _graph(serialization: Any, group: Any) -> NirGraph:
    # Node by node: the library's own graphs refuse convolutions in groups.
    read = serialization.read_node
    nodes = {str(name): read(node) for name, node in group["nodes"].items()}
    edges = [
        (source.decode("utf8"), target.decode("utf8")) for source, target in group["edges"][()]
    ]
    return NirGraph(nodes, edges)


def _check(h5py: Any, group: Any, path: str, seen: list[int]) -> None:
    for name in group:
        seen[0] += 1
        if seen[0] > _MOST_OBJECTS or name.count("/") > 0:
            raise _core.ModelFileError(f"{path} has more than {_MOST_OBJECTS:,} objects")
        where = f"{group.name.rstrip('/')}/{name}"
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise _core.ModelFileError(f"{path} has a link at {where!r}, which is not followed")
        item = group[name]
        if isinstance(item, h5py.Group):
            if where.count("/") > 64:
                raise _core.ModelFileError(f"{path} is nested too deeply at {where!r}")
            _check(h5py, item, path, seen)
        elif isinstance(item, h5py.Dataset):
            _check_dataset(item, path, where)


def _check_dataset(item: Any, path: str, where: str) -> None:
    if item.external or item.is_virtual:
        raise _core.ModelFileError(f"{path} has the numbers of {where!r} in another file")
    shape = item.shape or ()
    size = math.prod(shape) * item.dtype.itemsize
    if size > _MOST_EXPANSION * max(item.id.get_storage_size(), 64):
        raise _core.ModelFileError(f"{path} declares {shape} at {where!r}, and holds fewer numbers")
