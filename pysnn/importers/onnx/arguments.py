"""What an operator of ONNX is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..building import Array, Step, Value, same_padding

FLOATS = (1, 10, 11, 16)
"""FLOAT, FLOAT16, DOUBLE and BFLOAT16 among the types of numbers."""

WHOLE = (2, 3, 4, 5, 6, 7, 12, 13)
"""Signed and unsigned integers of 8 to 64 bits."""

HALVES = (10, 16)
"""FLOAT16 and BFLOAT16."""


@dataclass(frozen=True, eq=False)
class Arguments:
    """Inputs and attributes of a node.

    Attributes:
        inputs: Values, constants, and None for those that are left out.
        attributes: By name.
        batch: Size of a batch, 1 where the file leaves it open.
        is_batch_open: Whether it does.
        num_outputs: Number of results.
        opset: Version of the operators.
    """

    inputs: Sequence[Any]
    attributes: dict[str, Any]
    batch: int
    is_batch_open: bool
    num_outputs: int
    opset: int

    def value(self, step: Step, place: int = 0) -> Value:
        """Return an input that depends on the network's."""
        found = self.inputs[place]
        if not isinstance(found, Value):
            raise step.refused("reads the input where weights are expected", "give it constants")
        return found

    def array(self, step: Step, place: int) -> Array | None:
        """Return an input that is a constant, or None where it is left out."""
        found = self.inputs[place] if place < len(self.inputs) else None
        if isinstance(found, Value):
            raise step.refused("has weights or sizes that depend on the input", "give it constants")
        return None if found is None else np.asarray(found)

    def ints(self, step: Step, name: str, place: int) -> list[int] | None:
        """Return integers that are an attribute or, in later versions, an input."""
        if name in self.attributes:
            found = self.attributes[name]
            return [int(found)] if isinstance(found, int) else [int(each) for each in found]
        array = self.array(step, place)
        return None if array is None else [int(each) for each in np.ravel(array)]

    def number(self, step: Step, name: str, place: int) -> float | None:
        """Return a number that is an attribute or, in later versions, an input."""
        if name in self.attributes:
            return float(self.attributes[name])
        array = self.array(step, place)
        return None if array is None else float(np.ravel(array)[0])

    def axis(self, step: Step, value: Value, axis: int) -> int:
        """Return an axis of a sample for one of a batch."""
        rank = len(value.shape) + 1
        if not -rank <= axis < rank:
            raise step.refused(f"has the axis {axis} of {rank}", "check the file")
        if axis % rank == 0:
            raise step.refused(
                "takes samples out of the batch, or joins them",
                "keep the batch the first axis of all values",
            )
        return axis % rank - 1

    def windows(
        self, step: Step, value: Value, kernel: Sequence[int]
    ) -> tuple[list[int], list[int], list[int]]:
        """Return stride, padding (before and behind each axis) and dilation of windows."""
        axes = len(kernel)
        if len(value.shape) != axes + 1:
            raise step.refused(
                f"has windows of {axes} axes on values of shape {value.shape}", "check the file"
            )
        strides = self._per_axis(step, "strides", axes, 1)
        dilations = self._per_axis(step, "dilations", axes, 1)
        rule = self.attributes.get("auto_pad", "NOTSET")
        if rule in ("SAME_UPPER", "SAME_LOWER"):
            pairs = [
                same_padding(size, k, stride, dilation, at_end=rule == "SAME_UPPER")
                for size, k, stride, dilation in zip(
                    value.shape[1:], kernel, strides, dilations, strict=True
                )
            ]
            return strides, [side for pair in pairs for side in pair], dilations
        if rule not in ("NOTSET", "VALID"):
            raise step.refused(f"has auto_pad={rule!r}", "give pads")
        pads = self._per_axis(step, "pads", 2 * axes, 0) if rule == "NOTSET" else [0] * 2 * axes
        return strides, [pads[i + j * axes] for i in range(axes) for j in range(2)], dilations

    def _per_axis(self, step: Step, name: str, count: int, default: int) -> list[int]:
        found = [int(each) for each in self.attributes.get(name, [default] * count)]
        if len(found) != count or any(each < default for each in found):
            raise step.refused(f"has {name}={found} for {count} numbers", "check the file")
        return found
