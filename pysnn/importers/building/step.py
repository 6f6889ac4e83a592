"""Steps of foreign networks, and what those of all formats add to a `GraphBuilder`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...nodes import AvgPool2d, Conv2d, MaxPool2d
from ..refusal import RefusalError
from .builder import GraphBuilder
from .value import ZERO, Value
from .windows import adaptive_windows

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Step:
    """A step by its names; its methods add nodes for it.

    Attributes:
        builder: What collects the nodes.
        name: Name of the step.
        operator: What the format calls it.
    """

    builder: GraphBuilder
    name: str
    operator: str

    def refused(self, reason: str, way_out: str) -> RefusalError:
        """Return the refusal of the step."""
        return RefusalError(self.name, self.operator, reason, way_out)

    def added(self, first: Value | Array, second: Value | Array) -> Value:
        """Return the sum of two values, or of a value and a constant."""
        if isinstance(first, Value) and isinstance(second, Value):
            return self.builder.add(self.name, self.operator, [first, second])
        value, constant = _one_value(first, second)
        return self._affine(value, 1.0, self._by_sample(value, constant))

    def subtracted(self, first: Value | Array, second: Value | Array) -> Value:
        """Return the difference of two values, or of a value and a constant."""
        if isinstance(second, Value):
            return self.added(self._affine(second, -1.0, 0.0), first)
        assert isinstance(first, Value)
        return self._affine(first, 1.0, -self._by_sample(first, second))

    def multiplied(self, first: Value | Array, second: Value | Array) -> Value:
        """Return the product of a value and a constant."""
        if isinstance(first, Value) and isinstance(second, Value):
            raise self.refused(
                "multiplies two values that both depend on the input, as squeeze-and-excitation "
                "and attention do",
                "leave it out and train again",
            )
        value, constant = _one_value(first, second)
        return self._affine(value, self._by_sample(value, constant), 0.0)

    def divided(self, first: Value | Array, second: Value | Array) -> Value:
        """Return a value over a constant."""
        if isinstance(second, Value):
            raise self.refused(
                "divides by a value that depends on the input", "leave it out and train again"
            )
        assert isinstance(first, Value)
        divisor = self._by_sample(first, second)
        if not divisor.all():
            raise self.refused("divides by 0", "leave it out")
        return self._affine(first, 1.0 / divisor, 0.0)

    def clipped(self, value: Value, low: float | None, high: float | None) -> Value:
        """Return a ReLU, which is what clipping from 0 to ``high`` is."""
        if low != 0 or (high is not None and not high > 0):
            raise self.refused(
                f"clips to [{low}, {high}], but a ReLU clips to [0, m]",
                "replace it by a ReLU or ReLU6 and train again",
            )
        limit = None if high is None or math.isinf(high) else float(high)
        return self.builder.relu(self.name, self.operator, value, max=limit)

    def convolved(
        self,
        value: Value,
        weight: Array,
        bias: Array | None,
        *,
        stride: Sequence[int],
        sides: Sequence[int],
        dilation: Sequence[int],
        groups: int,
    ) -> Value:
        """Return a convolution of images or sequences.

        Args:
            value: (channels, height, width) or (channels, length).
            weight: (out, in / groups, height, width) or (out, in / groups, length).
            bias: (out,), or None.
            stride: One number per axis.
            sides: Zeros before and behind each axis: (top, bottom, left, right) or (left, right).
            dilation: One number per axis.
            groups: Number of groups.
        """
        axes = weight.ndim - 2
        if axes not in (1, 2) or len(value.shape) != axes + 1:
            raise self.refused(
                f"is a convolution of {axes} axes on values of shape {value.shape}",
                "use convolutions of images or sequences",
            )
        if axes == 1:
            weight = weight[:, :, None, :]
            stride, dilation, sides = (1, *stride), (1, *dilation), (0, 0, *sides)
        try:
            node = Conv2d(
                weight,
                bias,
                tuple(stride),
                tuple(sides),
                tuple(dilation),
                groups,
                activation="none",
            )
        except ValueError as error:
            raise self.refused(f"can't be kept: {error}", "change its sizes") from None
        return self._windowed(node, value)

    def pooled(
        self,
        value: Value,
        *,
        largest: bool,
        kernel: Sequence[int],
        stride: Sequence[int],
        sides: Sequence[int],
        dilation: Sequence[int] | None = None,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> Value:
        """Return the largest numbers or the means of windows; arguments as for `convolved`."""
        if len(kernel) not in (1, 2) or len(value.shape) != len(kernel) + 1:
            raise self.refused(
                f"is a pool of {len(kernel)} axes on values of shape {value.shape}",
                "pool images or sequences",
            )
        if len(kernel) == 1:
            kernel, stride, sides = (1, *kernel), (1, *stride), (0, 0, *sides)
            dilation = None if dilation is None else (1, *dilation)
        step = (1, 1) if dilation is None else tuple(dilation)
        node: AvgPool2d | MaxPool2d
        try:
            if largest:
                node = MaxPool2d(tuple(kernel), tuple(stride), tuple(sides), step, ceil_mode)
            else:
                node = AvgPool2d(
                    tuple(kernel), tuple(stride), tuple(sides), ceil_mode, count_include_pad
                )
        except ValueError as error:
            raise self.refused(f"can't be kept: {error}", "change its sizes") from None
        if not largest and step != (1, 1):
            raise self.refused(f"has dilation {step}", "average without dilation")
        return self._windowed(node, value)

    def pooled_over(self, value: Value, axes: Sequence[int], *, largest: bool, keep: bool) -> Value:
        """Return the largest numbers or the means over whole axes of a sample."""
        size = len(value.shape)
        reduced = sorted({axis % size for axis in axes})
        if size not in (2, 3) or not reduced or reduced[0] == 0:
            raise self.refused(
                f"reduces the axes {list(axes)} of values of shape {value.shape}",
                "reduce the axes of an image, height and width",
            )
        kernel = [value.shape[axis] if axis in reduced else 1 for axis in range(1, size)]
        result = self.pooled(
            value, largest=largest, kernel=kernel, stride=kernel, sides=[0] * 2 * len(kernel)
        )
        if keep:
            return result
        kept = [n for axis, n in enumerate(result.shape) if axis not in reduced]
        return result.reshaped(kept, self.name, self.operator)

    def pooled_to(self, value: Value, sizes: Sequence[int | None], *, largest: bool) -> Value:
        """Return an adaptive pool to so many pixels along each axis."""
        wanted = [
            n if n is not None else old for n, old in zip(sizes, value.shape[1:], strict=True)
        ]
        found = [adaptive_windows(old, n) for old, n in zip(value.shape[1:], wanted, strict=True)]
        kernels = [each[0] for each in found if each is not None]
        strides = [each[1] for each in found if each is not None]
        if len(kernels) != len(found):
            raise self.refused(
                f"makes {tuple(wanted)} of {value.shape[1:]}, for which its windows differ in size",
                "use sizes that divide each other",
            )
        return self.pooled(
            value, largest=largest, kernel=kernels, stride=strides, sides=[0] * 2 * len(kernels)
        )

    def padded(self, value: Value, widths: Sequence[tuple[int, int]]) -> Value:
        """Return a value between zeros, or without what negative widths cut off."""
        cut = [
            slice(max(0, -before), n - max(0, -after))
            for (before, after), n in zip(widths, value.shape, strict=True)
        ]
        kept = value.sliced(cut, self.name, self.operator)
        return kept.padded(
            [(max(0, before), max(0, after)) for before, after in widths], self.name, self.operator
        )

    def joined(self, parts: Sequence[Value | Array], axis: int) -> Value:
        """Return values behind each other along an axis of a sample; constants must be 0."""
        first = next(part for part in parts if isinstance(part, Value))
        values = []
        for part in parts:
            if isinstance(part, Value):
                values.append(part)
                continue
            if part.any():
                raise self.refused(
                    "joins the input's values with constants other than 0", "leave them out"
                )
            zeros = np.full(part.shape[1:], ZERO, dtype=np.int64)
            values.append(first.viewed(zeros, self.name, self.operator))
        return self.builder.concat(self.name, self.operator, values, axis)

    def _affine(self, value: Value, scale: Any, shift: Any) -> Value:
        return self.builder.affine(self.name, self.operator, value, scale, shift)

    def _by_sample(self, value: Value, constant: Array) -> NDArray[np.float64]:
        """Return a constant without the batch axis."""
        array: NDArray[np.float64] = np.asarray(constant, dtype=np.float64)
        if array.ndim <= len(value.shape):
            return array
        if array.ndim > len(value.shape) + 1 or (array != array[:1]).any():
            raise self.refused(
                f"has a constant of shape {array.shape}, which differs from sample to sample",
                "give one number per channel",
            )
        sample: NDArray[np.float64] = array[0]
        return sample

    def _windowed(self, node: Conv2d | AvgPool2d | MaxPool2d, value: Value) -> Value:
        """Add a node that works on images, also to sequences."""
        if len(value.shape) == 3:
            return self.builder.node(self.name, self.operator, node, value)
        channels, length = value.shape
        image = value.reshaped((channels, 1, length), value.name, value.operator)
        result = self.builder.node(self.name, self.operator, node, image)
        return result.reshaped((result.shape[0], result.shape[2]), self.name, self.operator)


def _one_value(first: Value | Array, second: Value | Array) -> tuple[Value, Array]:
    if isinstance(first, Value):
        assert not isinstance(second, Value)
        return first, second
    assert isinstance(second, Value)
    return second, first
