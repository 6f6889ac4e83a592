"""Spiking networks that are built by hand: random ones, and the shapes of the paper's."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

import pysnn

from .draw import Draw

Precision = Literal["float32", "int16"]
Shape = tuple[int, ...]
Maker = Callable[[Draw, Precision], pysnn.SpikingNetwork]

# Kernels work on whole vectors of neurons and words of 64 bits: sizes around the ends of both.
_SIZES = (1, 2, 3, 10, 15, 16, 17, 33, 63, 64, 65, 100, 130, 200)
_CHANNELS = (1, 2, 3, 4, 5, 8, 12, 16, 17, 24, 32, 33, 64, 65)
_MOST_WEIGHTS = 60_000  # of a layer


def weights(draw: Draw, shape: Shape) -> NDArray[np.float32]:
    """Draw weights, outputs first, that let a neuron fire now and then.

    Some layers have zeros, neurons without any weight, few different numbers, or neurons whose
    weights are of other sizes than their neighbours'.
    """
    deviation = 1.5 / math.sqrt(math.prod(shape[1:]))
    values = (draw.normal(shape) + 0.4 * deviation) * deviation
    kind = draw.integer(0, 9)
    rows = (len(values), *[1] * (len(shape) - 1))
    if kind == 0:
        values = values * (draw.integers(0, 2, shape) > 0)
    elif kind == 1:
        values = values * (draw.integers(0, 4, rows) > 0)
    elif kind == 2:
        values = np.rint(values * 8) / 8
    elif kind == 3:
        values = np.ldexp(values, draw.integers(-6, 1, rows).astype(np.int32))
    return values.astype(np.float32)


def linear(draw: Draw, source: Shape, size: int) -> pysnn.Linear:
    """Draw a layer from a source of any shape to ``size`` neurons."""
    weight = weights(draw, (size, math.prod(source)))
    return pysnn.Linear(weight, _biases(draw, size))


def conv(
    draw: Draw,
    source: Shape,
    channels: int,
    kernel: tuple[int, int],
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
) -> pysnn.Conv2d:
    """Draw a convolution of an image."""
    weight = weights(draw, (channels, source[0], *kernel))
    return pysnn.Conv2d(weight, _biases(draw, channels), stride=stride, padding=padding)


def random_network(draw: Draw, precision: Precision) -> pysnn.SpikingNetwork:
    """Draw a graph of one to five populations with settings of every kind."""
    input_shape: Shape = (draw.choice(_SIZES),)
    if draw.chance(70):
        input_shape = (draw.choice((1, 1, 2, 3, 5)), draw.integer(4, 13), draw.integer(4, 13))
    snn = pysnn.SpikingNetwork(input_shape, precision=precision)
    shapes = {"input": input_shape}
    for i in range(draw.integer(1, 5)):
        source = list(shapes)[-1] if draw.chance(80) else draw.choice(list(shapes))
        layer, shape = _random_layer(draw, shapes[source])
        name = f"population {i}"
        snn.add_population(name, shape, **_settings(draw, shape))
        snn.connect(source, name, layer)
        while draw.chance(25):
            second = draw.choice(list(shapes))
            snn.connect(second, name, _layer_between(draw, shapes[second], shape))
        shapes[name] = shape
    return snn


def random_pooled(draw: Draw, precision: Precision) -> pysnn.SpikingNetwork:
    """Draw one to three convolutions with a pool behind each, whose windows lie side by side."""
    shape: Shape = (draw.choice((1, 3, 12)), draw.integer(6, 20), draw.integer(6, 20))
    snn = pysnn.SpikingNetwork(shape, precision=precision)
    source = "input"
    for i in range(draw.integer(1, 3)):
        fitting = [
            (size, margin, stride, window)
            for size in (1, 2, 3, 5)
            for margin in (0, size // 2)
            for stride in (1, 1, 2)
            for window in ((2, 2), (2, 2), (3, 3), (2, 3), (1, 2))
            if _tiled(shape, size, margin, stride, window)
        ]
        if not fitting:
            break
        size, margin, stride, window = draw.choice(fitting)
        channels = draw.choice(
            [c for c in _CHANNELS if c * shape[0] * size * size <= _MOST_WEIGHTS]
        )
        filters = conv(draw, shape, channels, (size, size), (stride, stride), (margin, margin))
        is_plain = draw.chance(50)
        for name, layer in ((f"conv {i}", filters), (f"pool {i}", pysnn.AvgPool2d(window))):
            shape = layer.output_shape(shape)
            snn.add_population(name, shape, **({} if is_plain else _settings(draw, shape)))
            snn.connect(source, name, layer)
            source = name
    size = draw.choice(_SIZES)
    snn.add_population("output", size)
    snn.connect(source, "output", linear(draw, shape, size))
    return snn


def fcn(draw: Draw, precision: Precision) -> pysnn.SpikingNetwork:
    """Make the paper's 784-1200-1200-10."""
    return _chain(draw, precision, (1, 28, 28), (("linear", 1200), ("linear", 1200)))


