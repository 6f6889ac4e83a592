"""ATen's sums, differences, products and quotients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..building import Array, Step, Value
from .layers import Arguments, as_array


def _pair(arguments: Arguments) -> tuple[Value | Array, Value | Array]:
    """Return both operands, the second one times ``alpha``."""
    first, second = (
        each if isinstance(each, Value) else as_array(each) for each in arguments.positional[:2]
    )
    return first, second


def _scaled(step: Step, arguments: Arguments, operand: Value | Array) -> Value | Array:
    alpha = arguments.keywords.get("alpha", 1)
    if alpha == 1:
        return operand
    return (
        step.multiplied(operand, as_array(alpha)) if isinstance(operand, Value) else alpha * operand
    )


def _add(step: Step, arguments: Arguments) -> Value:
    first, second = _pair(arguments)
    return step.added(first, _scaled(step, arguments, second))


def _subtract(step: Step, arguments: Arguments) -> Value:
    first, second = _pair(arguments)
    return step.subtracted(first, _scaled(step, arguments, second))


def _reverse_subtract(step: Step, arguments: Arguments) -> Value:
    first, second = _pair(arguments)
    return step.subtracted(second, _scaled(step, arguments, first))


def _multiply(step: Step, arguments: Arguments) -> Value:
    return step.multiplied(*_pair(arguments))


def _divide(step: Step, arguments: Arguments) -> Value:
    if arguments.keywords.get("rounding_mode") is not None:
        raise step.refused("rounds its result", "leave the rounding out")
    return step.divided(*_pair(arguments))


def _negative(step: Step, arguments: Arguments) -> Value:
    return step.multiplied(arguments.value(step), as_array(-1.0))


def _joined(step: Step, arguments: Arguments) -> Value:
    parts = [
        each if isinstance(each, Value) else as_array(each) for each in arguments.positional[0]
    ]
    axis = arguments.get(1, 0) % len(arguments.shape)
    if axis == 0:
        raise step.refused("joins samples of a batch", "join channels")
    return step.joined(parts, axis - 1)


HANDLERS: dict[str, Callable[[Step, Arguments], Any]] = {
    "add": _add,
    "sub": _subtract,
    "rsub": _reverse_subtract,
    "mul": _multiply,
    "div": _divide,
    "neg": _negative,
    "cat": _joined,
}
