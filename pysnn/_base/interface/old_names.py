"""Names of version 0.1 that work for one release more, and say the new ones."""

from __future__ import annotations

import warnings


def warn_old_name(old: str, new: str, *, stacklevel: int = 1) -> None:
    """Warn that a name is an old one.

    Args:
        old: The name, as a person writes it.
        new: What stands in its place.
        stacklevel: Callers between the one who wrote the name and this function's.
    """
    warnings.warn(
        f"{old} is now {new}; the old name goes in version 0.3",
        DeprecationWarning,
        stacklevel=stacklevel + 2,
    )
