"""What each kind of layer of Keras becomes.

Values have Keras's own axes, (height, width, channels), as views of ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..building import Array, Step, Value, same_padding
from .config import Layer

AT_END = ("softmax", "log_softmax", "sigmoid")
"""Activation functions that change no prediction where they are the last."""

_WITH_RELU = "replace it by a ReLU and train again"


@dataclass(eq=False)
class Arguments:
    """What a call of a layer is given.

    Attributes:
        layer: The layer.
        inputs: Values, and numbers.
        weights: Its arrays.
        is_last: Whether the result is the model's output.
        dropped: Is set to the activation function that was left out.
    """

    layer: Layer
    inputs: Sequence[Value | float]
    weights: Sequence[Array]
    is_last: bool
    dropped: str = field(default="")

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
        return _channels_first(step, self.value(step), self.is_channels_last)

    def back(self, step: Step, value: Value) -> Value:
        """Return a result with channels where the layer has them."""
        return _channels_last(step, value) if self.is_channels_last else value


def _channels_first(step: Step, value: Value, is_last: bool) -> Value:
    axes = len(value.shape) - 1
    if not is_last or axes == 0:
        return value
    return value.transposed([axes, *range(axes)], step.name, step.operator)


def _channels_last(step: Step, value: Value) -> Value:
    axes = len(value.shape) - 1
    return value.transposed([*range(1, axes + 1), 0], step.name, step.operator)


def activated(step: Step, arguments: Arguments, value: Value, function: Any) -> Value:
    """Return a value behind an activation function by name."""
    name = function
    if isinstance(function, dict):
        config = function.get("config")
        name = config if isinstance(config, str) else function.get("class_name")
        if name == "ReLU" and isinstance(config, dict):
            return _relu_of(step, value, config)
    name = None if name is None else str(name).lower()
    if name in (None, "linear"):
        return value
    if name == "relu":
        return step.builder.relu(step.name, step.operator, value)
    if name == "relu6":
        return step.builder.relu(step.name, step.operator, value, max=6.0)
    if name in AT_END and arguments.is_last:
        arguments.dropped = name or ""
        return value
    raise step.refused(f"has the activation {name!r}", _WITH_RELU)


def _relu_of(step: Step, value: Value, config: Any) -> Value:
    if config.get("negative_slope") or config.get("threshold"):
        raise step.refused(
            f"has negative_slope={config.get('negative_slope')} and "
            f"threshold={config.get('threshold')}",
            _WITH_RELU,
        )
    limit = config.get("max_value")
    return step.clipped(value, 0, None if limit is None else float(limit))


def _sides(
    step: Step,
    arguments: Arguments,
    value: Value,
    kernel: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
) -> list[int]:
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


def _convolved(
    step: Step, arguments: Arguments, value: Value, weight: Array, bias: Array | None, groups: int
) -> Value:
    """Return a convolution of a value with channels first by (out, in / groups, ...)."""
    axes = weight.ndim - 2
    if len(value.shape) != axes + 1:
        raise step.refused(f"reads values of shape {value.shape}", "check the file")
    stride = arguments.sizes("strides", axes)
    dilation = arguments.sizes("dilation_rate", axes)
    sides = _sides(step, arguments, value, weight.shape[2:], stride, dilation)
    return step.convolved(
        value, weight, bias, stride=stride, sides=sides, dilation=dilation, groups=groups
    )


def _bias(step: Step, arguments: Arguments, place: int) -> Array | None:
    return arguments.array(step, place) if arguments.config.get("use_bias", True) else None


def _finished(step: Step, arguments: Arguments, value: Value) -> Value:
    behind = Step(step.builder, f"{step.name}.activation", step.operator)
    return activated(behind, arguments, value, arguments.config.get("activation"))


def _kernels(kernel: Array) -> Array:
    """Return (out, in, ...) of (..., in, out)."""
    return np.moveaxis(kernel, [-1, -2], [0, 1])


def _depthwise_kernels(kernel: Array) -> Array:
    """Return (in * multiplier, 1, ...) of (..., in, multiplier)."""
    moved = np.moveaxis(kernel, [-2, -1], [0, 1])
    return moved.reshape(-1, 1, *moved.shape[2:])


def _conv(step: Step, arguments: Arguments) -> Value:
    value, weight = arguments.images(step), _kernels(arguments.array(step, 0))
    groups = int(arguments.config.get("groups", 1))
    result = _convolved(step, arguments, value, weight, _bias(step, arguments, 1), groups)
    return _finished(step, arguments, arguments.back(step, result))


def _depthwise(step: Step, arguments: Arguments) -> Value:
    value, kernel = arguments.images(step), arguments.array(step, 0)
    weight = _depthwise_kernels(kernel)
    result = _convolved(step, arguments, value, weight, _bias(step, arguments, 1), kernel.shape[-2])
    return _finished(step, arguments, arguments.back(step, result))


def _separable(step: Step, arguments: Arguments) -> Value:
    value, kernel = arguments.images(step), arguments.array(step, 0)
    first = _convolved(step, arguments, value, _depthwise_kernels(kernel), None, kernel.shape[-2])
    weight = _kernels(arguments.array(step, 1))
    ones = [1] * (weight.ndim - 2)
    result = step.convolved(
        first,
        weight,
        _bias(step, arguments, 2),
        stride=ones,
        sides=[0] * 2 * len(ones),
        dilation=ones,
        groups=1,
    )
    return _finished(step, arguments, arguments.back(step, result))


def _dense(step: Step, arguments: Arguments) -> Value:
    value, kernel = arguments.value(step), arguments.array(step, 0)
    bias = _bias(step, arguments, 1)
    if len(value.shape) == 1:
        result = step.builder.linear(step.name, step.operator, value, kernel.T, bias)
        return _finished(step, arguments, result)
    # Along the last axis, which has the channels: a convolution of one pixel.
    axes = len(value.shape) - 1
    ones = [1] * axes
    result = step.convolved(
        _channels_first(step, value, True),
        kernel.T.reshape(*kernel.T.shape, *ones),
        bias,
        stride=ones,
        sides=[0] * 2 * axes,
        dilation=ones,
        groups=1,
    )
    return _finished(step, arguments, _channels_last(step, result))


def _batch_norm(step: Step, arguments: Arguments) -> Value:
    value, config = arguments.value(step), arguments.config
    axis = config.get("axis", -1)
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    if not isinstance(axis, int) or axis == 0:
        raise step.refused(f"has axis={axis}", "normalize over the axis of the channels")
    places = iter(range(4))
    weight = arguments.array(step, next(places)) if config.get("scale", True) else None
    bias = arguments.array(step, next(places)) if config.get("center", True) else None
    mean, variance = (arguments.array(step, next(places)) for _ in range(2))
    return step.builder.batch_norm(
        step.name,
        step.operator,
        value,
        [weight, bias, mean, variance],
        float(config.get("epsilon", 1e-3)),
        axis=axis % (len(value.shape) + 1) - 1,
    )


def _activation(step: Step, arguments: Arguments) -> Value:
    return activated(
        step, arguments, arguments.value(step), arguments.config.get("activation", "linear")
    )


def _relu(step: Step, arguments: Arguments) -> Value:
    return _relu_of(step, arguments.value(step), arguments.config)


def _softmax(step: Step, arguments: Arguments) -> Value:
    return activated(step, arguments, arguments.value(step), "softmax")


def _pool(*, largest: bool) -> Callable[[Step, Arguments], Value]:
    def handler(step: Step, arguments: Arguments) -> Value:
        value = arguments.images(step)
        axes = len(value.shape) - 1
        kernel = arguments.sizes("pool_size", axes)
        stride = (
            kernel if arguments.config.get("strides") is None else arguments.sizes("strides", axes)
        )
        result = step.pooled(
            value,
            largest=largest,
            kernel=kernel,
            stride=stride,
            sides=_sides(step, arguments, value, kernel, stride, [1] * axes),
            count_include_pad=False,
        )
        return arguments.back(step, result)

    return handler


def _global_pool(*, largest: bool) -> Callable[[Step, Arguments], Value]:
    def handler(step: Step, arguments: Arguments) -> Value:
        value = arguments.images(step)
        keep = bool(arguments.config.get("keepdims", False))
        result = step.pooled_over(value, range(1, len(value.shape)), largest=largest, keep=keep)
        return arguments.back(step, result) if keep else result

    return handler


def _borders(step: Step, arguments: Arguments, name: str, sign: int) -> Value:
    value = arguments.images(step)
    axes = len(value.shape) - 1
    given = arguments.config.get(name, 1)
    if isinstance(given, int):
        given = [given] * axes
    # One axis has its two sides alone.
    if axes == 1 and len(given) == 2:
        given = [given]
    pairs = [(each, each) if isinstance(each, int) else tuple(each) for each in given]
    widths = [(0, 0), *((sign * before, sign * after) for before, after in pairs)]
    return arguments.back(step, step.padded(value, widths))


def _padded(step: Step, arguments: Arguments) -> Value:
    return _borders(step, arguments, "padding", 1)


def _cropped(step: Step, arguments: Arguments) -> Value:
    return _borders(step, arguments, "cropping", -1)


def _flatten(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    # Which Keras lays out with channels last, whatever they were.
    if not arguments.is_channels_last and len(value.shape) > 1:
        value = _channels_last(step, value)
    return value.reshaped((math.prod(value.shape),), step.name, step.operator)


def _reshape(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    shape = [int(n) for n in arguments.config["target_shape"]]
    if shape.count(-1) == 1:
        rest = math.prod(n for n in shape if n != -1)
        shape = [math.prod(value.shape) // max(rest, 1) if n == -1 else n for n in shape]
    if math.prod(shape) != math.prod(value.shape):
        raise step.refused(f"makes {shape} of {value.shape}", "check the file")
    return value.reshaped(shape, step.name, step.operator)


def _permute(step: Step, arguments: Arguments) -> Value:
    axes = [int(axis) - 1 for axis in arguments.config["dims"]]
    value = arguments.value(step)
    if sorted(axes) != list(range(len(value.shape))):
        raise step.refused(f"has dims={arguments.config['dims']}", "check the file")
    return value.transposed(axes, step.name, step.operator)


def _same(step: Step, arguments: Arguments) -> Value:
    return arguments.value(step)


def _operands(arguments: Arguments) -> list[Value | Array]:
    return [each if isinstance(each, Value) else np.asarray(each) for each in arguments.inputs]


def _add(step: Step, arguments: Arguments) -> Value:
    parts = _operands(arguments)
    values = [each for each in parts if isinstance(each, Value)]
    if len(values) == len(parts) and len(parts) > 1:
        return step.builder.add(step.name, step.operator, values)
    if len(parts) != 2:
        raise step.refused(f"has {len(parts)} inputs", "add two or more values")
    return step.added(*parts)


def _subtract(step: Step, arguments: Arguments) -> Value:
    return step.subtracted(*_operands(arguments))


def _average(step: Step, arguments: Arguments) -> Value:
    return step.multiplied(_add(step, arguments), np.asarray(1 / len(arguments.inputs)))


def _multiply(step: Step, arguments: Arguments) -> Value:
    return step.multiplied(*_operands(arguments)[:2])


def _concatenate(step: Step, arguments: Arguments) -> Value:
    values = [each for each in arguments.inputs if isinstance(each, Value)]
    axis = int(arguments.config.get("axis", -1))
    if axis == 0:
        raise step.refused("joins samples of a batch", "join channels")
    return step.joined(values, axis % (len(values[0].shape) + 1) - 1)


def _rescaling(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    scale, offset = (
        np.asarray(arguments.config.get(name, default), dtype=np.float64)
        for name, default in (("scale", 1.0), ("offset", 0.0))
    )
    return step.builder.affine(step.name, step.operator, value, scale, offset)


def _normalization(step: Step, arguments: Arguments) -> Value:
    config = arguments.config
    if config.get("invert"):
        raise step.refused("has invert=True", "leave it out")
    given = [config.get("mean"), config.get("variance")]
    mean, variance = (
        np.asarray(arguments.array(step, i) if each is None else each, dtype=np.float64)
        for i, each in enumerate(given)
    )
    value = arguments.value(step)
    axis = config.get("axis", -1)
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    if axis is not None and not isinstance(axis, int):
        raise step.refused(f"has axis={axis}", "normalize over the axis of the channels")
    shape = [1] * len(value.shape)
    if axis is not None and mean.size > 1:
        shape[axis % (len(value.shape) + 1) - 1] = -1
    # Keras's own least deviation.
    deviation = np.maximum(np.sqrt(variance), 1e-7)
    scale, shift = (1 / deviation).reshape(shape), (-mean / deviation).reshape(shape)
    return step.builder.affine(step.name, step.operator, value, scale, shift)


HANDLERS: dict[str, Callable[[Step, Arguments], Value]] = {
    **dict.fromkeys(("Conv2D", "Conv1D"), _conv),
    **dict.fromkeys(("DepthwiseConv2D", "DepthwiseConv1D"), _depthwise),
    **dict.fromkeys(("SeparableConv2D", "SeparableConv1D"), _separable),
    "Dense": _dense,
    "BatchNormalization": _batch_norm,
    "Activation": _activation,
    "ReLU": _relu,
    "Softmax": _softmax,
    **dict.fromkeys(("MaxPooling2D", "MaxPooling1D"), _pool(largest=True)),
    **dict.fromkeys(("AveragePooling2D", "AveragePooling1D"), _pool(largest=False)),
    **dict.fromkeys(
        ("GlobalAveragePooling2D", "GlobalAveragePooling1D"), _global_pool(largest=False)
    ),
    **dict.fromkeys(("GlobalMaxPooling2D", "GlobalMaxPooling1D"), _global_pool(largest=True)),
    **dict.fromkeys(("ZeroPadding2D", "ZeroPadding1D"), _padded),
    **dict.fromkeys(("Cropping2D", "Cropping1D"), _cropped),
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Permute": _permute,
    **dict.fromkeys(
        (
            *("Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianNoise", "Identity"),
            *("GaussianDropout", "AlphaDropout", "ActivityRegularization"),
        ),
        _same,
    ),
    "Add": _add,
    "Subtract": _subtract,
    "Average": _average,
    "Multiply": _multiply,
    "Concatenate": _concatenate,
    "Rescaling": _rescaling,
    "Normalization": _normalization,
}
