"""Keras's layers with weights or factors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..building import Array, Step, Value
from .activations import activated
from .arguments import Arguments, channels_first, channels_last, sides_of


def _convolved(
    step: Step, arguments: Arguments, value: Value, weight: Array, bias: Array | None, groups: int
) -> Value:
    """Return a convolution of a value with channels first by (out, in / groups, ...)."""
    axes = weight.ndim - 2
    if len(value.shape) != axes + 1:
        raise step.refused(f"reads values of shape {value.shape}", "check the file")
    stride = arguments.sizes("strides", axes)
    dilation = arguments.sizes("dilation_rate", axes)
    sides = sides_of(step, arguments, value, weight.shape[2:], stride, dilation)
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
        channels_first(step, value, True),
        kernel.T.reshape(*kernel.T.shape, *ones),
        bias,
        stride=ones,
        sides=[0] * 2 * axes,
        dilation=ones,
        groups=1,
    )
    return _finished(step, arguments, channels_last(step, result))


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
    "Rescaling": _rescaling,
    "Normalization": _normalization,
}
