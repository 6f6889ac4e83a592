"""One linear map behind another, and two of one source added up, as one map."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ...nodes import Shape
from ...nodes.node import as_image_shape
from ...nodes.window import Sides, WindowAxis
from .averages import Averages
from .channels import Channels
from .convolution import Convolution
from .dense import Dense
from .linear_map import LinearMap, Pair

_MOST_WEIGHTS = 1 << 24  # of a matrix that stands for a map of another kind


class TooLargeError(Exception):
    """A matrix would have too many weights."""


def compose(first: LinearMap, second: LinearMap, source: Shape) -> LinearMap | None:
    """Return ``second`` behind ``first``, or None where no map of one kind is both.

    Args:
        first: What the source goes through first.
        second: What its output goes through.
        source: Shape of the source.
    """
    middle = first.output_shape(source)
    if isinstance(second, Dense):
        pulled = first.pulled(second.weight.reshape(len(second.weight), *middle), source)
        return Dense(pulled.reshape(len(pulled), -1))
    if isinstance(second, Averages):
        is_unit = isinstance(first, Channels) and first.keeps_places and first.first_channel == 0
        if not is_unit or len(first.weights) != middle[0]:
            return None
        return replace(second, weight=second.weight * first.weights)
    if isinstance(second, Channels):
        return _channels_behind(first, second)
    if isinstance(second, Convolution):
        if isinstance(first, Channels):
            return _channels_before(first, second)
        if isinstance(first, Convolution) and first.is_depthwise:
            return _depthwise_before(first, second, source)
    return None


def as_dense(linear_map: LinearMap, source: Shape) -> Dense:
    """Return a map as a matrix.

    Raises:
        TooLargeError: It would have too many weights.
    """
    if isinstance(linear_map, Dense):
        return linear_map
    shape = linear_map.output_shape(source)
    size = math.prod(shape)
    _check_size(size, source)
    pulled = linear_map.pulled(np.eye(size).reshape(size, *shape), source)
    return Dense(pulled.reshape(size, -1))


def added(first: LinearMap, second: LinearMap, source: Shape) -> LinearMap | None:
    """Return the sum of two maps of one source, or None where no map of one kind is it.

    Raises:
        TooLargeError: The map would be a matrix of too many weights.
    """
    if isinstance(first, Dense) or isinstance(second, Dense):
        return Dense(as_dense(first, source).weight + as_dense(second, source).weight)
    if isinstance(first, Channels) and isinstance(second, Channels):
        alike = replace(first, weight=second.weight)
        same = (alike.stride, alike.sides, alike.first_channel) == (
            second.stride,
            second.sides,
            second.first_channel,
        )
        return replace(first, weight=first.weight + second.weight) if same else None
    one, other = _as_convolution(first), _as_convolution(second)
    if one is None or other is None:
        return None
    return _added_convolutions(one, other, source)


def _as_convolution(linear_map: LinearMap) -> Convolution | None:
    if isinstance(linear_map, Channels):
        return linear_map.as_convolution()
    return linear_map if isinstance(linear_map, Convolution) else None


def _check_size(num_rows: int, source: Shape) -> None:
    if num_rows * math.prod(source) > _MOST_WEIGHTS:
        raise TooLargeError(f"a matrix of {num_rows:,} x {math.prod(source):,} weights")


def _channels_before(first: Channels, second: Convolution) -> Convolution:
    (s1, r1), (s2, r2) = first.stride, second.stride
    count = len(first.weight)
    if first.first_channel == 0 and first.out_channels == count:
        kernels = second.scaled(first.weight, np.ones(1))
    else:
        whole = second.with_groups(1)
        part = whole.weight[:, first.first_channel : first.first_channel + count]
        kernels = replace(whole, weight=part).scaled(first.weight, np.ones(1))
    return replace(
        kernels,
        stride=(s1 * s2, r1 * r2),
        sides=_sides_before(first.sides, second.sides, first.stride),
        dilation=(s1 * second.dilation[0], r1 * second.dilation[1]),
    )


def _channels_behind(first: LinearMap, second: Channels) -> LinearMap | None:
    if isinstance(first, Channels):
        passed = second.weight[first.first_channel : first.first_channel + len(first.weight)]
        return Channels(
            first.weight * passed,
            (first.stride[0] * second.stride[0], first.stride[1] * second.stride[1]),
            _sides_before(first.sides, second.sides, first.stride),
            second.out_channels,
            first.first_channel + second.first_channel,
        )
    if isinstance(first, Convolution):
        if any(second.sides) and first.kernel_size != (1, 1):
            return None
        scaled = first.scaled(np.ones(1), second.weight)
        return replace(
            placed_convolution(scaled, second.first_channel, second.out_channels),
            stride=(first.stride[0] * second.stride[0], first.stride[1] * second.stride[1]),
            sides=_sides_before(first.sides, second.sides, first.stride),
        )
    return None


def placed_convolution(convolution: Convolution, first: int, channels: int) -> Convolution:
    """Return a convolution whose outputs are some of the channels, and 0 in the others."""
    if first == 0 and channels == len(convolution.weight):
        return convolution
    whole = convolution.with_groups(1)
    weight = np.zeros((channels, *whole.weight.shape[1:]))
    weight[first : first + len(whole.weight)] = whole.weight
    return replace(whole, weight=weight)


def _sides_before(first: Sides, second: Sides, stride: Pair) -> Sides:
    steps = (stride[0], stride[0], stride[1], stride[1])
    top, bottom, left, right = (
        a + step * b for a, b, step in zip(first, second, steps, strict=True)
    )
    return top, bottom, left, right


def _depthwise_before(first: Convolution, second: Convolution, source: Shape) -> Convolution | None:
    """Return a convolution behind sums over windows, where its padding sees no pixel of them."""
    image = as_image_shape(source)[1]
    axes = list(zip(first.windows.axes, second.windows.axes, image, strict=True))
    if not all(_padding_is_empty(one, two, size) for one, two, size in axes):
        return None
    steps = [math.gcd(one.dilation, two.dilation * one.stride) for one, two, _ in axes]
    apart = [
        two.dilation * one.stride // step for (one, two, _), step in zip(axes, steps, strict=True)
    ]
    within = [one.dilation // step for (one, _, _), step in zip(axes, steps, strict=True)]
    k2, k1 = second.kernel_size, first.kernel_size
    size = [(k2[i] - 1) * apart[i] + (k1[i] - 1) * within[i] + 1 for i in range(2)]
    kernels = np.zeros((*second.weight.shape[:2], size[0], size[1]))
    # The kernel of the channel that each weight of the second map reads, (out, in, height, width).
    outputs, inputs = second.weight.shape[:2]
    group = np.arange(outputs) // (outputs // second.groups)
    read = first.weight[group[:, None] * inputs + np.arange(inputs), 0]
    for u, v in np.ndindex(*k2):
        rows = slice(u * apart[0], u * apart[0] + (k1[0] - 1) * within[0] + 1, within[0])
        columns = slice(v * apart[1], v * apart[1] + (k1[1] - 1) * within[1] + 1, within[1])
        kernels[:, :, rows, columns] += second.weight[:, :, u, v, None, None] * read
    stride = (first.stride[0] * second.stride[0], first.stride[1] * second.stride[1])
    sides = _sides_before(first.sides, second.sides, first.stride)
    return Convolution(kernels, stride, sides, (steps[0], steps[1]), second.groups)


def _padding_is_empty(one: WindowAxis, two: WindowAxis, size: int) -> bool:
    """Return whether windows of ``one`` where ``two`` has padding would see no pixel."""
    count = one.num_windows(size)
    beyond = [*range(-two.before, 0), *range(count, count + two.after)]
    return all(
        not 0 <= i * one.stride - one.before + tap * one.dilation < size
        for i in beyond
        for tap in range(one.kernel_size)
    )


def _added_convolutions(
    first: Convolution, second: Convolution, source: Shape
) -> Convolution | None:
    if first.stride != second.stride:
        return None
    dilations = [_common_dilation(first, second, axis) for axis in range(2)]
    if None in dilations:
        return None
    groups = math.gcd(first.groups, second.groups)
    grid = first.output_shape(source)[1:]
    placed = [_with_dilation(each.with_groups(groups), dilations) for each in (first, second)]
    kernels, sides = [], []
    for axis, size in enumerate(as_image_shape(source)[1]):
        step = dilations[axis]
        assert step is not None
        before = max(each.sides[2 * axis] for each in placed)
        last = max(step * (each.kernel_size[axis] - 1) - each.sides[2 * axis] for each in placed)
        kernels.append((last + before) // step + 1)
        end = (grid[axis] - 1) * first.stride[axis] + last + 1
        sides += [before, max(0, end - size)]
    weight = np.zeros((*placed[0].weight.shape[:2], kernels[0], kernels[1]))
    for each in placed:
        u, v = (
            (sides[2 * axis] - each.sides[2 * axis]) // (dilations[axis] or 1) for axis in range(2)
        )
        weight[:, :, u : u + each.kernel_size[0], v : v + each.kernel_size[1]] += each.weight
    return Convolution(
        weight,
        first.stride,
        (sides[0], sides[1], sides[2], sides[3]),
        (dilations[0] or 1, dilations[1] or 1),
        groups,
    )


def _common_dilation(first: Convolution, second: Convolution, axis: int) -> int | None:
    """Return a dilation on which the taps of both lie, or None."""
    steps = {each.dilation[axis] for each in (first, second) if each.kernel_size[axis] > 1}
    if len(steps) > 1:
        return None
    step = steps.pop() if steps else 1
    apart = first.sides[2 * axis] - second.sides[2 * axis]
    if apart % step:
        return None
    return step


def _with_dilation(each: Convolution, dilations: list[int | None]) -> Convolution:
    return replace(each, dilation=(dilations[0] or 1, dilations[1] or 1))
