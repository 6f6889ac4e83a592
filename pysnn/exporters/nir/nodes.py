"""Nodes of NIR: what our projections and neurons are there."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...nodes import AvgPool2d, Conv2d, Identity, Linear, Shape
from ...spiking import Population, Projection

Doubles = NDArray[np.float64]


def projection_node(nir: Any, projection: Projection, name: str, source: Shape) -> tuple[str, Any]:
    """Return what a projection is called, and its node, with biases of 0 where it can have some.

    Args:
        nir: The library.
        projection: The projection.
        name: Name of the population that it leads to.
        source: Shape of what it reads; a matrix reads it as a vector.

    Raises:
        ValueError: NIR can't express it.
    """
    layer, weight = projection.layer, projection.weight
    match layer:
        case Linear():
            return "linear", _affine(nir, weight)
        case Identity() if len(source) == 1:
            return "linear", _affine(nir, _matrix(layer, weight, source[0]))
        case Conv2d():
            return "conv", _conv(nir, layer, weight, name, source)
        case Identity():
            kernels = _matrix(layer, weight, source[0])[:, :, None, None]
            conv = Conv2d(kernels, None, layer.stride, layer.sides, activation="none")
            return "conv", _conv(nir, conv, kernels, name, source)
        case AvgPool2d():
            return "pool", _pool(nir, layer, name)
        case _:
            raise ValueError(f"population {name!r} has a {type(layer).__name__}, which NIR lacks")


def neuron_node(nir: Any, population: Population, threshold: Doubles, dt: float | None) -> Any:
    """Return the node of a population's neurons.

    Args:
        nir: The library.
        population: The population.
        threshold: Its thresholds in units of what the node reads, (num_neurons,).
        dt: Time of a step in s, for neurons that leak.
    """
    shape = population.shape
    limit = threshold.astype(np.float32).reshape(shape)
    if population.reset == "zero":
        limit = np.nextafter(limit, np.float32(0))
    ones, zeros = np.ones(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    if population.neuron == "if":
        return nir.IF(r=ones, v_threshold=limit, v_reset=zeros)
    assert dt is not None, "what leaks was refused without dt"
    share = 1 - population.leak.astype(np.float64).reshape(shape)
    if (share == 0).any():
        raise ValueError(
            f"population {population.name!r} has a leak of 1, which LIF can't express: use 'if'"
        )
    # In float64, so that a reader finds the same leak.
    return nir.LIF(tau=dt / share, r=1 / share, v_leak=zeros, v_threshold=limit, v_reset=zeros)


def thresholds_of_sums(population: Population, pool: Projection) -> Doubles:
    """Return a pool's thresholds as numbers of spikes, (num_neurons,): so many reach it."""
    weight = np.broadcast_to(
        pool.weight.reshape(-1, *[1] * (3 - pool.weight.ndim)), population.shape
    )
    needed = [
        -(-Fraction(float(limit)) // Fraction(float(each)))
        for limit, each in zip(population.threshold, weight.reshape(-1), strict=True)
    ]
    return np.array([float(each) for each in needed])


def step_bias(population: Population, drive: float) -> NDArray[np.float32]:
    """Return what a step adds to each neuron, (num_neurons,), as simulations round it.

    Args:
        population: The population.
        drive: What biases are multiplied by, ``max_rate * dt``.
    """
    grid = population.grid.astype(np.float64)
    rounded: Doubles = np.rint(total_bias(population) / grid * drive) * grid
    return rounded.astype(np.float32)


def total_bias(population: Population) -> Doubles:
    """Return the biases of a population and of its projections, (num_neurons,)."""
    total = np.zeros(population.num_neurons)
    if population.bias is not None:
        total += population.bias
    for each in population.projections:
        if each.bias is not None:
            total += np.repeat(each.bias, population.num_neurons // each.bias.size)
    return total


def _affine(nir: Any, weight: NDArray[np.float32]) -> Any:
    # sinabs knows no Linear.
    return nir.Affine(weight=weight, bias=np.zeros(len(weight), dtype=np.float32))


def _conv(nir: Any, layer: Conv2d, weight: NDArray[np.float32], name: str, source: Shape) -> Any:
    kernels, padding = _with_equal_sides(layer, weight, name)
    return nir.Conv2d(
        input_shape=(source[1], source[2]),
        weight=kernels,
        stride=np.array(layer.stride),
        padding=np.array(padding),
        dilation=np.array(layer.dilation),
        groups=layer.groups,
        bias=np.zeros(len(weight), dtype=np.float32),
    )


def _pool(nir: Any, layer: AvgPool2d, name: str) -> Any:
    top, bottom, left, right = layer.sides
    if (top, left) != (bottom, right) or layer.ceil_mode:
        raise ValueError(
            f"population {name!r} has a pool with unequal padding or ceil_mode, which NIR lacks"
        )
    return nir.SumPool2d(
        kernel_size=np.array(layer.kernel_size),
        stride=np.array(layer.stride),
        padding=np.array((top, left)),
    )


def _with_equal_sides(
    layer: Conv2d, weight: NDArray[np.float32], name: str
) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """Return kernels with zeros in front where the padding behind is the larger one, or before."""
    top, bottom, left, right = layer.sides
    before, padding = [], []
    for first, last, step in ((top, bottom, layer.dilation[0]), (left, right, layer.dilation[1])):
        if (last - first) % step:
            raise ValueError(
                f"population {name!r} has a Conv2d with padding {layer.padding} and dilation "
                f"{layer.dilation}, which NIR lacks"
            )
        more = (last - first) // step
        before.append((max(more, 0), max(-more, 0)))
        padding.append(max(first, last))
    return np.pad(weight, [(0, 0), (0, 0), *before]), (padding[0], padding[1])


def _matrix(layer: Identity, weight: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    matrix = np.zeros((layer.out_channels, size), dtype=np.float32)
    matrix[np.arange(size) + layer.first_channel, np.arange(size)] = weight
    return matrix
