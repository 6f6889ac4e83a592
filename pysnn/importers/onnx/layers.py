"""ONNX's weighted layers, pools, norms and activation functions."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..building import Step, Value
from .arguments import Arguments


def _convolution(step: Step, arguments: Arguments) -> Value:
    weight = arguments.array(step, 1)
    assert weight is not None
    value = arguments.value(step)
    kernel = list(weight.shape[2:])
    if arguments.attributes.get("kernel_shape", kernel) != kernel:
        raise step.refused(
            f"has kernel_shape={arguments.attributes['kernel_shape']} and weights of shape "
            f"{weight.shape}",
            "check the file",
        )
    stride, sides, dilation = arguments.windows(step, value, kernel)
    return step.convolved(
        value,
        weight,
        arguments.array(step, 2),
        stride=stride,
        sides=sides,
        dilation=dilation,
        groups=int(arguments.attributes.get("group", 1)),
    )


def _gemm(step: Step, arguments: Arguments) -> Value:
    weight, bias = arguments.array(step, 1), arguments.array(step, 2)
    assert weight is not None
    attributes = arguments.attributes
    if attributes.get("transA", 0):
        raise step.refused("has transA=1", "keep the batch the first axis of all values")
    if weight.ndim != 2:
        raise step.refused(f"has weights of shape {weight.shape}", "check the file")
    weight = weight if attributes.get("transB", 0) else weight.T
    weight = _times(attributes.get("alpha", 1.0), weight)
    if bias is not None:
        bias = np.broadcast_to(
            _times(attributes.get("beta", 1.0), bias).reshape(-1), (len(weight),)
        )
    return step.builder.linear(step.name, step.operator, arguments.value(step), weight, bias)


def _times(factor: float, array: Any) -> Any:
    return array if factor == 1 else factor * array


def _matmul(step: Step, arguments: Arguments) -> Value:
    weight = arguments.array(step, 1)
    assert weight is not None
    if weight.ndim != 2:
        raise step.refused(f"has weights of shape {weight.shape}", "multiply by a matrix")
    return step.builder.linear(step.name, step.operator, arguments.value(step), weight.T)


def _batch_norm(step: Step, arguments: Arguments) -> Value:
    if arguments.attributes.get("training_mode", 0):
        raise step.refused("normalizes with statistics of the batch", "export it for inference")
    if not arguments.attributes.get("spatial", 1):
        raise step.refused("has statistics per pixel (spatial=0)", "use one number per channel")
    return step.builder.batch_norm(
        step.name,
        step.operator,
        arguments.value(step),
        [arguments.array(step, place) for place in range(1, 5)],
        float(arguments.attributes.get("epsilon", 1e-5)),
    )


def _relu(step: Step, arguments: Arguments) -> Value:
    return step.clipped(arguments.value(step), 0, None)


def _clip(step: Step, arguments: Arguments) -> Value:
    low, high = (arguments.number(step, name, i) for i, name in ((1, "min"), (2, "max")))
    return step.clipped(arguments.value(step), low, high)


def _pool_windows(
    step: Step, arguments: Arguments, value: Value, kernel: Sequence[int]
) -> tuple[list[int], list[int], list[int]]:
    """Return windows as `Arguments.windows` does, where all programs mean the same ones."""
    stride, sides, dilation = arguments.windows(step, value, kernel)
    rule = arguments.attributes.get("auto_pad", "NOTSET")
    covered = [
        (-(-n // by) - 1) * by + k for n, k, by in zip(value.shape[1:], kernel, stride, strict=True)
    ]
    in_doubt = max(dilation) > 1 or any(map(operator.lt, covered, value.shape[1:]))
    if rule.startswith("SAME") and in_doubt:
        raise step.refused(
            f"has auto_pad={rule!r}, kernel_shape={kernel}, strides={stride} and "
            f"dilations={dilation}, of which programs make different windows",
            "give pads",
        )
    return stride, sides, dilation


def _max_pool(step: Step, arguments: Arguments) -> tuple[Value, None]:
    value = arguments.value(step)
    kernel = [int(each) for each in arguments.attributes.get("kernel_shape", ())]
    stride, sides, dilation = _pool_windows(step, arguments, value, kernel)
    result = step.pooled(
        value,
        largest=True,
        kernel=kernel,
        stride=stride,
        sides=sides,
        dilation=dilation,
        ceil_mode=bool(arguments.attributes.get("ceil_mode", 0)),
    )
    return result, None


def _average_pool(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    kernel = [int(each) for each in arguments.attributes.get("kernel_shape", ())]
    stride, sides, dilation = _pool_windows(step, arguments, value, kernel)
    return step.pooled(
        value,
        largest=False,
        kernel=kernel,
        stride=stride,
        sides=sides,
        dilation=dilation,
        ceil_mode=bool(arguments.attributes.get("ceil_mode", 0)),
        count_include_pad=bool(arguments.attributes.get("count_include_pad", 0)),
    )


def _global_pool(*, largest: bool) -> Callable[[Step, Arguments], Value]:
    def handler(step: Step, arguments: Arguments) -> Value:
        value = arguments.value(step)
        axes = range(1, len(value.shape))
        return step.pooled_over(value, axes, largest=largest, keep=True)

    return handler


def _reduced(*, largest: bool) -> Callable[[Step, Arguments], Value]:
    def handler(step: Step, arguments: Arguments) -> Value:
        value = arguments.value(step)
        given = arguments.ints(step, "axes", 1)
        axes = [arguments.axis(step, value, axis) for axis in given or [0]]
        keep = bool(arguments.attributes.get("keepdims", 1))
        return step.pooled_over(value, axes, largest=largest, keep=keep)

    return handler


def _summed(step: Step, arguments: Arguments) -> Value:
    mean = _reduced(largest=False)(step, arguments)
    size = math.prod(arguments.value(step).shape) / math.prod(mean.shape)
    return step.multiplied(mean, np.asarray(size))


def _largest(step: Step, arguments: Arguments) -> Value:
    values = [each for each in arguments.inputs if isinstance(each, Value)]
    constants = [np.asarray(each) for each in arguments.inputs if not isinstance(each, Value)]
    if len(values) != 1 or any(each.any() for each in constants):
        raise step.refused("is the largest of several values", "use a Relu, which is Max(x, 0)")
    return step.clipped(values[0], 0 if constants else None, None)


HANDLERS: dict[str, Callable[[Step, Arguments], Any]] = {
    "Conv": _convolution,
    "Gemm": _gemm,
    "MatMul": _matmul,
    "BatchNormalization": _batch_norm,
    "Relu": _relu,
    "Clip": _clip,
    "MaxPool": _max_pool,
    "AveragePool": _average_pool,
    "GlobalAveragePool": _global_pool(largest=False),
    "GlobalMaxPool": _global_pool(largest=True),
    "ReduceMean": _reduced(largest=False),
    "ReduceMax": _reduced(largest=True),
    "ReduceSum": _summed,
    "Max": _largest,
}
