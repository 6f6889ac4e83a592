"""Refusal of arrays that can't fit in memory, before anything is allocated."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .. import _core


def check_memory(what: str, shape: Sequence[int], item_size: int) -> None:
    """Raise a MemoryError with an estimate where an array needs more than the machine has.

    Args:
        what: Words for the array.
        shape: Its shape.
        item_size: Bytes of one element.
    """
    needed = math.prod(shape) * item_size
    available = _core.total_memory()
    if 0 < available < needed:
        raise MemoryError(
            f"{what} of shape {tuple(shape)} would need {needed / 2**30:.3g} GiB, but this machine "
            f"has {available / 2**30:.3g} GiB of memory; take fewer samples or steps at a time"
        )
