"""The specification of connectivity: a network's layers as matrices, synapse by synapse."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import reference_rounding
from numpy.typing import ArrayLike, NDArray
from reference_neurons import Floats, Neurons, Synapses
from reference_windows import taps

Shapes = Mapping[str, tuple[int, ...]]


def from_network(snn: Any) -> list[Neurons]:
    """Read the rounded weights of a ``pysnn.SpikingNetwork``."""
    shapes = {"input": snn.input_shape} | {p.name: p.shape for p in snn.populations}
    return [
        _neurons(
            p,
            grid=p.grid,
            bias=total_bias([*(each.bias for each in p.projections), p.bias], p.shape),
            synapses=[
                to_synapses(each.source, each.layer, each.weight, shapes, p.shape)
                for each in p.projections
            ],
        )
        for p in snn.populations
    ]


def from_description(description: Any, *, rounded: bool = True) -> list[Neurons]:
    """Make neurons of a ``random_networks.Description``, rounding its weights to our own grid.

    Args:
        description: Original weights.
        rounded: False leaves the weights as they are (pools get the float32 next to 1 / window).
    """
    shapes = {"input": description.input_shape} | {p.name: p.shape for p in description.populations}
    network = []
    for p in description.populations:
        grid, weights, biases = reference_rounding.round_population(
            p, shapes, description.precision, description.input_range.scale, rounded=rounded
        )
        network.append(
            _neurons(
                p,
                grid=grid,
                bias=total_bias(biases, p.shape),
                synapses=[
                    to_synapses(source, layer, weight, shapes, p.shape)
                    for (source, layer), weight in zip(p.projections, weights, strict=True)
                ],
            )
        )
    return network


def _neurons(p: Any, *, grid: Floats, bias: Floats, synapses: Sequence[Synapses]) -> Neurons:
    return Neurons(
        name=p.name,
        synapses=tuple(synapses),
        bias=bias,
        grid=grid,
        threshold=per_neuron(p.threshold, p.shape),
        initial_potential=per_neuron(p.initial_potential, p.shape),
        reset=p.reset,
        refractory_period=p.refractory_period,
        neuron=p.neuron,
        negative_threshold=per_neuron(p.negative_threshold, p.shape),
        leak=per_neuron(p.leak, p.shape),
        delay=p.delay,
    )


def per_neuron(value: ArrayLike, shape: Sequence[int]) -> Floats:
    """Spread one number, or one per channel, over all neurons; flatten one per neuron."""
    flat = np.asarray(value, dtype=np.float32).reshape(-1)
    return np.repeat(flat, math.prod(shape) // flat.size)


def total_bias(biases: Sequence[NDArray[Any] | None], shape: Sequence[int]) -> Floats:
    """Add the biases of all projections and of the population; each per neuron or channel."""
    total = np.zeros(math.prod(shape), dtype=np.float32)
    for bias in biases:
        if bias is not None:
            total += per_neuron(bias, shape)
    return total


def scaled_bias(bias: Floats, grid: Floats, factor: float) -> Floats:
    """Scale biases and round them to their grid again, half to even."""
    g = grid.astype(np.float64)
    result: Floats = (np.rint(bias.astype(np.float64) / g * factor) * g).astype(np.float32)
    return result


def to_synapses(
    source: str, layer: Any, weight: Floats, shapes: Shapes, shape: Sequence[int]
) -> Synapses:
    """Write a layer as a matrix."""
    kind = type(layer).__name__
    if kind == "Linear":
        return Synapses(source, weight, np.ones(weight.shape, dtype=np.bool_))
    channels, *image = _as_image(shapes[source])
    target = _as_image(shape)
    matrix = np.zeros((*target, channels, *image), dtype=np.float32)
    connected = np.zeros(matrix.shape, dtype=np.bool_)
    size = weight.shape[2:] if kind == "Conv2d" else getattr(layer, "kernel_size", (1, 1))
    for tap, (y, x), (row, column) in taps(layer, size, image, target[1:]):
        for output, source_channels, value in _connections(layer, weight, channels, tap, (y, x)):
            matrix[output, y, x, source_channels, row, column] = value
            connected[output, y, x, source_channels, row, column] = True
    flat = (math.prod(shape), math.prod(shapes[source]))
    return Synapses(source, matrix.reshape(flat), connected.reshape(flat))


def _as_image(shape: Sequence[int]) -> tuple[int, ...]:
    """Return the shape of an image; a vector is one of a pixel."""
    return tuple(shape) if len(shape) == 3 else (*shape, 1, 1)


def _connections(
    layer: Any, weight: Floats, channels: int, tap: tuple[int, int], pixel: tuple[int, int]
) -> Iterator[tuple[Any, Any, Any]]:
    """Yield (target channels, source channels, their weights) of one tap of one window."""
    kind = type(layer).__name__
    if kind == "Conv2d":
        outputs, inputs = len(weight) // layer.groups, channels // layer.groups
        for group in range(layer.groups):
            out = slice(group * outputs, (group + 1) * outputs)
            into = slice(group * inputs, (group + 1) * inputs)
            yield out, into, weight[out, :, *tap]
        return
    for channel in range(channels):
        match kind:
            case "AvgPool2d":
                # One weight per channel, or one per channel and window.
                value = weight[channel] if weight.ndim == 1 else weight[channel, *pixel]
                yield channel, channel, value
            case "MaxPool2d":
                yield channel, channel, 0.0
            case "Identity":
                yield layer.first_channel + channel, channel, weight[channel]
            case _:
                raise ValueError(kind)
