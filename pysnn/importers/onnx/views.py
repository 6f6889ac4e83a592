"""ONNX's operators that only lay numbers out anew."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..building import Array, Step, Value
from .arguments import FLOATS, Arguments

_PER_SAMPLE = "keep the batch the first axis of all values"
_TO_THE_END = (1 << 31) - 1  # as exporters write it


def _reshaped(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    wanted = arguments.ints(step, "shape", 1)
    assert wanted is not None
    given = [arguments.batch, *value.shape]
    if not arguments.attributes.get("allowzero", 0):
        wanted = [
            given[i] if size == 0 and i < len(given) else size for i, size in enumerate(wanted)
        ]
    rest = math.prod(size for size in wanted if size != -1)
    if wanted.count(-1) == 1 and rest > 0:
        wanted = [math.prod(given) // rest if size == -1 else size for size in wanted]
    return _in_shape(step, arguments, value, wanted)


def _in_shape(step: Step, arguments: Arguments, value: Value, shape: list[int]) -> Value:
    per_sample = shape[:1] == [arguments.batch] and min(shape) > 0
    if not per_sample or math.prod(shape[1:]) != math.prod(value.shape):
        raise step.refused(
            f"makes {shape} of {[arguments.batch, *value.shape]}, which moves numbers between "
            f"samples of the batch",
            _PER_SAMPLE,
        )
    return value.reshaped(shape[1:], step.name, step.operator)


def _flattened(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    axis = int(arguments.attributes.get("axis", 1))
    if axis % (len(value.shape) + 1) != 1:
        raise step.refused(f"has axis={axis}", _PER_SAMPLE)
    return value.reshaped((math.prod(value.shape),), step.name, step.operator)


def _transposed(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    rank = len(value.shape) + 1
    axes = [int(axis) % rank for axis in arguments.attributes.get("perm", range(rank)[::-1])]
    if axes[0] != 0 or sorted(axes) != list(range(rank)):
        raise step.refused(f"has perm={axes}, which moves the axis of the batch", _PER_SAMPLE)
    return value.transposed([axis - 1 for axis in axes[1:]], step.name, step.operator)


def _squeezed(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    given = arguments.ints(step, "axes", 1)
    if given is None:
        axes = [i for i, size in enumerate(value.shape) if size == 1]
    else:
        axes = [arguments.axis(step, value, axis) for axis in given]
    if any(value.shape[axis] != 1 for axis in axes):
        raise step.refused(f"has the axes {given} of {value.shape}", "check the file")
    shape = [size for i, size in enumerate(value.shape) if i not in axes]
    return value.reshaped(shape, step.name, step.operator)


def _unsqueezed(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    axes = arguments.ints(step, "axes", 1) or []
    rank = len(value.shape) + 1 + len(axes)
    places = {axis % rank for axis in axes}
    if 0 in places:
        raise step.refused("moves the axis of the batch", _PER_SAMPLE)
    sizes = iter(value.shape)
    shape = [1 if i in places else next(sizes) for i in range(1, rank)]
    return value.reshaped(shape, step.name, step.operator)


def _sliced(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    starts, ends = arguments.ints(step, "starts", 1), arguments.ints(step, "ends", 2)
    assert starts is not None
    assert ends is not None
    axes = arguments.ints(step, "axes", 3) or list(range(len(starts)))
    steps = arguments.ints(step, "steps", 4) or [1] * len(starts)
    if len({axis % (len(value.shape) + 1) for axis in axes}) != len(axes):
        raise step.refused(f"has axes={axes}, one of them twice", "check the file")
    for start, end, axis, by in zip(starts, ends, axes, steps, strict=True):
        if by < 1:
            raise step.refused(f"has steps={steps}", "slice forwards")
        everything = _TO_THE_END if arguments.is_batch_open else arguments.batch
        if axis % (len(value.shape) + 1) == 0 and start == 0 and by == 1 and end >= everything:
            continue
        place = arguments.axis(step, value, axis)
        value = _along(step, value, place, slice(start, end, by))
    if 0 in value.shape:
        raise step.refused("leaves nothing over", "check the file")
    return value


def _along(step: Step, value: Value, axis: int, part: Any) -> Value:
    parts = [part if i == axis else slice(None) for i in range(len(value.shape))]
    return value.sliced(parts, step.name, step.operator)


def _gathered(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    indices = arguments.array(step, 1)
    assert indices is not None
    axis = arguments.axis(step, value, int(arguments.attributes.get("axis", 0)))
    size = value.shape[axis]
    if indices.ndim > 1 or (indices >= size).any() or (indices < -size).any():
        raise step.refused(
            f"has indices of shape {indices.shape} for {size} elements", "check the file"
        )
    part = _along(step, value, axis, np.atleast_1d(indices).astype(np.int64) % size)
    if indices.ndim:
        return part
    shape = [n for i, n in enumerate(value.shape) if i != axis]
    return part.reshaped(shape, step.name, step.operator)


def _split(step: Step, arguments: Arguments) -> list[Value]:
    value = arguments.value(step)
    axis = arguments.axis(step, value, int(arguments.attributes.get("axis", 0)))
    size = value.shape[axis]
    sizes = arguments.ints(step, "split", 1)
    if sizes is None:
        each = -(-size // arguments.num_outputs)
        sizes = [min(each, size - i) for i in range(0, size, each)]
    if sum(sizes) != size or min(sizes) < 1:
        raise step.refused(f"splits {size} into {sizes}", "check the file")
    ends = np.cumsum(sizes).tolist()
    return [
        _along(step, value, axis, slice(end - n, end)) for n, end in zip(sizes, ends, strict=True)
    ]


def _padded(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    mode = arguments.attributes.get("mode", "constant")
    filler = arguments.number(step, "value", 2)
    if mode != "constant" or filler:
        raise step.refused(f"pads by {mode} with {filler}", "pad with zeros")
    pads = arguments.ints(step, "pads", 1)
    assert pads is not None
    rank = len(value.shape) + 1
    axes = arguments.ints(step, "axes", 3) or list(range(rank))
    widths = [(0, 0)] * rank
    for i, axis in enumerate(axes):
        widths[axis % rank] = (pads[i], pads[i + len(axes)])
    if any(widths[0]):
        raise step.refused("pads the batch", _PER_SAMPLE)
    return step.padded(value, widths[1:])


def _expanded(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    wanted = arguments.ints(step, "shape", 1) or []
    given = [arguments.batch, *value.shape]
    if np.broadcast_shapes(tuple(wanted), tuple(given)) != tuple(given):
        raise step.refused("repeats values along an axis", "leave it out")
    return value


def _same(step: Step, arguments: Arguments) -> Value:
    return arguments.value(step)


def _cast(step: Step, arguments: Arguments) -> Value:
    if arguments.attributes["to"] not in FLOATS:
        raise step.refused("rounds values to whole numbers", "leave it out")
    return arguments.value(step)


def _dropout(step: Step, arguments: Arguments) -> tuple[Value, None]:
    training = arguments.array(step, 2)
    if training is not None and training.any():
        raise step.refused("drops values at random", "export it for inference")
    return arguments.value(step), None


def _shape(step: Step, arguments: Arguments) -> Array:
    sizes = [arguments.batch, *arguments.value(step).shape]
    start = arguments.attributes.get("start", 0)
    return np.array(sizes[start : arguments.attributes.get("end")], dtype=np.int64)


HANDLERS: dict[str, Callable[[Step, Arguments], Any]] = {
    "Reshape": _reshaped,
    "Flatten": _flattened,
    "Transpose": _transposed,
    "Squeeze": _squeezed,
    "Unsqueeze": _unsqueezed,
    "Slice": _sliced,
    "Gather": _gathered,
    "Split": _split,
    "Pad": _padded,
    "Expand": _expanded,
    "Identity": _same,
    "Cast": _cast,
    "Dropout": _dropout,
    "Shape": _shape,
}
