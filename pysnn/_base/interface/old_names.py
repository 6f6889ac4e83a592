"""Names of version 0.1 that work for one release more, and say the new ones."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


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


def old_keyword(old: str, new: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator of a function that takes an argument by its old keyword, too, and warns.

    Args:
        old: The keyword of version 0.1.
        new: That of now.
    """

    def decorated(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def called(*args: P.args, **options: P.kwargs) -> T:
            # With both, the function itself refuses the old one.
            if old in options and new not in options:
                warn_old_name(f"{function.__name__}({old}=)", f"{function.__name__}({new}=)")
                options[new] = options.pop(old)
            return function(*args, **options)

        return called

    return decorated
