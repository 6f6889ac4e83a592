"""Whether results can be put side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def check_joinable(
    parts: Sequence[T], kind: type[T], shared: Callable[[T], Mapping[str, object]]
) -> None:
    """Raise unless parts are results that differ in their samples alone.

    Args:
        parts: What came.
        kind: The class of results.
        shared: Gives what all parts must have alike, by name.

    Raises:
        TypeError: They are no sequence, or hold something else than results.
        ValueError: There is none, or two of them differ in more than their samples.
    """
    if not isinstance(parts, Sequence):
        raise TypeError(f"parts is a {type(parts).__name__}, but must be a sequence of results")
    if not parts:
        raise ValueError("parts is empty, but must have at least one result")
    for i, part in enumerate(parts):
        if not isinstance(part, kind):
            raise TypeError(f"parts[{i}] is a {type(part).__name__}, but must be a {kind.__name__}")
        expected = shared(parts[0])
        for name, value in shared(part).items():
            if value != expected[name]:
                raise ValueError(
                    f"parts[{i}] has {name} {value}, but must have that of parts[0], "
                    f"{expected[name]}"
                )