def convnet(draw: Draw, precision: Precision) -> pysnn.SpikingNetwork:
    """Make the paper's 28x28-12c5-2s-64c5-2s-10o."""
    stages = (("conv", 12), ("pool", 0), ("conv", 64), ("pool", 0))
    return _chain(draw, precision, (1, 28, 28), stages)


def vgg(draw: Draw, precision: Precision) -> pysnn.SpikingNetwork:
    """Make a small network of padded 3x3 convolutions of 64 channels and more, and pools."""
    stages = (("same", 64), ("same", 64), ("pool", 0), ("same", 128), ("pool", 0), ("linear", 256))
    return _chain(draw, precision, (3, 12, 12), stages)


def _chain(
    draw: Draw, precision: Precision, input_shape: Shape, stages: tuple[tuple[str, int], ...]
) -> pysnn.SpikingNetwork:
    """Put stages of (kind, width) and ten outputs behind one another."""
    snn = pysnn.SpikingNetwork(input_shape, precision=precision)
    source, shape = "input", input_shape
    for i, (kind, width) in enumerate((*stages, ("linear", 10))):
        layer: pysnn.Linear | pysnn.Conv2d | pysnn.AvgPool2d
        if kind == "linear":
            layer = linear(draw, shape, width)
        elif kind == "pool":
            layer = pysnn.AvgPool2d(2)
        else:
            size, padding = (3, (1, 1)) if kind == "same" else (5, (0, 0))
            layer = conv(draw, shape, width, (size, size), padding=padding)
        shape = layer.output_shape(shape)
        snn.add_population(f"{kind}{i}", shape)
        snn.connect(source, f"{kind}{i}", layer)
        source = f"{kind}{i}"
    return snn


def tiny_and_huge(draw: Draw, precision: Precision) -> pysnn.SpikingNetwork:
    """Make a network whose weights and thresholds lie near both ends of float32."""
    snn = pysnn.SpikingNetwork(12, precision=precision)
    for name, source, size, exponent in (("tiny", 12, 20, -98), ("huge", 20, 20, 96)):
        weight = np.ldexp(np.abs(draw.normal((size, source))), exponent).astype(np.float32)
        snn.add_population(name, size, threshold=2.0**exponent)
        snn.connect("input" if name == "tiny" else "tiny", name, pysnn.Linear(weight))
    return snn


def wide_pools(draw: Draw, precision: Precision) -> pysnn.SpikingNetwork:
    """Make a pool of 64 channels that begins at whole numbers of spikes, at most places.

    Membranes that are no whole number, or lie far from 0, stand in windows of their own.
    """
    snn = pysnn.SpikingNetwork((64, 4, 8), precision=precision)
    potential = draw.integers(0, 3, (64, 2, 4)) / 4.0
    threshold = draw.integers(4, 124, (64, 2, 4)) / 4.0
    for place, odd_one in enumerate((-0.25, -0.5, 0.125, 30.75, 64.0, -64.0)):
        at = draw.integer(0, 63), place // 4, place % 4
        potential[at], threshold[at] = odd_one, 31.0
    snn.add_population("pool", (64, 2, 4), threshold=threshold, initial_potential=potential)
    snn.connect("input", "pool", pysnn.AvgPool2d(2))
    snn.add_population("output", 5)
    snn.connect("pool", "output", linear(draw, (64, 2, 4), 5))
    return snn


def negative_zeros(draw: Draw, precision: Precision) -> pysnn.SpikingNetwork:
    """Make a network with weights, biases and initial potentials of -0."""
    snn = pysnn.SpikingNetwork(8, precision=precision)
    weight = draw.normal((9, 8)).astype(np.float32)
    weight[:3] = -0.0
    bias = np.where(draw.integers(0, 1, (9,)) > 0, 0.25, -0.0)
    snn.add_population("output", 9, initial_potential=-0.0)
    snn.connect("input", "output", pysnn.Linear(weight, bias))
    return snn


