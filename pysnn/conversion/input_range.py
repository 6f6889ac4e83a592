"""The range of a spiking network's inputs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._base.numbers import as_positive_float
from .folding import InputAffine

_SCAN_ROWS = 256  # samples that are looked at a time


@dataclass(frozen=True, eq=False)
class InputRange:
    """What inputs may be.

    Attributes:
        scale: Largest absolute value, behind ``affine``; None for inputs in [0, 1].
        affine: What is done to inputs first, or None.
    """

    scale: float | None
    affine: InputAffine | None

    @property
    def is_signed(self) -> bool:
        """Whether inputs may be negative."""
        return self.scale is not None

    @property
    def largest(self) -> float:
        """Largest absolute value."""
        return 1.0 if self.scale is None else self.scale

    @classmethod
    def of(
        cls, x: NDArray[np.float32] | None, affine: InputAffine | None, scale: float | None
    ) -> InputRange:
        """Return the range that a scale names, or the one that samples need.

        Without a scale that is the least power of two not below the largest absolute value of the
        samples behind ``affine``, or of [0, 1] where there are no samples. Samples in [0, 1]
        without ``affine`` need none.

        Args:
            x: Samples, (num_samples, *input_shape), or None.
            affine: What is done to inputs first, or None.
            scale: ``input_scale`` of `convert`.

        Raises:
            TypeError: ``scale`` is not a number.
            ValueError: ``scale`` is not above 0.
        """
        if scale is not None:
            return cls(as_positive_float(scale, "input_scale"), affine)
        if affine is None and (x is None or (x.min() >= 0 and x.max() <= 1)):
            return cls(None, None)
        largest = _largest_of_unit(affine) if x is None else _largest(x, affine)
        return cls(_power_of_two(largest) if largest > 0 else 1.0, affine)


def _power_of_two(least: float) -> float:
    """Return the least power of two that is not below a number, which a logarithm may miss."""
    significand, exponent = math.frexp(least)
    return math.ldexp(1.0, exponent - 1 if significand == 0.5 else exponent)


def _largest_of_unit(affine: InputAffine | None) -> float:
    assert affine is not None, "inputs in [0, 1] have no scale"
    ends = np.abs(affine.shift), np.abs(affine.scale + affine.shift)
    return float(max(end.max() for end in ends))


def _seen(x: NDArray[np.float32], affine: InputAffine | None) -> NDArray[np.float64]:
    return x.astype(np.float64) if affine is None else affine.apply(x)


def _largest(x: NDArray[np.float32], affine: InputAffine | None) -> float:
    parts = (x[start : start + _SCAN_ROWS] for start in range(0, len(x), _SCAN_ROWS))
    return max(float(np.abs(_seen(part, affine)).max()) for part in parts)
