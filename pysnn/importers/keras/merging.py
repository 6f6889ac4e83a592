"""Keras's sums, differences, means and concatenations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..building import Array, Step, Value
from .arguments import Arguments


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


HANDLERS: dict[str, Callable[[Step, Arguments], Value]] = {
    "Add": _add,
    "Subtract": _subtract,
    "Average": _average,
    "Multiply": _multiply,
    "Concatenate": _concatenate,
}
