"""Keras's layers with weights or factors."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ...building import Array, Step, Value
from .activations import activated
from .arguments import Arguments, channels_first, channels_last, sides_of


def _convolved(
    step: Step, arguments: Arguments, value: Value, weight: Array, bias: Array | None, groups: int
) -> Value:
    """Return a convolution of a value with channels first by (out, in / groups, ...)."""
    axes = weight.ndim - 2
    stride = arguments.sizes(step, "strides", axes)
    dilation = arguments.sizes(step, "dilation_rate", axes)
    sides = sides_of(step, arguments, value, weight.shape[2:], stride, dilation)
    return step.convolved(
        value, weight, bias, stride=stride, sides=sides, dilation=dilation, groups=groups
    )


def _images(step: Step, arguments: Arguments) -> tuple[Value, list[int]]:
    """Return what a convolution reads, with channels first, and the size of its kernels."""
    value = arguments.images(step)
    axes = 1 if step.operator.endswith("1D") else 2
    if len(value.shape) != axes + 1:
        raise step.refused(f"reads values of shape {value.shape}", "check the file")
    return value, arguments.sizes(step, "kernel_size", axes)


def _bias(step: Step, arguments: Arguments, place: int, size: int) -> Array | None:
    has_bias = arguments.config.get("use_bias", True)
    return arguments.array(step, place, [size]) if has_bias else None


def _finished(step: Step, arguments: Arguments, value: Value) -> Value:
    behind = Step(step.builder, f"{step.name}.activation", step.operator)
    return activated(behind, arguments, value, arguments.config.get("activation"))


def _kernels(kernel: Array) -> Array:
    """Return (out, in, ...) of (..., in, out)."""
    return np.moveaxis(kernel, [-1, -2], [0, 1])


def _depthwise_kernels(step: Step, arguments: Arguments, value: Value, size: list[int]) -> Array:
    """Return (in * multiplier, 1, ...), which Keras has as (..., in, multiplier)."""
    multiplier = arguments.number(step, "depth_multiplier", 1)
    kernel = arguments.array(step, 0, [*size, value.shape[0], multiplier])
    moved = np.moveaxis(kernel, [-2, -1], [0, 1])
    return moved.reshape(-1, 1, *moved.shape[2:])


def _conv(step: Step, arguments: Arguments) -> Value:
    value, size = _images(step, arguments)
    groups, filters = arguments.number(step, "groups", 1), arguments.number(step, "filters")
    if value.shape[0] % groups:
        raise step.refused(f"has {groups} groups of {value.shape[0]} channels", "check the file")
    kernel = arguments.array(step, 0, [*size, value.shape[0] // groups, filters])
    bias = _bias(step, arguments, 1, filters)
    result = _convolved(step, arguments, value, _kernels(kernel), bias, groups)
    return _finished(step, arguments, arguments.back(step, result))


def _depthwise(step: Step, arguments: Arguments) -> Value:
    value, size = _images(step, arguments)
    weight = _depthwise_kernels(step, arguments, value, size)
    bias = _bias(step, arguments, 1, len(weight))
    result = _convolved(step, arguments, value, weight, bias, value.shape[0])
    return _finished(step, arguments, arguments.back(step, result))


def _separable(step: Step, arguments: Arguments) -> Value:
    value, size = _images(step, arguments)
    kernels = _depthwise_kernels(step, arguments, value, size)
    first = _convolved(step, arguments, value, kernels, None, value.shape[0])
    filters, ones = arguments.number(step, "filters"), [1] * len(size)
    weight = _kernels(arguments.array(step, 1, [*ones, len(kernels), filters]))
    bias = _bias(step, arguments, 2, filters)
    result = step.convolved(
        first, weight, bias, stride=ones, sides=[0, 0] * len(ones), dilation=ones, groups=1
    )
    return _finished(step, arguments, arguments.back(step, result))


def _dense(step: Step, arguments: Arguments) -> Value:
    value, units = arguments.value(step), arguments.number(step, "units")
    kernel = arguments.array(step, 0, [value.shape[-1], units])
    bias = _bias(step, arguments, 1, units)
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


def _axis(step: Step, arguments: Arguments, value: Value) -> int | None:
    """Return the axis of a sample that has the channels, None where the batch's are one."""
    axis = arguments.config.get("axis", -1)
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    size = len(value.shape) + 1
    if axis is None:
        return None
    if not isinstance(axis, int) or not -size < axis < size or axis == 0:
        raise step.refused(
            f"has axis={str(axis)[:40]}", "normalize over the axis of the channels alone"
        )
    return axis % size - 1


def _batch_norm(step: Step, arguments: Arguments) -> Value:
    value, config = arguments.value(step), arguments.config
    axis = _axis(step, arguments, value)
    if axis is None:
        raise step.refused("has axis=None", "normalize over the axis of the channels alone")
    shape, places = [value.shape[axis]], iter(range(4))
    weight = arguments.array(step, next(places), shape) if config.get("scale", True) else None
    bias = arguments.array(step, next(places), shape) if config.get("center", True) else None
    mean, variance = (arguments.array(step, next(places), shape) for _ in range(2))
    return step.builder.batch_norm(
        step.name,
        step.operator,
        value,
        [weight, bias, mean, variance],
        float(config.get("epsilon", 1e-3)),
        axis=axis,
    )


def _rescaling(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    scale, offset = (
        np.asarray(arguments.config.get(name, default), dtype=np.float64)
        for name, default in (("scale", 1.0), ("offset", 0.0))
    )
    return step.builder.affine(step.name, step.operator, value, scale, offset)


def _normalization(step: Step, arguments: Arguments) -> Value:
    config, value = arguments.config, arguments.value(step)
    if config.get("invert"):
        raise step.refused("has invert=True", "leave it out")
    axis = _axis(step, arguments, value)
    count = 1 if axis is None else value.shape[axis]
    statistics = []
    for place, name in enumerate(("mean", "variance")):
        found = config.get(name)
        if found is None and place < len(arguments.weights):
            # Of a live model they have the axes of a batch.
            shape = arguments.weights[place].shape
            found = arguments.array(step, place, shape if math.prod(shape) == count else [count])
        statistics.append(np.asarray(found, dtype=np.float64))
    # How many samples were seen, and what its arguments say already.
    arguments.skip(*range(len(arguments.weights)))
    mean, variance = statistics
    wanted = [count if i == axis else 1 for i in range(len(value.shape))]
    # Keras's own least deviation.
    deviation = np.maximum(np.sqrt(variance), 1e-7)
    scale, shift = (
        np.broadcast_to(each.reshape(-1), count).reshape(wanted)
        for each in (1 / deviation, -mean / deviation)
    )
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
