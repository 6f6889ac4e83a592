"""The currents of a layer as NumPy products, for images in channel-last order."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from problem import Floats, Problem, Synapses

# From spikes as 0.0 / 1.0, (n, height, width, channels) or (n, inputs), to currents likewise.
Currents = Callable[[Floats], Floats]


def channel_last(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of an image, (channels, height, width), in channel-last order."""
    return shape if len(shape) == 1 else (*shape[1:], shape[0])


def moved(images: Floats) -> Floats:
    """Return images (n, channels, height, width) in channel-last order, anything else as it is."""
    return np.ascontiguousarray(np.moveaxis(images, 1, -1)) if images.ndim == 4 else images


def layers_currents(problem: Problem) -> list[Currents]:
    """Return the currents' function of every layer."""
    sources = [problem.input_shape, *(layer.output_shape for layer in problem.layers)]
    return [
        currents(layer, source) for layer, source in zip(problem.layers, sources[:-1], strict=True)
    ]


def currents(layer: Synapses, source_shape: tuple[int, ...]) -> Currents:
    """Return the currents' function of a layer that reads a source of a shape."""
    if layer.kind == "linear":
        return _linear(layer, source_shape)
    return _conv(layer) if layer.kind == "conv" else _pool(layer)


def linear_matrix(layer: Synapses, source_shape: tuple[int, ...]) -> Floats:
    """Return the weights of a linear layer, (inputs, outputs), for a channel-last source."""
    # Rows are reordered once, so that no image has to be.
    order = np.moveaxis(np.arange(math.prod(source_shape)).reshape(source_shape), 0, -1)
    return np.ascontiguousarray(layer.weight.T[order.reshape(-1)])


def _linear(layer: Synapses, source_shape: tuple[int, ...]) -> Currents:
    matrix = linear_matrix(layer, source_shape)
    return lambda spikes: spikes.reshape(len(spikes), -1) @ matrix


def _conv(layer: Synapses) -> Currents:
    channels, _, height, width = layer.weight.shape
    # Windows below have the axes (channel, height, width), as the kernels have.
    matrix = np.ascontiguousarray(layer.weight.reshape(channels, -1).T)
    (pad_y, pad_x), (step_y, step_x) = layer.padding, layer.stride

    def run(spikes: Floats) -> Floats:
        if pad_y or pad_x:
            spikes = np.pad(spikes, ((0, 0), (pad_y, pad_y), (pad_x, pad_x), (0, 0)))
        windows = sliding_window_view(spikes, (height, width), axis=(1, 2))
        windows = windows[:, ::step_y, ::step_x]
        product = windows.reshape(-1, len(matrix)) @ matrix
        return product.reshape(*windows.shape[:3], channels)

    return run


def _pool(layer: Synapses) -> Currents:
    (height, width), (step_y, step_x) = layer.kernel_size, layer.stride
    rows, columns = layer.output_shape[1:]

    def run(spikes: Floats) -> Floats:
        total = np.zeros((len(spikes), rows, columns, spikes.shape[3]), dtype=np.float32)
        for y in range(height):
            for x in range(width):
                total += spikes[
                    :, y : y + step_y * rows : step_y, x : x + step_x * columns : step_x
                ]
        total *= layer.weight
        return total

    return run


def in_batches(
    run: Callable[[NDArray[Any]], NDArray[Any]], inputs: NDArray[Any], size: int
) -> NDArray[Any]:
    """Return what a function that takes batches of one size makes of any number of inputs."""
    count = len(inputs)
    filled = np.resize(inputs, (-(-count // size) * size, *inputs.shape[1:]))
    parts = [run(filled[first : first + size]) for first in range(0, len(filled), size)]
    return np.concatenate(parts)[:count]
