"""NIR files: HDF5 that is looked at before it is believed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ... import _core
from ..refusal import RefusalError


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
_MOST_DEPTH = 64
_MOST_EDGES = 20_000
_COPIES = 4  # float32 as it is and as float64, and one of both at work


def read_graph(serialization: Any, h5py: Any, path: str) -> NirGraph:
    """Return the graph of a file.

    Args:
        serialization: The part of nir that reads nodes.
        h5py: The library of the files.
        path: Name of the file.

    Raises:
        ModelFileError: The file is damaged, declares more than it holds, or links elsewhere.
        RefusalError: A node can't be read.
        OSError: It can't be read.
    """
    with Path(path).open("rb"):
        pass
    try:
        with h5py.File(path, "r") as file:
            _Check(h5py, path).group(file)
            return _graph(serialization, file["node"])
    except (_core.ModelFileError, MemoryError, RefusalError):
        raise
    # Both libraries say by many kinds of exception that the bytes make no sense to them.
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise _core.ModelFileError(f"{path} is no readable NIR file: {reason}") from None


def _graph(serialization: Any, group: Any) -> NirGraph:
    nodes = {
        str(name): _node(serialization, str(name), each) for name, each in group["nodes"].items()
    }
    edges = group["edges"]
    if edges.ndim != 2 or edges.shape[1] != 2 or len(edges) > _MOST_EDGES:
        raise ValueError(f"edges have shape {edges.shape}")
    own = {name: name for name in nodes}
    found = []
    # One by one, and by the nodes' own names: a long text may stand in the file once, and be said
    # in every edge.
    for i in range(len(edges)):
        source, target = (_text(each) for each in edges[i])
        for name in (source, target):
            if name not in own:
                raise RefusalError(name[:60], "edge", "is no node of the graph", "check the edges")
        found.append((own[source], own[target]))
    return NirGraph(nodes, found)


def _node(serialization: Any, name: str, group: Any) -> Any:
    # One by one: the library's own graphs refuse convolutions in groups.
    kind = _text(group["type"][()])
    if kind == "NIRGraph":
        raise RefusalError(
            name, kind, "is a graph within the graph", "write its nodes into the outer one"
        )
    try:
        return serialization.read_node(group)
    except MemoryError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise RefusalError(name, kind, f"can't be read: {reason}", "check the file") from None


def _text(value: Any) -> str:
    return value.decode("utf8") if isinstance(value, bytes) else str(value)


class _Check:
    """A walk over a file that reads no numbers."""

    def __init__(self, h5py: Any, path: str) -> None:
        self._h5py = h5py
        self._path = path
        self._num_objects = 0
        self._num_bytes = 0

    def group(self, group: Any) -> None:
        """Raise a ModelFileError for what is not simply a tree of small enough arrays."""
        for name in group:
            where = f"{group.name.rstrip('/')}/{name}"
            self._num_objects += 1
            if self._num_objects > _MOST_OBJECTS:
                raise self._error(f"has more than {_MOST_OBJECTS:,} objects")
            if not isinstance(group.get(name, getlink=True), self._h5py.HardLink):
                raise self._error(f"has a link at {where!r}, which is not followed")
            item = group[name]
            if isinstance(item, self._h5py.Group):
                if where.count("/") > _MOST_DEPTH:
                    raise self._error(f"is nested too deeply at {where!r}")
                self.group(item)
            elif isinstance(item, self._h5py.Dataset):
                self._dataset(item, where)

    def _dataset(self, item: Any, where: str) -> None:
        if item.external or item.is_virtual:
            raise self._error(f"has the numbers of {where!r} in another file")
        shape = item.shape or ()
        if item.dtype.hasobject and math.prod(shape) > 1 and not where.endswith("/edges"):
            raise self._error(f"has texts at {where!r}, where numbers belong")
        size = math.prod(shape) * item.dtype.itemsize
        if size > _MOST_EXPANSION * max(item.id.get_storage_size(), 64):
            raise self._error(f"declares {shape} at {where!r}, and holds fewer numbers")
        self._num_bytes += size
        memory = _core.total_memory()
        if 0 < memory < _COPIES * self._num_bytes:
            raise self._error(f"declares more numbers than fit in memory, up to {where!r}")

    def _error(self, words: str) -> _core.ModelFileError:
        return _core.ModelFileError(f"{self._path} {words}")