DESIGNED: dict[str, Maker] = {
    "fcn": fcn,
    "convnet": convnet,
    "vgg": vgg,
    "tiny and huge": tiny_and_huge,
    "wide pools": wide_pools,
    "negative zeros": negative_zeros,
}
RANDOM: dict[str, Maker] = {"random": random_network, "pooled": random_pooled}


def _biases(draw: Draw, size: int) -> NDArray[np.float32] | None:
    return (draw.normal((size,)) * 0.1).astype(np.float32) if draw.chance(40) else None


def _settings(draw: Draw, shape: Shape) -> dict[str, Any]:
    settings: dict[str, Any] = {"reset": draw.choice(("zero", "subtract"))}
    threshold, potential = draw.integer(0, 5), draw.integer(0, 5)
    if threshold == 0:
        settings["threshold"] = draw.choice((0.5, 0.7, 1.75))
    elif threshold == 1:
        settings["threshold"] = draw.uniform(shape) * np.float32(1.5) + np.float32(0.25)
    if potential == 0:
        settings["initial_potential"] = draw.choice((0.5, -0.3, 1.25))
    elif potential == 1:
        settings["initial_potential"] = draw.uniform(shape) * np.float32(2) - np.float32(0.75)
    if draw.chance(30):
        settings["refractory_period"] = draw.choice((0.001, 0.0015, 0.002, 0.004))
    return settings


def _tiled(shape: Shape, size: int, margin: int, stride: int, window: tuple[int, int]) -> bool:
    """Return whether windows tile what a convolution makes of an image."""
    outputs = [(side + 2 * margin - size) // stride + 1 for side in shape[1:]]
    return all(
        side >= extent and side % extent == 0 for side, extent in zip(outputs, window, strict=True)
    )


def _random_layer(
    draw: Draw, source: Shape
) -> tuple[pysnn.Linear | pysnn.Conv2d | pysnn.AvgPool2d, Shape]:
    """Draw a layer for a source, and the shape of the population that it feeds."""
    if len(source) == 3 and draw.chance(30):
        pool = _random_pool(draw, source)
        if pool is not None:
            return pool, pool.output_shape(source)
    if len(source) == 3 and draw.chance(70):
        layer = _random_conv(draw, source)
        return layer, layer.output_shape(source)
    shape: Shape = (draw.choice(_SIZES),)
    if draw.chance(20):
        shape = (draw.choice((1, 2, 5, 16)), draw.integer(2, 6), draw.integer(2, 6))
    return linear(draw, source, math.prod(shape)), shape


def _random_conv(draw: Draw, source: Shape) -> pysnn.Conv2d:
    padding = (draw.choice((0, 0, 1, 2)), draw.choice((0, 0, 1, 2)))
    kernel = (
        draw.integer(1, min(5, source[1] + 2 * padding[0])),
        draw.integer(1, min(5, source[2] + 2 * padding[1])),
    )
    if draw.chance(50):
        size, margin = draw.choice(((3, 1), (5, 2), (1, 0)))
        kernel, padding = (size, size), (margin, margin)
    stride = (draw.choice((1, 1, 1, 2, 3)), draw.choice((1, 1, 1, 2, 3)))
    per_channel = source[0] * math.prod(kernel)
    fitting = [channels for channels in _CHANNELS if channels * per_channel <= _MOST_WEIGHTS]
    return conv(draw, source, draw.choice(fitting), kernel, stride, padding)


def _random_pool(draw: Draw, source: Shape) -> pysnn.AvgPool2d | None:
    """Draw a pool whose windows tile the image, side by side or overlapping."""
    options = [
        (kernel, stride)
        for kernel in ((2, 2), (2, 2), (3, 3), (1, 2), (3, 2), (2, 1))
        for stride in (kernel, kernel, (1, 1), (kernel[0], 1))
        if all(
            size >= side and (size - side) % step == 0
            for size, side, step in zip(source[1:], kernel, stride, strict=True)
        )
    ]
    return pysnn.AvgPool2d(*draw.choice(options)) if options else None


def _layer_between(
    draw: Draw, source: Shape, target: Shape
) -> pysnn.Linear | pysnn.Conv2d | pysnn.AvgPool2d:
    """Draw one of the layers that lead from one shape to another."""
    if len(source) == len(target) == 3 and draw.chance(70):
        # Windows that begin side by side in the source, and reach its end.
        kernel = (source[1] - target[1] + 1, source[2] - target[2] + 1)
        if min(kernel) >= 1 and math.prod(kernel) <= 49:
            if source[0] == target[0] and draw.chance(50):
                return pysnn.AvgPool2d(kernel, stride=1)
            return conv(draw, source, target[0], kernel)
    return linear(draw, source, math.prod(target))
