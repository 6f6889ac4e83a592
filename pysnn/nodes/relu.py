"""Activation functions that stand as nodes of their own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.numbers import as_int, as_positive_float
from .node import Shape, only_shape
from .silent import SilentNode

_MOST_LEVELS = 1 << 24  # above, float32 numbers skip some


class ReLU(SilentNode):
    """The positive part of every number, optionally clipped and in steps.

    With ``levels`` (QCFS, Bu et al. 2022) the output is the nearest of ``levels`` equal steps from
    0 to ``max``: ``max / levels * clip(floor(x * levels / max + 0.5), 0, levels)``.

    Args:
        max: Largest output, above 0, such as 6 for ReLU6; None for no limit.
        levels: Number of steps up to ``max``; None for a continuous function.

    Raises:
        TypeError: ``max`` is not a number, or ``levels`` not an int.
        ValueError: ``max`` is not above 0 in float32, or ``levels`` is outside [1, 2^24] or given
            without ``max``.

    Example:
        >>> ReLU(max=6)
        ReLU(max=6.0)
    """

    kind = "relu"

    def __init__(self, max: float | None = None, levels: int | None = None) -> None:
        self._ceiling = None
        if max is not None:
            self._ceiling = np.array([_as_float32(as_positive_float(max, "max"), "max")], "f4")
        self._levels = None if levels is None else as_int(levels, "levels")
        if self._levels is not None and not 1 <= self._levels <= _MOST_LEVELS:
            raise ValueError(f"levels is {levels}, but must be in [1, 2^24]")
        if self._levels is not None and self._ceiling is None:
            raise ValueError(f"levels is {levels}, but max is None: steps need a largest output")

    @property
    def max(self) -> float | None:
        """Largest output, or None."""
        return None if self._ceiling is None else float(self._ceiling[0])

    @property
    def ceiling(self) -> NDArray[np.float32] | None:
        """`max` itself, (1,), which may be changed in place, as training does; or None."""
        return self._ceiling

    @property
    def levels(self) -> int | None:
        """Number of steps up to `max`, or None."""
        return self._levels

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return the input's shape."""
        return only_shape(input_shapes)

    def settings(self) -> dict[str, object]:
        """Return those of ``max`` and ``levels`` that are given."""
        given = {"max": self.max, "levels": self._levels}
        return {name: value for name, value in given.items() if value is not None}

    def to_core(self) -> _core.ReLU:
        """Return the core's copy, in which 0 stands for None."""
        return _core.ReLU(self.max or 0.0, self._levels or 0)

    @classmethod
    def from_core(cls, core: _core.ReLU) -> ReLU:
        """Return the function that the core holds."""
        return cls(core.max or None, core.levels or None)


def _as_float32(value: float, name: str) -> float:
    with np.errstate(over="ignore", under="ignore"):
        rounded = float(np.float32(value))
    if not 0 < rounded < float("inf"):
        raise ValueError(f"{name} is {value}, which is {rounded} as float32")
    return rounded
