"""The specification of the grid: how the incoming weights of a neuron are rounded for exact sums.

The grid g of a group of neurons (one neuron, or a channel of an image-shaped population that a
convolution or a pool feeds) is the smallest power of two for which no neuron of it has a sum of
|rint(w / g)| over all its incoming weights and biases above the limit of the precision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

LIMIT = {"float32": 2**24, "int16": 2**15 - 1}

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def grid_step(rows: Sequence[Doubles], pools: Sequence[int], limit: int) -> float:
    """Return the grid of a group, found by trying powers of two from the smallest upwards.

    Args:
        rows: Per neuron, all incoming weights and biases but those of pools.
        pools: Window sizes of the pools that feed every neuron of the group.
        limit: Largest allowed sum of integers.
    """
    largest = max((float(np.abs(row).sum()) for row in rows), default=0.0)
    if largest == 0.0 and not pools:
        return 1.0
    # At 1/8 of the spacing that the exact sum would need, the integers are too many for certain.
    exponent = math.floor(math.log2(max(largest, 1.0 if pools else 0.0) / limit)) - 3
    while True:
        g = math.ldexp(1.0, exponent)
        from_pools = sum(window * math.ceil(1.0 / window / g) for window in pools)
        if all(np.abs(np.rint(row / g)).sum() + from_pools <= limit for row in rows):
            return g
        exponent += 1


def round_population(
    layers: Sequence[Any], shape: Sequence[int], precision: str, *, rounded: bool = True
) -> tuple[Floats, list[Floats], list[Floats | None]]:
    """Round all that feeds a population.

    Args:
        layers: Linear, Conv2d or AvgPool2d, with original weights.
        shape: Of the population.
        precision: "float32" or "int16".
        rounded: False returns the original weights, and the grid that they would have had.

    Returns:
        Grid (num_neurons,), weight per layer (a pool's one per channel), bias per layer or None.
    """
    kinds = [type(layer).__name__ for layer in layers]
    pools = [math.prod(v.kernel_size) for v in layers if type(v).__name__ == "AvgPool2d"]
    num_neurons = math.prod(shape)
    grouped = len(shape) == 3 and any(kind != "Linear" for kind in kinds)
    num_groups = shape[0] if grouped else num_neurons
    size = num_neurons // num_groups
    step = np.ones(num_groups)
    for group in range(num_groups):
        rows = [
            np.concatenate([incoming(v, neuron, group) for v in layers])
            for neuron in range(group * size, (group + 1) * size)
        ]
        step[group] = grid_step(rows, pools, LIMIT[precision])
    grid = np.repeat(step, size)

    weights: list[NDArray[Any]] = []
    biases: list[NDArray[Any] | None] = []
    for layer, kind in zip(layers, kinds, strict=True):
        if kind == "AvgPool2d":
            value = np.full(shape[0], 1.0 / math.prod(layer.kernel_size))
            weights.append(np.ceil(value / step) * step if rounded else value)
            biases.append(None)
            continue
        of_row = grid if kind == "Linear" else step
        columns = of_row.reshape(-1, *[1] * (layer.weight.ndim - 1))
        weights.append(to_grid(layer.weight, columns) if rounded else layer.weight)
        bias = layer.bias
        biases.append(to_grid(bias, of_row) if rounded and bias is not None else bias)
    return (
        grid.astype(np.float32),
        [np.asarray(weight, dtype=np.float32) for weight in weights],
        [None if bias is None else np.asarray(bias, dtype=np.float32) for bias in biases],
    )


def incoming(layer: Any, neuron: int, channel: int) -> Doubles:
    """Return the weights and the bias that a layer brings to a neuron, as float64.

    A convolution counts with its channel's whole kernel, also at borders that cut it off. Pools
    bring nothing here: they are counted by their window.
    """
    kind = type(layer).__name__
    if kind == "AvgPool2d":
        return np.zeros(0)
    row = neuron if kind == "Linear" else channel
    bias = np.zeros(0) if layer.bias is None else layer.bias[row : row + 1]
    return np.concatenate([layer.weight[row].reshape(-1), bias]).astype(np.float64)


def to_grid(values: Floats, grid: Doubles) -> Doubles:
    """Round to multiples of the grid, half to even."""
    result: Doubles = np.rint(values.astype(np.float64) / grid) * grid
    return result
