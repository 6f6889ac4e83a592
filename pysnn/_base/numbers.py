"""Checks of single arguments that several modules share: numbers, names, choices, shapes.

Every check raises before work starts, and its message names the argument, what came and what
was expected.
"""

from __future__ import annotations

import math
import operator
import os
import secrets
from collections.abc import Sequence
from typing import SupportsIndex, TypeVar

import numpy as np
from numpy.typing import NDArray

_DRAWN_BITS = 53  # what a double has, and so JSON in any program

Sizes = SupportsIndex | Sequence[SupportsIndex] | NDArray[np.integer]
"""One size, or several."""


def as_positive_int(value: object, name: str) -> int:
    """Return ``value`` as an int of at least 1.

    Raises:
        TypeError: ``value`` is not an integer (a bool is not one).
        ValueError: ``value`` is below 1.
    """
    number = as_int(value, name)
    if number < 1:
        raise ValueError(f"{name} is {number}, but must be at least 1")
    return number


def as_int(value: object, name: str) -> int:
    """Return ``value`` as a Python int; floats and bools are refused.

    Raises:
        TypeError: ``value`` is not an integer.
    """
    if isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} is a bool, but must be an int")
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} is a {type(value).__name__}, but must be an int") from None


def as_count(value: object, name: str) -> int:
    """Return ``value`` as an int in [0, 2^63): what a count can be in the core.

    Raises:
        TypeError: ``value`` is not an integer (a bool is not one).
        ValueError: ``value`` is outside the range.
    """
    number = as_int(value, name)
    if not 0 <= number < 1 << 63:
        expected = "at least 0" if number < 0 else "below 2^63"
        raise ValueError(f"{name} is {number}, but must be {expected}")
    return number


def as_seed(value: object, name: str = "seed") -> int:
    """Return ``value`` as an int in [0, 2^64).

    Raises:
        TypeError: ``value`` is not an integer.
        ValueError: ``value`` is outside the range.
    """
    number = as_int(value, name)
    if not 0 <= number < 1 << 64:
        raise ValueError(f"{name} is {number}, but must be in [0, 2^64)")
    return number


def as_drawn_seed(value: object, name: str = "seed") -> int:
    """Return a seed as `as_seed` does, or where it is None one of the system's entropy.

    Raises:
        TypeError: ``value`` is neither an integer nor None.
        ValueError: ``value`` is outside the range.
    """
    return secrets.randbits(_DRAWN_BITS) if value is None else as_seed(value, name)


def as_int_pair(value: object, name: str, *, minimum: int) -> tuple[int, int]:
    """Return an int or a pair of ints as a pair (vertical, horizontal).

    Raises:
        TypeError: ``value`` is neither an int nor a sequence or array of ints.
        ValueError: There are not two of them, or one is below ``minimum``.
    """
    items = _items(value)
    if items is None:
        pair: tuple[int, ...] = (as_int(value, name),) * 2
    else:
        pair = tuple(as_int(item, f"{name}[{i}]") for i, item in enumerate(items))
        if len(pair) != 2:
            raise ValueError(f"{name} has {len(pair)} entries, but must be an int or a pair")
    for number in pair:
        if number < minimum:
            raise ValueError(f"{name} is {value}, but must be at least {minimum}")
    return pair[0], pair[1]


def as_padding(value: object, name: str) -> tuple[int, int, int, int]:
    """Return an int, a pair or four ints as (top, bottom, left, right).

    Raises:
        TypeError: ``value`` is neither an int nor a sequence or array of ints.
        ValueError: There are not one, two or four of them, or one is below 0.
    """
    items = _items(value)
    if items is None or len(items) == 2:
        vertical, horizontal = as_int_pair(value, name, minimum=0)
        return vertical, vertical, horizontal, horizontal
    sides = tuple(as_int(item, f"{name}[{i}]") for i, item in enumerate(items))
    if len(sides) != 4:
        raise ValueError(
            f"{name} has {len(sides)} entries, but must be an int, (vertical, horizontal) or "
            f"(top, bottom, left, right)"
        )
    for number in sides:
        if number < 0:
            raise ValueError(f"{name} is {value}, but must be at least 0")
    return sides[0], sides[1], sides[2], sides[3]


