"""Which numbers a spiking network takes as samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import (
    as_real_array,
    as_samples,
    as_unit_samples,
    check_finite,
    first_bad,
    slices,
)
from .._base.numbers import as_positive_float
from ..nodes import Shape

InputAffine = tuple[ArrayLike, ArrayLike]
"""Scale and shift of the samples: one number each, or one per channel."""


@dataclass(frozen=True)
class InputRange:
    """The range of a network's samples, behind an affine map of each channel.

    Attributes:
        scale: What a firing rate of 1 stands for: the largest |x| behind the map.
        is_signed: Whether x may be negative behind the map.
        affine_scale: Factors, none, one or one per channel.
        affine_shift: What is added, as ``affine_scale``.
    """

    scale: float = 1.0
    is_signed: bool = False
    affine_scale: tuple[float, ...] = ()
    affine_shift: tuple[float, ...] = ()

    @classmethod
    def of(
        cls, input_scale: float | None, input_affine: InputAffine | None, input_shape: Shape
    ) -> Self:
        """Check the arguments that `SpikingNetwork` explains.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: A value is out of its range, or there is another number of channels.
        """
        scale = 1.0 if input_scale is None else _as_scale(input_scale)
        factors: tuple[float, ...] = ()
        shifts: tuple[float, ...] = ()
        if input_affine is not None:
            if not isinstance(input_affine, tuple | list) or len(input_affine) != 2:
                raise TypeError(
                    f"input_affine is {input_affine!r}, but must be a pair (scale, shift)"
                )
            factors = _per_channel(input_affine[0], input_shape, "input_affine[0]")
            shifts = _per_channel(input_affine[1], input_shape, "input_affine[1]")
            size = max(len(factors), len(shifts))
            factors, shifts = (each * (size // len(each)) for each in (factors, shifts))
        return cls(scale, input_scale is not None, factors, shifts)

    @classmethod
    def from_core(cls, core: _core.InputRange) -> Self:
        """Return the range that the core holds."""
        return cls(core.scale, core.is_signed, tuple(core.affine_scale), tuple(core.affine_shift))

    def to_core(self) -> _core.InputRange:
        """Return the range as the core takes it."""
        return _core.InputRange(
            scale=self.scale,
            is_signed=self.is_signed,
            affine_scale=list(self.affine_scale),
            affine_shift=list(self.affine_shift),
        )

    @property
    def is_default(self) -> bool:
        """Whether samples are in [0, 1] as they come."""
        return self == InputRange()

    @property
    def affine(self) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Scale and shift, one number each or one per channel; None where there is no map."""
        if not self.affine_scale:
            return None
        return np.array(self.affine_scale), np.array(self.affine_shift)

    def __str__(self) -> str:
        """Say what samples may be, in a few words."""
        low = f"-{self.scale:g}" if self.is_signed else "0"
        name = "x" if self.affine is None else "x * scale + shift"
        return f"{name} in [{low}, {self.scale:g}]"

    def samples(
        self, x: ArrayLike, input_shape: Shape, *, name: str = "x", scale: float | None = None
    ) -> NDArray[np.float32]:
        """Return samples as `as_samples`, all of them in the range.

        Raises:
            TypeError: As `as_samples`.
            ValueError: As `as_samples`, or a number is out of the range.
        """
        if self.is_default:
            return as_unit_samples(x, input_shape, name=name, scale=scale)
        samples = as_samples(x, input_shape, name=name, scale=scale)
        self._check(samples, name if scale is None else f"{name} * scale")
        return samples

    def unit(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return samples as parts of the range, in [-1, 1], (num_samples, num_inputs).

        To float32, which is what a simulation takes where the scale is a power of two and there is
        no affine map.

        Args:
            samples: (num_samples, *input_shape).
        """
        unit = self.mapped(samples) / self.scale
        return unit.reshape(len(samples), -1).astype(np.float32)

    def _check(self, samples: NDArray[np.float32], name: str) -> None:
        """Raise a ValueError that names the first number out of the range."""
        lowest = -self.scale if self.is_signed else 0.0
        for start, part in slices(samples):
            mapped = self.mapped(part)
            good = (mapped >= lowest) & (mapped <= self.scale)
            if good.all():
                continue
            place, value = first_bad(good, part, start, name)
            _, reached = first_bad(good, mapped, start, name)
            behind = "" if self.affine is None else f", {reached} behind input_affine"
            if self.is_signed or reached > self.scale:
                advice = (
                    f"the network's input_scale is {self.scale:g}: convert on more samples, or "
                    f"with a larger input_scale="
                )
            else:
                advice = "negative numbers take a network with an input_scale"
            raise ValueError(
                f"{place} is {value!s}{behind}, but must be in [{lowest:g}, {self.scale:g}]; "
                f"{advice}"
            )

    def mapped(self, samples: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return samples, (num_samples, *input_shape), behind the affine map."""
        values = samples.astype(np.float64)
        if self.affine is None:
            return values
        axes = [1] * (samples.ndim - 2)
        factor, shift = (each.reshape(-1, *axes) for each in self.affine)
        result: NDArray[np.float64] = values * factor + shift
        return result


def _as_scale(input_scale: float) -> float:
    """Return the float32 at or above a number, so that samples of float32 may be as large as it."""
    wanted = as_positive_float(input_scale, "input_scale")
    with np.errstate(over="ignore"):
        scale = np.float32(wanted)
    if float(scale) < wanted:
        scale = np.nextafter(scale, np.float32(np.inf))
    if not np.isfinite(scale):
        raise ValueError(f"input_scale is {wanted}, which is beyond float32")
    return float(scale)


def _per_channel(value: ArrayLike, input_shape: Shape, name: str) -> tuple[float, ...]:
    """Return one finite number, or one per channel."""
    numbers = as_real_array(value, name).astype(np.float64)
    check_finite(numbers, name)
    if numbers.shape not in ((), (1,), input_shape[:1]):
        raise ValueError(
            f"{name} has shape {numbers.shape}, but must be one number or one per channel, "
            f"({input_shape[0]},)"
        )
    return tuple(numbers.reshape(-1).tolist())
