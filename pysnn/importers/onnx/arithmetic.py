"""ONNX's sums, differences, products, quotients and concatenations."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from ..building import Step, Value
from .arguments import Arguments


def _add(step: Step, arguments: Arguments) -> Value:
    _check_legacy_axis(step, arguments)
    inputs = arguments.inputs
    if all(isinstance(each, Value) for each in inputs) and len(inputs) > 1:
        return step.builder.add(step.name, step.operator, list(inputs))
    result: Value = reduce(step.added, inputs)
    return result


def _subtract(step: Step, arguments: Arguments) -> Value:
    _check_legacy_axis(step, arguments)
    return step.subtracted(*arguments.inputs)


def _multiply(step: Step, arguments: Arguments) -> Value:
    _check_legacy_axis(step, arguments)
    return step.multiplied(*arguments.inputs)


def _divide(step: Step, arguments: Arguments) -> Value:
    _check_legacy_axis(step, arguments)
    return step.divided(*arguments.inputs)


def _check_legacy_axis(step: Step, arguments: Arguments) -> None:
    if "axis" in arguments.attributes:
        raise step.refused("broadcasts along an axis, as before opset 7", "convert it to opset 7")


def _negative(step: Step, arguments: Arguments) -> Value:
    return step.multiplied(arguments.value(step), np.asarray(-1.0))


def _joined(step: Step, arguments: Arguments) -> Value:
    first = next(each for each in arguments.inputs if isinstance(each, Value))
    axis = arguments.axis(step, first, int(arguments.attributes.get("axis", 1)))
    return step.joined(list(arguments.inputs), axis)


HANDLERS: dict[str, Callable[[Step, Arguments], Any]] = {
    "Add": _add,
    "Sum": _add,
    "Sub": _subtract,
    "Mul": _multiply,
    "Div": _divide,
    "Neg": _negative,
    "Concat": _joined,
}
