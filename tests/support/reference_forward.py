"""The specification of the forward pass: one float32 sum per output, in fixed order.

A sum begins at +0; the bias is added first, then the products by input channel, kernel row and
kernel column. Padding adds no term. Each product and each sum is rounded once, which is what NumPy
does to float32 arrays, element by element. An average is the sum over its window by row and
column, times float32(1 / divisor). What other nodes have of numbers of their own is found in
float64 and rounded once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pysnn.network import INPUT, Network
from pysnn.nodes import (
    Add,
    Affine,
    AnyNode,
    AvgPool2d,
    BatchNorm,
    Concat,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    Pad,
    ReLU,
    WeightedNode,
)

Floats = NDArray[np.float32]
Place = tuple[int, int]
Visit = Callable[[str, Floats, Floats], Floats]


def reference_activations(network: Network, x: Floats, visit: Visit | None = None) -> list[Floats]:
    """Return every node's outputs, (num_samples, *output_shape).

    Args:
        network: The network.
        x: Samples.
        visit: Takes each node's name and its outputs before and after a ReLU of its own, and gives
            the outputs that others read.
    """
    values = {INPUT: x}
    for each in network.graph.nodes:
        inputs = [values[name] for name in each.inputs]
        sums = outputs = _outputs(each.node, inputs, each.output_shape)
        if isinstance(each.node, WeightedNode) and each.node.activation == "relu":
            outputs = np.maximum(outputs, np.float32(0))
        assert outputs.dtype == np.float32
        if visit is not None:
            outputs = visit(each.name, sums, outputs)
        values[each.name] = outputs
    return [values[name] for name in network.layer_names]


def _outputs(node: AnyNode, inputs: Sequence[Floats], shape: tuple[int, ...]) -> Floats:
    x = inputs[0]
    match node:
        case Linear():
            return _linear(node, _flat(x))
        case Conv2d():
            return _conv2d(node, x, shape)
        case AvgPool2d():
            return _avg_pool2d(node, x, shape)
        case MaxPool2d():
            return _max_pool2d(node, x, shape)
        case BatchNorm():
            return _batch_norm(node, x)
        case ReLU():
            return _relu(node, x)
        case Add():
            return _add(inputs)
        case Concat():
            return np.concatenate(inputs, axis=1)
        case Flatten():
            return _flat(x)
        case Pad():
            top, bottom, left, right = node.sides
            return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
        case Affine():
            return _affine(node, x)
        case _:
            raise TypeError(f"no reference for {type(node).__name__}")


def _linear(node: Linear, x: Floats) -> Floats:
    sums = np.zeros((len(x), len(node.weight)), dtype=np.float32)
    if node.bias is not None:
        sums += node.bias
    for i, column in enumerate(node.weight.T):
        sums += x[:, i, np.newaxis] * column
    return sums


def _conv2d(node: Conv2d, x: Floats, shape: tuple[int, ...]) -> Floats:
    sums = np.zeros((len(x), *shape), dtype=np.float32)
    if node.bias is not None:
        sums += node.bias[:, np.newaxis, np.newaxis]
    (down, right), (up, _, left, _) = node.stride, node.sides
    group_size = node.out_channels // node.groups
    for output, kernels in enumerate(node.weight):
        first_channel = output // group_size * kernels.shape[0]
        for channel, row, column in np.ndindex(*kernels.shape):
            # Output positions that see the image through this weight, not its border.
            for i in range(shape[1]):
                source_row = i * down + row * node.dilation[0] - up
                if not 0 <= source_row < x.shape[2]:
                    continue
                for j in range(shape[2]):
                    source_column = j * right + column * node.dilation[1] - left
                    if 0 <= source_column < x.shape[3]:
                        values = x[:, first_channel + channel, source_row, source_column]
                        sums[:, output, i, j] += values * kernels[channel, row, column]
    return sums


def _window(
    node: AvgPool2d | MaxPool2d, window: Place, image: Place, dilation: Place
) -> Iterator[Place]:
    """Yield the pixels of a window that lie on the image, by row and column."""
    top, _, left, _ = node.sides
    for u, v in np.ndindex(*node.kernel_size):
        row = window[0] * node.stride[0] - top + u * dilation[0]
        column = window[1] * node.stride[1] - left + v * dilation[1]
        if 0 <= row < image[0] and 0 <= column < image[1]:
            yield row, column


def _divisor(node: AvgPool2d, window: Place, image: Place) -> int:
    """Return how many pixels a window has, as PyTorch counts them."""
    sides = (node.sides[:2], node.sides[2:])
    divisor = 1
    for axis, (before, after) in enumerate(sides):
        start = window[axis] * node.stride[axis] - before
        end = min(start + node.kernel_size[axis], image[axis] + after)
        if not node.count_include_pad:
            start, end = max(start, 0), min(end, image[axis])
        divisor *= end - start
    return divisor


def _avg_pool2d(node: AvgPool2d, x: Floats, shape: tuple[int, ...]) -> Floats:
    image = (x.shape[2], x.shape[3])
    sums = np.zeros((len(x), *shape), dtype=np.float32)
    for window in np.ndindex(shape[1], shape[2]):
        place = (..., *window)
        for row, column in _window(node, window, image, (1, 1)):
            sums[place] += x[:, :, row, column]
        sums[place] *= np.float32(1 / _divisor(node, window, image))
    return sums


def _max_pool2d(node: MaxPool2d, x: Floats, shape: tuple[int, ...]) -> Floats:
    image = (x.shape[2], x.shape[3])
    largest = np.full((len(x), *shape), -np.inf, dtype=np.float32)
    for window in np.ndindex(shape[1], shape[2]):
        for row, column in _window(node, window, image, node.dilation):
            place = (..., *window)
            largest[place] = np.maximum(largest[place], x[:, :, row, column])
    return largest


def _batch_norm(node: BatchNorm, x: Floats) -> Floats:
    deviation = np.sqrt(node.variance.astype(np.float64) + node.eps)
    weight = np.float64(1) if node.weight is None else node.weight.astype(np.float64)
    bias = np.float64(0) if node.bias is None else node.bias.astype(np.float64)
    a = weight / deviation
    b = bias - node.mean.astype(np.float64) * weight / deviation
    return x * _channels(a.astype(np.float32), x) + _channels(b.astype(np.float32), x)


def _relu(node: ReLU, x: Floats) -> Floats:
    if node.max is None:
        return np.maximum(x, np.float32(0))
    if node.levels is None:
        return np.minimum(np.maximum(x, np.float32(0)), np.float32(node.max))
    steps = np.floor(x * np.float32(node.levels / node.max) + np.float32(0.5))
    clipped = np.minimum(np.maximum(steps, np.float32(0)), np.float32(node.levels))
    return clipped * np.float32(node.max / node.levels)


def _add(inputs: Sequence[Floats]) -> Floats:
    total = inputs[0]
    for x in inputs[1:]:
        total = total + x
    return total


def _affine(node: Affine, x: Floats) -> Floats:
    scaled = x.astype(np.float64) * _channels(node.scale, x) + _channels(node.shift, x)
    return scaled.astype(np.float32)


def _channels(values: NDArray[np.floating], x: Floats) -> NDArray[np.floating]:
    """Return one number or one per channel in the shape of a sample's channels."""
    return values.reshape(1, -1, *[1] * (x.ndim - 2))


def _flat(x: Floats) -> Floats:
    return x.reshape(len(x), math.prod(x.shape[1:]))
