"""SHA-256 of what results depend on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class FloatsInBlocks(Protocol):
    """Numbers of float32 that are read block by block, along their first axis."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array that they stand for."""

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Yield all of it in order."""


def sha256(*contents: bytes | NDArray[Any] | FloatsInBlocks) -> str:
    """Return the SHA-256 of bytes and arrays, the types and shapes of arrays included.

    That of an array does not depend on whether it is in memory.
    """
    digest = hashlib.sha256()
    for content in contents:
        if isinstance(content, bytes):
            digest.update(content)
            continue
        if isinstance(content, np.ndarray):
            dtype, blocks = content.dtype, iter([content])
        else:
            dtype, blocks = np.dtype(np.float32), content.blocks()
        digest.update(f"{dtype.str}{content.shape}".encode())
        for block in blocks:
            digest.update(np.ascontiguousarray(block).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()
