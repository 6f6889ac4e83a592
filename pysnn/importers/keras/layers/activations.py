"""Activation functions of Keras, as layers and within others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...building import Step, Value
from ..config import kind_of
from .arguments import Arguments

AT_END = ("softmax", "log_softmax", "sigmoid")
"""Activation functions that change no prediction where they are the last."""

_WITH_RELU = "replace it by a ReLU and train again"


def activated(step: Step, arguments: Arguments, value: Value, function: Any) -> Value:
    """Return a value behind an activation function by name."""
    name = function
    if isinstance(function, dict):
        kind, config = kind_of(function), function.get("config")
        name = config if kind == "builtins.function" else kind
        if kind == "ReLU" and isinstance(config, dict):
            return _relu_of(step, value, config)
    name = None if name is None else str(name)[:100].lower()
    if name in (None, "linear"):
        return value
    if name == "relu":
        return step.builder.relu(step.name, step.operator, value)
    if name == "relu6":
        return step.builder.relu(step.name, step.operator, value, max=6.0)
    if name in AT_END and arguments.is_last:
        axis = arguments.config.get("axis", -1) if step.operator == "Softmax" else -1
        if axis not in (-1, len(value.shape)):
            raise step.refused(f"has axis={str(axis)[:40]}", "put the classes last")
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


def _activation(step: Step, arguments: Arguments) -> Value:
    return activated(
        step, arguments, arguments.value(step), arguments.config.get("activation", "linear")
    )


def _relu(step: Step, arguments: Arguments) -> Value:
    return _relu_of(step, arguments.value(step), arguments.config)


def _softmax(step: Step, arguments: Arguments) -> Value:
    return activated(step, arguments, arguments.value(step), "softmax")


HANDLERS: dict[str, Callable[[Step, Arguments], Value]] = {
    "Activation": _activation,
    "ReLU": _relu,
    "Softmax": _softmax,
    "ops.Relu": lambda step, arguments: activated(step, arguments, arguments.value(step), "relu"),
    "ops.Relu6": lambda step, arguments: activated(step, arguments, arguments.value(step), "relu6"),
}
