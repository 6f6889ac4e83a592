"""ONNX's sums, differences, products, quotients and concatenations."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from ..building import Step, Value
from .arguments import Arguments


def _add(step: Step, arguments: Arguments) -> Value:
    values = [each for each in arguments.inputs if isinstance(each, Value)]
    constants = [each for each in arguments.inputs if not isinstance(each, Value)]
    first = values[0]
    if len(values) > 1:
        first = step.builder.add(step.name, step.operator, values)
    return reduce(step.added, constants, first)


def _subtract(step: Step, arguments: Arguments) -> Value:
    return step.subtracted(*arguments.inputs)


def _multiply(step: Step, arguments: Arguments) -> Value:
    return step.multiplied(*arguments.inputs)


def _divide(step: Step, arguments: Arguments) -> Value:
    return step.divided(*arguments.inputs)


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
