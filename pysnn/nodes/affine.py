"""Scaling and shifting, such as of inputs to mean 0 and deviation 1."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_finite_float64
from .channels import check_channels
from .node import Shape, only_shape
from .silent import SilentNode


class Affine(SilentNode):
    """``x * scale + shift``, channel by channel, found in float64 and rounded once.

    As the first node it stands for what data is done to before it reaches a network, such as
    ``(x - mean) / std``, which is ``Affine(1 / std, -mean / std)``.

    Args:
        scale: Factors: one number, or one per channel; for vectors an element is a channel.
        shift: What is added, likewise.

    Raises:
        TypeError: An array does not hold real numbers.
        ValueError: A number is NaN or infinite, or shapes differ.

    Example:
        >>> Affine([2.0, 4.0], 1.0)
        Affine(channels=2)
    """

    kind = "affine"

    def __init__(self, scale: ArrayLike, shift: ArrayLike) -> None:
        self._scale = _one_or_more(scale, "scale")
        self._shift = _one_or_more(shift, "shift")
        if 1 not in (self._scale.size, self._shift.size) and self._scale.size != self._shift.size:
            raise ValueError(
                f"scale has {self._scale.size} numbers, but shift has {self._shift.size}"
            )

    @property
    def scale(self) -> NDArray[np.float64]:
        """Factors, (1,) or (channels,)."""
        return self._scale

    @property
    def shift(self) -> NDArray[np.float64]:
        """What is added, (1,) or (channels,)."""
        return self._shift

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return the input's shape."""
        shape = only_shape(input_shapes)
        for array in (self._scale, self._shift):
            if array.size > 1:
                check_channels(shape, array.size)
        return shape

    def settings(self) -> dict[str, object]:
        """Return the number of channels, 1 where one number is for all."""
        return {"channels": max(self._scale.size, self._shift.size)}

    def arrays(self) -> Mapping[str, NDArray[np.float64] | None]:
        """Return factors and shifts."""
        return {"scale": self._scale, "shift": self._shift}

    def to_core(self) -> _core.Affine:
        """Return the core's copy."""
        return _core.Affine(self._scale, self._shift)

    @classmethod
    def from_core(cls, core: _core.Affine) -> Affine:
        """Return a node with copies of the core's arrays."""
        return cls(core.scale, core.shift)


def _one_or_more(value: ArrayLike, name: str) -> NDArray[np.float64]:
    array = as_finite_float64(value, name)
    if array.ndim > 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}, but must be one number or (channels,)")
    return array.reshape(-1)
