"""Keras's pools."""

from __future__ import annotations

from collections.abc import Callable

from ...building import Step, Value
from .arguments import Arguments, sides_of


def _pool(*, largest: bool) -> Callable[[Step, Arguments], Value]:
    def handler(step: Step, arguments: Arguments) -> Value:
        value = arguments.images(step)
        axes = len(value.shape) - 1
        kernel = arguments.sizes(step, "pool_size", axes)
        has_strides = arguments.config.get("strides") is not None
        stride = arguments.sizes(step, "strides", axes) if has_strides else kernel
        sides = sides_of(step, arguments, value, kernel, stride, [1] * axes)
        if not largest and sides[::2] != sides[1::2]:
            arguments.differs_by_backend = True
        result = step.pooled(
            value,
            largest=largest,
            kernel=kernel,
            stride=stride,
            sides=sides,
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


HANDLERS: dict[str, Callable[[Step, Arguments], Value]] = {
    **dict.fromkeys(("MaxPooling2D", "MaxPooling1D"), _pool(largest=True)),
    **dict.fromkeys(("AveragePooling2D", "AveragePooling1D"), _pool(largest=False)),
    **dict.fromkeys(
        ("GlobalAveragePooling2D", "GlobalAveragePooling1D"), _global_pool(largest=False)
    ),
    **dict.fromkeys(("GlobalMaxPooling2D", "GlobalMaxPooling1D"), _global_pool(largest=True)),
}
