"""ATen's operators that only lay numbers out anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..building import Step, Value
from .layers import Arguments, as_array

_PER_SAMPLE = "keep the batch the first axis of all values"


def _reshaped(step: Step, arguments: Arguments) -> Value:
    """Return the shape that the result has in torch."""
    value = arguments.value(step)
    shape = list(arguments.shape[1:])
    if int(np.prod(shape)) != int(np.prod(value.shape)):
        raise step.refused(
            "moves numbers between samples of the batch, or between positions as a Linear on "
            "values of several axes does",
            "keep the batch the first axis; flatten in front of a Linear, or use a convolution of "
            "one pixel",
        )
    return value.reshaped(shape, step.name, step.operator)


def _same(step: Step, arguments: Arguments) -> Value:
    return arguments.value(step)


def _converted(step: Step, arguments: Arguments) -> Value:
    dtype = arguments.keywords.get("dtype")
    if dtype not in (None, arguments.torch.float32, arguments.torch.float64):
        raise step.refused(f"rounds to {str(dtype).removeprefix('torch.')}", "keep float32")
    return arguments.value(step)


def _expanded(step: Step, arguments: Arguments) -> Value:
    """Return values repeated along axes of size 1."""
    value = arguments.value(step)
    shape = tuple(arguments.shape[1:])
    if len(shape) != len(value.shape):
        raise step.refused("repeats the batch", _PER_SAMPLE)
    return value.viewed(
        np.ascontiguousarray(np.broadcast_to(value.places, shape)), step.name, step.operator
    )


def _repeated(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    times = arguments.positional[1]
    if len(times) != len(value.shape) + 1 or times[0] != 1:
        raise step.refused("repeats the batch", _PER_SAMPLE)
    return value.viewed(np.tile(value.places, times[1:]), step.name, step.operator)


def _permuted(step: Step, arguments: Arguments) -> Value:
    rank = len(arguments.shape)
    return _by_axes(step, arguments, [axis % rank for axis in arguments.positional[1]])


def _transposed(step: Step, arguments: Arguments) -> Value:
    axes = list(range(len(arguments.shape)))
    first, second = (axis % len(axes) for axis in arguments.positional[1:3])
    axes[first], axes[second] = axes[second], axes[first]
    return _by_axes(step, arguments, axes)


def _by_axes(step: Step, arguments: Arguments, axes: Sequence[int]) -> Value:
    if axes[0] != 0:
        raise step.refused("moves the axis of the batch", _PER_SAMPLE)
    return arguments.value(step).transposed(
        [axis - 1 for axis in axes[1:]], step.name, step.operator
    )


def _axis(step: Step, value: Value, axis: int) -> int:
    """Return an axis of a sample for one of a batch."""
    found = axis % (len(value.shape) + 1)
    if found == 0:
        raise step.refused("takes samples out of the batch", _PER_SAMPLE)
    return found - 1


def _sliced(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    start, end, by = arguments.get(2), arguments.get(3), arguments.get(4, 1)
    rank = len(value.shape) + 1
    if arguments.get(1, 0) % rank == 0 and not start and by == 1:
        # torch writes x[:] as a slice of the batch, too.
        return value
    axis = _axis(step, value, arguments.get(1, 0))
    return _along(step, value, axis, slice(start, end, by))


def _along(step: Step, value: Value, axis: int, part: Any) -> Value:
    parts = [part if i == axis else slice(None) for i in range(len(value.shape))]
    return value.sliced(parts, step.name, step.operator)


def _selected(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    axis = _axis(step, value, arguments.positional[1])
    index = arguments.positional[2] % value.shape[axis]
    part = _along(step, value, axis, slice(index, index + 1))
    shape = [n for i, n in enumerate(value.shape) if i != axis]
    return part.reshaped(shape, step.name, step.operator)


def _index_selected(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    indices = arguments.array(step, 2)
    assert indices is not None
    axis = _axis(step, value, arguments.positional[1])
    return _along(step, value, axis, indices.astype(np.int64) % value.shape[axis])


def _indexed(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    places = [i for i, each in enumerate(arguments.positional[1]) if each is not None]
    if len(places) != 1 or isinstance(arguments.positional[1][places[0]], Value):
        raise step.refused(
            "indexes by several tensors, or by one that depends on the input",
            "index one axis by constants",
        )
    indices = as_array(arguments.positional[1][places[0]])
    axis = _axis(step, value, places[0])
    if indices.ndim != 1 or indices.dtype.kind not in "iu":
        raise step.refused("indexes by a mask or by several axes", "index one axis by integers")
    return _along(step, value, axis, indices.astype(np.int64) % value.shape[axis])


def _split(step: Step, arguments: Arguments) -> list[Value]:
    value = arguments.value(step)
    axis = _axis(step, value, arguments.get(2, 0))
    sizes = arguments.positional[1]
    if isinstance(sizes, int):
        sizes = [min(sizes, value.shape[axis] - i) for i in range(0, value.shape[axis], sizes)]
    ends = np.cumsum(sizes).tolist()
    return [
        _along(step, value, axis, slice(end - size, end))
        for size, end in zip(sizes, ends, strict=True)
    ]


def _flipped(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    for axis in arguments.positional[1]:
        place = _axis(step, value, axis)
        value = _along(step, value, place, np.arange(value.shape[place])[::-1])
    return value


def _padded(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    sides = list(arguments.positional[1])
    if arguments.get(2, 0):
        raise step.refused(f"pads with {arguments.get(2)}", "pad with zeros")
    # From the last axis to the first, the sides of each together.
    pairs = [(sides[i], sides[i + 1]) for i in range(0, len(sides), 2)][::-1]
    missing = len(value.shape) - len(pairs)
    if missing < 0:
        if any(pairs[0]):
            raise step.refused("pads the batch", _PER_SAMPLE)
        pairs, missing = pairs[1:], 0
    return step.padded(value, [(0, 0)] * missing + pairs)


HANDLERS: dict[str, Callable[[Step, Arguments], Any]] = {
    **dict.fromkeys(
        ("view", "reshape", "_unsafe_view", "flatten", "unsqueeze", "squeeze"), _reshaped
    ),
    **dict.fromkeys(
        ("clone", "alias", "contiguous", "detach", "lift_fresh_copy", "dropout"), _same
    ),
    "_to_copy": _converted,
    "expand": _expanded,
    "repeat": _repeated,
    "permute": _permuted,
    "transpose": _transposed,
    "slice": _sliced,
    "select": _selected,
    "index_select": _index_selected,
    "index": _indexed,
    "split": _split,
    "split_with_sizes": _split,
    "flip": _flipped,
    "constant_pad_nd": _padded,
}
