"""How many synapses leave each neuron."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..nodes import AvgPool2d, Conv2d, Layer, Linear, Shape

Counts = NDArray[np.int64]


def fan_out(layer: Layer, source_shape: Shape, *, leave_out_zeros: bool = False) -> Counts:
    """Return the outgoing synapses of each source neuron of a layer, (num_sources,).

    A neuron at a border that fewer windows reach has fewer of them.

    Args:
        layer: `Linear`, `Conv2d` or `AvgPool2d`.
        source_shape: Shape of the source.
        leave_out_zeros: Whether synapses of weight 0 do not count.

    Example:
        >>> fan_out(Linear([[0.5, 0.0], [1.0, 2.0]]), (2,), leave_out_zeros=True)
        array([2, 1])
    """
    if isinstance(layer, Linear | Conv2d):
        counted = layer.weight != 0 if leave_out_zeros else np.ones(layer.weight.shape, dtype=bool)
        # Targets of each input, or of each place of a convolution's window.
        reached: Counts = counted.sum(axis=0, dtype=np.int64)
        if isinstance(layer, Linear):
            return reached
        return _over_windows(reached, source_shape, layer, layer.padding)
    if isinstance(layer, AvgPool2d):
        one = np.ones((source_shape[0], *layer.kernel_size), dtype=np.int64)
        return _over_windows(one, source_shape, layer, (0, 0))
    return np.zeros(math.prod(source_shape), dtype=np.int64)  # Flatten has no synapses


def _over_windows(
    reached: Counts, source_shape: Shape, layer: Conv2d | AvgPool2d, padding: tuple[int, int]
) -> Counts:
    """Add up, for every place of every window, the targets that a source reaches from there."""
    _, height, width = source_shape
    rows, columns = layer.output_shape(source_shape)[1:]
    total = np.zeros(source_shape, dtype=np.int64)
    for u in range(reached.shape[1]):
        in_height = layer.stride[0] * np.arange(rows) + u - padding[0]
        in_height = in_height[(in_height >= 0) & (in_height < height)]
        for v in range(reached.shape[2]):
            in_width = layer.stride[1] * np.arange(columns) + v - padding[1]
            in_width = in_width[(in_width >= 0) & (in_width < width)]
            # No source stands twice in one place of the window, so that += meets each once.
            total[:, in_height[:, None], in_width] += reached[:, u, v, None, None]
    return total.reshape(-1)
