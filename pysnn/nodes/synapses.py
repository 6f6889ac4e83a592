"""Counting synapses."""

from __future__ import annotations

import math

from .avg_pool2d import AvgPool2d
from .conv2d import Conv2d
from .linear import Linear
from .node import Layer, Shape


def num_synapses(layer: Layer, input_shape: Shape) -> int:
    """Return the number of synapses of a layer; those of weight 0 count.

    What lies beyond a border is no synapse, so that this is the number of synaptic operations
    when every input spikes once.

    Args:
        layer: `Linear`, `Conv2d` or `AvgPool2d`; other layers have no synapses.
        input_shape: Shape of one sample of its input.
    """
    if isinstance(layer, Linear):
        return layer.weight.size
    if isinstance(layer, Conv2d):
        pairs = layer.out_channels * layer.in_channels
        kernel, padding = layer.kernel_size, layer.padding
    elif isinstance(layer, AvgPool2d):
        pairs = input_shape[0]
        kernel, padding = layer.kernel_size, (0, 0)
    else:
        return 0
    return pairs * math.prod(
        _taps(input_shape[1 + axis], kernel[axis], layer.stride[axis], padding[axis])
        for axis in (0, 1)
    )


def _taps(size: int, kernel: int, stride: int, padding: int) -> int:
    """Return how many pixels all windows along one axis cover, beyond the borders excepted."""
    starts = range(-padding, size + padding - kernel + 1, stride)
    return sum(max(0, min(start + kernel, size) - max(start, 0)) for start in starts)
