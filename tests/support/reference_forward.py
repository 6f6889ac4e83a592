"""The specification of the forward pass: one float32 sum per output, in fixed order.

A sum begins at +0; the bias is added first, then the products by input channel, kernel row and
kernel column. Padding adds no term. Each product and each sum is rounded once, which is what NumPy
does to float32 arrays, element by element. An average is the sum over its window by row and
column, times float32(1 / window size).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from pysnn.network import Network
from pysnn.nodes import AnyNode, AvgPool2d, Conv2d, Flatten, Linear, WeightedNode

Floats = NDArray[np.float32]


def reference_activations(network: Network, x: Floats) -> list[Floats]:
    """Return every layer's outputs, (num_samples, *layer_shape)."""
    activations = []
    for layer, shape in zip(network.layers, network.layer_shapes, strict=True):
        x = _outputs(layer, x, shape)
        if isinstance(layer, WeightedNode) and layer.activation == "relu":
            x = np.maximum(x, np.float32(0))
        activations.append(x)
    return activations


def _outputs(layer: AnyNode, x: Floats, shape: tuple[int, ...]) -> Floats:
    match layer:
        case Linear():
            return _linear(layer, _flat(x))
        case Conv2d():
            return _conv2d(layer, x, shape)
        case AvgPool2d():
            return _avg_pool2d(layer, x, shape)
        case Flatten():
            return _flat(x)
        case _:
            raise TypeError(f"no reference for {type(layer).__name__}")


def _linear(layer: Linear, x: Floats) -> Floats:
    sums = np.zeros((len(x), len(layer.weight)), dtype=np.float32)
    if layer.bias is not None:
        sums += layer.bias
    for i, column in enumerate(layer.weight.T):
        sums += x[:, i, np.newaxis] * column
    return sums


def _conv2d(layer: Conv2d, x: Floats, shape: tuple[int, ...]) -> Floats:
    sums = np.zeros((len(x), *shape), dtype=np.float32)
    if layer.bias is not None:
        sums += layer.bias[:, np.newaxis, np.newaxis]
    (down, right), (up, left) = layer.stride, layer.padding
    group_size = layer.out_channels // layer.groups
    for output, kernels in enumerate(layer.weight):
        first_channel = output // group_size * kernels.shape[0]
        for channel, row, column in np.ndindex(*kernels.shape):
            # Output positions that see the image through this weight, not its border.
            for i in range(shape[1]):
                source_row = i * down + row * layer.dilation[0] - up
                if not 0 <= source_row < x.shape[2]:
                    continue
                for j in range(shape[2]):
                    source_column = j * right + column * layer.dilation[1] - left
                    if 0 <= source_column < x.shape[3]:
                        values = x[:, first_channel + channel, source_row, source_column]
                        sums[:, output, i, j] += values * kernels[channel, row, column]
    return sums


def _avg_pool2d(layer: AvgPool2d, x: Floats, shape: tuple[int, ...]) -> Floats:
    sums = np.zeros((len(x), *shape), dtype=np.float32)
    down, right = layer.stride
    for i, j in np.ndindex(*layer.kernel_size):
        sums += x[:, :, i::down, j::right][:, :, : shape[1], : shape[2]]
    return sums * np.float32(1 / math.prod(layer.kernel_size))


def _flat(x: Floats) -> Floats:
    return x.reshape(len(x), math.prod(x.shape[1:]))