def _items(value: object) -> Sequence[object] | None:
    """Return the items of a sequence or a one-dimensional array, None for anything else."""
    if isinstance(value, np.ndarray) and value.ndim == 1:
        items: list[object] = value.tolist() if value.dtype.kind in "iu" else list(value)
        return items
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return value
    return None


def as_finite_float(value: object, name: str) -> float:
    """Return ``value`` as a finite float.

    Raises:
        TypeError: ``value`` is not a real number (a bool is not one).
        ValueError: ``value`` is NaN or infinite.
    """
    if isinstance(value, bool | np.bool_ | str | bytes | complex | np.complexfloating):
        raise TypeError(f"{name} is a {type(value).__name__}, but must be a number")
    try:
        number = float(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} is a {type(value).__name__}, but must be a number") from None
    if not math.isfinite(number):
        raise ValueError(f"{name} is {number}, but must be finite")
    return number


def as_positive_float(value: object, name: str) -> float:
    """Return ``value`` as a finite float above 0.

    Raises:
        TypeError: ``value`` is not a real number.
        ValueError: ``value`` is not finite or not above 0.
    """
    number = as_finite_float(value, name)
    if number <= 0:
        raise ValueError(f"{name} is {number}, but must be above 0")
    return number


def as_rate(value: object, name: str) -> float:
    """Return ``value`` as a finite float of at least 0.

    Raises:
        TypeError: ``value`` is not a real number.
        ValueError: ``value`` is not finite or is negative.
    """
    number = as_finite_float(value, name)
    if number < 0:
        raise ValueError(f"{name} is {number}, but must be at least 0")
    return number


def as_fraction(value: object, name: str) -> float:
    """Return ``value`` as a float in [0, 1): the 1 itself is excluded.

    Raises:
        TypeError: ``value`` is not a real number.
        ValueError: ``value`` is outside [0, 1).
    """
    number = as_finite_float(value, name)
    if not 0 <= number < 1:
        raise ValueError(f"{name} is {number}, but must be in [0, 1)")
    return number


def as_bool(value: object, name: str) -> bool:
    """Return ``value`` when it is a bool.

    Raises:
        TypeError: ``value`` is anything else, a number included.
    """
    if not isinstance(value, bool):
        raise TypeError(f"{name} is a {type(value).__name__}, but must be a bool")
    return value


def as_str(value: object, name: str) -> str:
    """Return ``value`` when it is a string.

    Raises:
        TypeError: ``value`` is anything else.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} is a {type(value).__name__}, but must be a str")
    return value


def as_path(value: object, name: str = "path") -> str:
    """Return a path as a string.

    Raises:
        TypeError: ``value`` is neither a str nor an os.PathLike of str.
    """
    if isinstance(value, str | os.PathLike):
        text = os.fspath(value)
        if isinstance(text, str):
            return text
    raise TypeError(f"{name} is a {type(value).__name__}, but must be a str or os.PathLike")


Choice = TypeVar("Choice", bound=str)


def as_choice(value: object, name: str, choices: Sequence[Choice]) -> Choice:
    """Return ``value`` when it is one of ``choices``.

    Raises:
        TypeError: ``value`` is not a string.
        ValueError: ``value`` is none of the choices.
    """
    text = as_str(value, name)
    if text not in choices:
        known = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} is {text!r}, but must be one of {known}")
    return next(choice for choice in choices if choice == text)


def as_name(value: object, name: str) -> str:
    """Return the name of a layer or a population when a model file can keep it.

    Raises:
        TypeError: ``value`` is not a string.
        ValueError: It is empty, begins with ``__``, or contains ``/`` or NUL.
    """
    text = as_str(value, name)
    if not text or "/" in text or "\0" in text or text.startswith("__"):
        raise ValueError(
            f"{name} is {text!r}, but must not be empty, begin with '__', or contain '/' or NUL"
        )
    return text


def as_shape(value: object, name: str) -> tuple[int, ...]:
    """Return an int or a sequence of ints as a tuple of sizes of at least 1.

    Raises:
        TypeError: ``value`` is neither an int nor a sequence or array of ints.
        ValueError: It is empty, or a size is below 1.
    """
    items = _items(value)
    if items is None:
        shape: tuple[int, ...] = (as_positive_int(value, name),)
    else:
        shape = tuple(as_positive_int(item, f"{name}[{i}]") for i, item in enumerate(items))
    if not shape:
        raise ValueError(f"{name} is empty, but must have at least one size")
    return shape
