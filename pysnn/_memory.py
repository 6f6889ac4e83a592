"""Refusal of arrays that can't fit in memory, before anything is allocated."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence


def check_memory(what: str, shape: Sequence[int], item_size: int) -> None:
    """Raise a MemoryError with an estimate where an array needs more than the machine has.

    Args:
        what: Words for the array.
        shape: Its shape.
        item_size: Bytes of one element.
    """
    needed = math.prod(shape) * item_size
    available = _memory_of_machine()
    if available is not None and needed > available:
        raise MemoryError(
            f"{what} of shape {tuple(shape)} would need {needed / 2**30:.3g} GiB, but this machine "
            f"has {available / 2**30:.3g} GiB of memory; take fewer samples or steps at a time"
        )


def _memory_of_machine() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
