"""Default arguments that can be told from the same value given by a caller.

An argument that has no effect in a call is refused, and that takes knowing whether it was given.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


class _Default(Generic[T]):
    """Stands for its value in a signature, and shows as it in `help`."""

    def __init__(self, value: T) -> None:
        self.value = value

    def __repr__(self) -> str:
        return repr(self.value)


def default(value: T) -> T:
    """Return what stands for ``value`` as the default of a parameter of its type.

    The function reads the argument by `resolved`, and asks `is_given` before it.
    """
    return cast(T, _Default(value))


def is_given(argument: object) -> bool:
    """Return whether a caller passed the argument."""
    return not isinstance(argument, _Default)


def resolved(argument: T) -> T:
    """Return the argument, or the value that its default stands for."""
    value: Any = argument.value if isinstance(argument, _Default) else argument
    return cast(T, value)
