"""Parts of HDF5 files, of which a damaged or hostile one may say anything."""

from __future__ import annotations

import math
from typing import Any

from ..building import Array
from .calls import ConfigError

MOST_COMPRESSION = 100
"""Bytes of numbers for a byte in a file: those of trained networks hardly get smaller."""

_MOST_NAMES = 1 << 16  # of the arrays of a layer, which may be a model


def hard(h5py: Any, group: Any, path: str) -> Any:
    """Return a part of a group that no link to elsewhere leads to.

    Raises:
        ConfigError: There is none.
    """
    found = group
    for name in path.split("/"):
        link = found.get(name, getlink=True) if isinstance(found, h5py.Group) and name else None
        if not isinstance(link, h5py.HardLink):
            raise ConfigError(f"lacks {path!r} in {group.name!r}, or has a link there")
        found = found[name]
    return found


def names_of(group: Any, attribute: str) -> list[str]:
    """Return an attribute that is a list of names, of which Keras makes several if it is long.

    Raises:
        ConfigError: It is none.
    """
    attributes, parts = group.attrs, [attribute]
    if attribute not in attributes:
        parts = []
        while f"{attribute}{len(parts)}" in attributes:
            parts.append(f"{attribute}{len(parts)}")
    names: list[str] = []
    for part in parts:
        shape = attributes.get_id(part).shape
        if len(shape) != 1 or len(names) + shape[0] > _MOST_NAMES:
            raise ConfigError(f"has {part!r} of shape {shape} in {group.name!r}")
        for name in attributes[part]:
            if not isinstance(name, bytes | str):
                raise ConfigError(f"has no names in {part!r} of {group.name!r}")
            names.append(name.decode() if isinstance(name, bytes) else name)
    return names


def shape_of(h5py: Any, data: Any, name: str) -> tuple[int, ...]:
    """Return the shape of an array that stands in its file.

    Raises:
        ConfigError: It is no array of numbers, or in another file.
    """
    if not isinstance(data, h5py.Dataset) or data.dtype.kind not in "fiu" or data.shape is None:
        raise ConfigError(f"has no numbers in {name!r}")
    if data.external or data.is_virtual:
        raise ConfigError(f"has the numbers of {name!r} in another file")
    return tuple(data.shape)


def stored_numbers(data: Any, name: str) -> Array:
    """Return an array's numbers.

    Raises:
        ConfigError: It declares many more than its file holds, or they can't be read.
    """
    size = math.prod(data.shape) * data.dtype.itemsize
    if size > MOST_COMPRESSION * data.id.get_storage_size():
        raise ConfigError(f"declares {data.shape} in {name!r}, and holds fewer numbers")
    try:
        array: Array = data[()]
    except (OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"has numbers in {name!r} that can't be read: {reason}") from None
    return array
