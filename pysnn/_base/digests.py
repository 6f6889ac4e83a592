"""SHA-256 of what results depend on."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray


def sha256(*contents: bytes | NDArray[Any]) -> str:
    """Return the SHA-256 of bytes and arrays, the types and shapes of arrays included."""
    digest = hashlib.sha256()
    for content in contents:
        if isinstance(content, np.ndarray):
            digest.update(f"{content.dtype.str}{content.shape}".encode())
            digest.update(np.ascontiguousarray(content).reshape(-1).view(np.uint8).data)
        else:
            digest.update(content)
    return digest.hexdigest()
