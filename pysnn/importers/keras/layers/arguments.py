"""What a call of a layer of Keras is given.

Values have Keras's own axes, (height, width, channels), as views of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ...building import Array, Step, Value, same_padding
from ..config import Layer
from ..weights import Stored

_LARGEST = (1 << 31) - 1  # of sizes, strides and dilations


@dataclass(eq=False)
class Arguments:
    """What a call of a layer is given.

    Attributes:
        layer: The layer.
        inputs: Values, and constants.
        weights: Its arrays.
        is_last: Whether the result is the model's output.
        dropped: Is set to the activation function that was left out.
        differs_by_backend: Is set where Keras's backends do not agree.
        num_bytes: Of the arrays that were read.
    """

    layer: Layer
    inputs: Sequence[Value | Array]
    weights: Sequence[Stored]
    is_last: bool
    dropped: str = field(default="")
    differs_by_backend: bool = field(default=False)
    num_bytes: int = field(default=0)
    _read: set[int] = field(default_factory=set)

    @property
    def config(self) -> Any:
        """Arguments of the layer."""
        return self.layer.config

    def value(self, step: Step) -> Value:
        """Return the only input."""
        if len(self.inputs) != 1 or not isinstance(self.inputs[0], Value):
            raise step.refused(f"has {len(self.inputs)} inputs", "give it one")
        return self.inputs[0]

    @property
    def is_channels_last(self) -> bool:
        """Whether channels are the last axis."""
        return bool(self.config.get("data_format") != "channels_first")

    def number(self, step: Step, name: str, default: int | None = None) -> int:
        """Return an argument that is a whole number above 0."""
        return _natural(step, name, self.config.get(name, default))

    def sizes(self, step: Step, name: str, axes: int) -> list[int]:
        """Return one size per axis, of which Keras also takes one for all."""
        found = self.config.get(name, 1)
        if not isinstance(found, list | tuple):
            found = [found] * axes
        if len(found) != axes:
            raise step.refused(f"has {name}={str(found)[:40]}, but {axes} axes", "check the file")
        return [_natural(step, name, each) for each in found]

    def array(self, step: Step, place: int, shape: Sequence[int]) -> Array:
        """Return one of the layer's arrays, which is not read where its shape is another."""
        if place >= len(self.weights):
            raise step.refused(
                f"has {len(self.weights)} arrays of weights, but needs more", "check the file"
            )
        stored = self.weights[place]
        if stored.shape != tuple(shape):
            raise step.refused(
                f"has weights of shape {stored.shape}, but its arguments and what it reads make "
                f"them {tuple(shape)}",
                "check the file",
            )
        array = stored.read()
        if array.dtype.kind != "f":
            raise step.refused(
                f"has weights of type {array.dtype}", "bring the network before it is quantized"
            )
        self._read.add(place)
        self.num_bytes += array.nbytes
        return array

    def skip(self, *places: int) -> None:
        """Leave out some of the layer's arrays, which say nothing of its outputs."""
        self._read.update(places)

    def check_number(self, step: Step) -> None:
        """Refuse a layer with arrays that nobody has read, beside those that were."""
        if self._read and len(self._read) < len(self.weights):
            raise step.refused(
                f"has {len(self.weights)} arrays of weights, of which only {len(self._read)} have "
                f"a meaning here",
                "bring the network without adapters, or before it is quantized",
            )

    def images(self, step: Step) -> Value:
        """Return the input with channels first."""
        return channels_first(step, self.value(step), self.is_channels_last)

    def back(self, step: Step, value: Value) -> Value:
        """Return a result with channels where the layer has them."""
        return channels_last(step, value) if self.is_channels_last else value


def _natural(step: Step, name: str, found: Any) -> int:
    if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= _LARGEST:
        raise step.refused(f"has {name}={str(found)[:40]!r}, which is no size", "check the file")
    return found


def channels_first(step: Step, value: Value, is_last: bool) -> Value:
    """Return values with channels first that have them last, or have them so already."""
    axes = len(value.shape) - 1
    if not is_last or axes == 0:
        return value
    return value.transposed([axes, *range(axes)], step.name, step.operator)


def channels_last(step: Step, value: Value) -> Value:
    """Return values with channels last that have them first."""
    axes = len(value.shape) - 1
    return value.transposed([*range(1, axes + 1), 0], step.name, step.operator)


def sides_of(
    step: Step,
    arguments: Arguments,
    value: Value,
    kernel: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
) -> list[int]:
    """Return the zeros before and behind each axis of a value with channels first."""
    rule = arguments.config.get("padding", "valid")
    if rule == "valid":
        return [0] * 2 * len(kernel)
    if rule != "same":
        raise step.refused(f"has padding={rule!r}", "use 'valid' or 'same'")
    pairs = [
        same_padding(size, k, by, apart, at_end=True)
        for size, k, by, apart in zip(value.shape[1:], kernel, stride, dilation, strict=True)
    ]
    return [side for pair in pairs for side in pair]
