"""The specification of the grid: how the incoming weights of a neuron are rounded for exact sums.

The grid g of a group of neurons (one neuron, or a channel of an image-shaped population that
anything but Linear layers feeds) is the smallest power of two for which no neuron has a sum of
|rint(w / g)| over all its incoming weights and biases above the limit of the precision.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from reference_windows import pool_windows

LIMIT = {"float32": 2**24, "int16": 2**15 - 1}

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def grid_step(rows: Sequence[tuple[Doubles, Doubles]], limit: int) -> float:
    """Return the grid of a group, found by trying powers of two from the smallest upwards.

    Args:
        rows: Per neuron, all incoming weights and biases but those of pools, and those of pools,
            which are rounded up.
        limit: Largest allowed sum of integers.
    """
    largest = max((float(np.abs(np.concatenate(row)).sum()) for row in rows), default=0.0)
    if largest == 0.0:
        return 1.0
    # At 1/8 of the spacing that the exact sum would need, the integers are too many for certain.
    exponent = math.floor(math.log2(largest / limit)) - 3
    while True:
        g = math.ldexp(1.0, exponent)
        if all(
            np.abs(np.rint(row / g)).sum() + np.ceil(pooled / g).sum() <= limit
            for row, pooled in rows
        ):
            return g
        exponent += 1


def round_population(
    population: Any,
    shapes: Mapping[str, tuple[int, ...]],
    precision: str,
    input_scale: float,
    *,
    rounded: bool = True,
) -> tuple[Floats, list[Floats], list[Floats | None]]:
    """Round all that feeds a population.

    Args:
        population: A ``random_networks.PopulationData`` with original weights.
        shapes: By name of a source.
        precision: "float32" or "int16".
        input_scale: What weights of projections from the input are multiplied by first.
        rounded: False returns these weights, and the grid that they would have had.

    Returns:
        Grid (num_neurons,), weight per layer (a pool's one per channel, or one per neuron where
        windows have several divisors), bias per layer or None and the population's own.
    """
    shape = population.shape
    num_neurons = math.prod(shape)
    layers = [layer for _, layer in population.projections]
    scales = [input_scale if source == "input" else 1.0 for source, _ in population.projections]
    pools = [
        pool_windows(layer, shapes[source], shape) if is_pool(layer) else None
        for source, layer in population.projections
    ]
    grouped = len(shape) == 3 and any(type(layer).__name__ != "Linear" for layer in layers)
    num_groups = shape[0] if grouped else num_neurons
    size = num_neurons // num_groups
    own_bias = None
    if population.bias is not None:
        given = np.asarray(population.bias, dtype=np.float32).reshape(-1)
        own_bias = np.repeat(given, num_neurons // given.size)
    step = np.ones(num_groups)
    for group in range(num_groups):
        rows = []
        for neuron in range(group * size, (group + 1) * size):
            channel = neuron // (num_neurons // shape[0])
            weights = [
                part
                for layer, scale in zip(layers, scales, strict=True)
                for part in incoming(layer, neuron, channel, scale)
            ]
            if own_bias is not None:
                weights.append(own_bias[neuron : neuron + 1].astype(np.float64))
            pooled = [
                np.full(pool[0][neuron % len(pool[0])], scale / pool[1][neuron % len(pool[1])])
                for pool, scale in zip(pools, scales, strict=True)
                if pool is not None
            ]
            none = np.zeros(0)
            rows.append((np.concatenate([none, *weights]), np.concatenate([none, *pooled])))
        step[group] = grid_step(rows, LIMIT[precision])
    grid = np.repeat(step, size)

    rounded_weights: list[Floats] = []
    biases: list[Floats | None] = []
    for layer, scale, pool in zip(layers, scales, pools, strict=True):
        if pool is not None:
            value = scale / pool[1].astype(np.float64)
            if (value == value[0]).all():
                per_channel = np.repeat(value[:1], shape[0])
                of_channel = step
            else:
                per_channel = np.tile(value, shape[0]).reshape(shape)
                of_channel = step.reshape(-1, 1, 1)
            weight = np.ceil(per_channel / of_channel) * of_channel if rounded else per_channel
            rounded_weights.append(weight.astype(np.float32))
            biases.append(None)
            continue
        if type(layer).__name__ == "MaxPool2d":
            rounded_weights.append(np.zeros(0, dtype=np.float32))
            biases.append(None)
            continue
        of_row = grid_of_rows(layer, step, grid)
        columns = of_row.reshape(-1, *[1] * (layer.weight.ndim - 1))
        weight = scaled(layer.weight, scale)
        rounded_weights.append(to_grid(weight, columns) if rounded else weight)
        bias = getattr(layer, "bias", None)
        biases.append(to_grid(bias, of_row) if rounded and bias is not None else bias)
    if own_bias is not None:
        biases.append(to_grid(own_bias, grid) if rounded else own_bias)
    return grid.astype(np.float32), rounded_weights, biases


def is_pool(layer: Any) -> bool:
    """Return whether a layer is an average pool."""
    return type(layer).__name__ == "AvgPool2d"


def grid_of_rows(layer: Any, step: Doubles, grid: Doubles) -> Doubles:
    """Return the grid of each row of a layer's weights: of its neuron or of its channel."""
    match type(layer).__name__:
        case "Linear":
            return grid
        case "Identity":
            return step[layer.first_channel :][: len(layer.weight)]
        case _:
            return step


def incoming(layer: Any, neuron: int, channel: int, scale: float) -> list[Doubles]:
    """Return the weights and the bias that a layer brings to a neuron, as float64.

    A convolution counts with its channel's whole kernel, also at borders that cut it off. Pools
    bring nothing here: they are counted by their windows.
    """
    match type(layer).__name__:
        case "AvgPool2d" | "MaxPool2d":
            return []
        case "Identity":
            of_channel = slice(channel - layer.first_channel, channel - layer.first_channel + 1)
            is_reached = channel >= layer.first_channel
            weight = layer.weight[of_channel] if is_reached else np.zeros(0)
            return [scaled(weight, scale).astype(np.float64)]
        case kind:
            row = neuron if kind == "Linear" else channel
            weight = scaled(layer.weight[row].reshape(-1), scale).astype(np.float64)
            bias = [] if layer.bias is None else [layer.bias[row : row + 1].astype(np.float64)]
            return [weight, *bias]


def scaled(weight: NDArray[Any], scale: float) -> Floats:
    """Multiply weights of a projection from the input by its scale."""
    return (weight.astype(np.float64) * scale).astype(np.float32)


def to_grid(values: NDArray[Any], grid: Doubles) -> Floats:
    """Round to multiples of the grid, half to even."""
    result: Floats = (np.rint(values.astype(np.float64) / grid) * grid).astype(np.float32)
    return result
