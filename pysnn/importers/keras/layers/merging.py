"""Keras's sums, differences, means and concatenations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...building import Array, Step, Value
from .arguments import Arguments


def _add(step: Step, arguments: Arguments) -> Value:
    parts = arguments.inputs
    values = [each for each in parts if isinstance(each, Value)]
    if len(values) == len(parts) and len(parts) > 1:
        return step.builder.add(step.name, step.operator, values)
    if len(parts) != 2:
        raise step.refused(f"has {len(parts)} inputs", "add two or more values")
    return step.added(*parts)


def _two(step: Step, arguments: Arguments) -> tuple[Value | Array, Value | Array]:
    if len(arguments.inputs) != 2:
        raise step.refused(f"has {len(arguments.inputs)} inputs", "give it two")
    first, second = arguments.inputs
    return first, second


def _subtract(step: Step, arguments: Arguments) -> Value:
    return step.subtracted(*_two(step, arguments))


def _average(step: Step, arguments: Arguments) -> Value:
    return step.multiplied(_add(step, arguments), np.asarray(1 / len(arguments.inputs)))


def _multiply(step: Step, arguments: Arguments) -> Value:
    return step.multiplied(*_two(step, arguments))


def _divide(step: Step, arguments: Arguments) -> Value:
    return step.divided(*_two(step, arguments))


def _concatenate(step: Step, arguments: Arguments) -> Value:
    values = [each for each in arguments.inputs if isinstance(each, Value)]
    axis, size = arguments.config.get("axis", -1), len(values[0].shape) + 1
    if type(axis) is not int or not -size < axis < size or axis == 0:
        raise step.refused(f"has axis={str(axis)[:40]}", "join channels")
    if len(values) != len(arguments.inputs):
        raise step.refused("joins values with constants", "leave them out")
    return step.joined(values, axis % size - 1)


HANDLERS: dict[str, Callable[[Step, Arguments], Value]] = {
    "Add": _add,
    "Subtract": _subtract,
    "Average": _average,
    "Multiply": _multiply,
    "Concatenate": _concatenate,
    "ops.Add": _add,
    "ops.Subtract": _subtract,
    "ops.Multiply": _multiply,
    "ops.TrueDivide": _divide,
    "ops.Divide": _divide,
    "ops.Concatenate": _concatenate,
}
