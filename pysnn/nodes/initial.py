"""Initial weights of layers that are to be trained."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .._base.numbers import as_bool, as_drawn_seed
from .node import Shape


def initial_weight(
    rng: np.random.Generator, shape: Shape, initial_range: float | None = None
) -> NDArray[np.float64]:
    """Draw weights that are uniform in plus or minus a number.

    Args:
        rng: What draws.
        shape: (out, in) or (out, in, height, width).
        initial_range: The number; None takes sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio,
            2010), where a kernel's area is a factor of both.
    """
    if initial_range is None:
        initial_range = math.sqrt(6 / (math.prod(shape[2:]) * (shape[0] + shape[1])))
    return rng.uniform(-initial_range, initial_range, shape)


def drawn_parameters(
    shape: Shape, bias: object, seed: object
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None, int]:
    """Return initial weights, biases of 0 or none, and the seed, drawn where it is None.

    Raises:
        TypeError: ``bias`` is not a bool, or ``seed`` no int.
        ValueError: ``seed`` is out of its range.
    """
    biases = np.zeros(shape[0]) if as_bool(bias, "bias") else None
    number = as_drawn_seed(seed)
    return initial_weight(np.random.default_rng(number), shape), biases, number


def is_size(value: object) -> bool:
    """Return whether a first argument is a number of inputs, and not an array of weights."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def check_named(kind: str, named: dict[str, object], known: tuple[str, ...], form: str) -> None:
    """Raise a TypeError where a keyword does not go with the form of the arguments.

    Args:
        kind: Name of the class.
        named: Keywords that came.
        known: Those that the form has.
        form: The form, for the message.
    """
    for name in named:
        if name not in known:
            raise TypeError(f"{kind} has no argument {name!r} beside {form}")
