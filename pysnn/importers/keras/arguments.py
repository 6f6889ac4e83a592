"""What a call of a layer of Keras is given.

Values have Keras's own axes, (height, width, channels), as views of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..building import Array, Step, Value, same_padding
from .config import Layer


@dataclass(eq=False)
class Arguments:
    """What a call of a layer is given.

    Attributes:
        layer: The layer.
        inputs: Values, and numbers.
        weights: Its arrays.
        is_last: Whether the result is the model's output.
        dropped: Is set to the activation function that was left out.
        differs_by_backend: Is set where Keras's backends do not agree.
    """

    layer: Layer
    inputs: Sequence[Value | float]
    weights: Sequence[Array]
    is_last: bool
    dropped: str = field(default="")
    differs_by_backend: bool = field(default=False)

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

    def sizes(self, name: str, axes: int) -> list[int]:
        """Return one size per axis, of which Keras also takes one for all."""
        found = self.config.get(name, 1)
        return [int(found)] * axes if isinstance(found, int) else [int(each) for each in found]

    def array(self, step: Step, place: int) -> Array:
        """Return one of the layer's arrays."""
        if place >= len(self.weights):
            raise step.refused(
                f"has {len(self.weights)} arrays of weights, but needs more", "check the file"
            )
        return self.weights[place]

    def images(self, step: Step) -> Value:
        """Return the input with channels first."""
        return channels_first(step, self.value(step), self.is_channels_last)

    def back(self, step: Step, value: Value) -> Value:
        """Return a result with channels where the layer has them."""
        return channels_last(step, value) if self.is_channels_last else value


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
