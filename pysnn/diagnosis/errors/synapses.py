"""What the rounded synapses of a spiking network pass on, in float64."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from ...conversion.folding.averages import pool_sums
from ...conversion.folding.channels import Channels
from ...conversion.folding.convolution import Convolution
from ...conversion.folding.maxima import window_maxima
from ...nodes import AvgPool2d, Conv2d, Identity, Linear, MaxPool2d, Shape
from ...nodes.registry import AnySynapses
from ...spiking import INPUT, Population, Projection, SpikingNetwork

Doubles = NDArray[np.float64]

_INPUT_UNITS = 2.0**24  # of a constant input, see docs/semantics.md


class Synapses:
    """The synapses of a population, and what it receives in every step under constant input.

    Args:
        snn: The network.
        population: One of its populations.
        input_spikes: Spikes in a step that the largest input stands for, ``max_rate * dt``.
    """

    def __init__(self, snn: SpikingNetwork, population: Population, input_spikes: float) -> None:
        self._population = population
        self._inputs = snn.input_range
        self._input_spikes = input_spikes
        self._shapes = {
            INPUT: snn.input_shape,
            **{each.name: each.shape for each in snn.populations},
        }
        projections = population.projections
        self._inner = [each for each in projections if each.source != INPUT]
        self._outer = [each for each in projections if each.source == INPUT]

    def received(self, sent: Mapping[str, Doubles]) -> Doubles:
        """Return the charge of the spikes of all populations that are sources; of a max pool, the
        largest number of spikes.

        Args:
            sent: Spikes by population, (num_samples, num_neurons) each, whole or not.

        Returns:
            (num_samples, num_neurons); (1, 1) of zeros where the input is the only source.
        """
        total = np.zeros((1, 1))
        for each in self._inner:
            shape = self._shapes[each.source]
            total = total + _passed(each, sent[each.source].reshape(-1, *shape))
        return total

    def steady(self, x: NDArray[np.float32]) -> Doubles:
        """Return the current of bias and constant input in every step, to the bit.

        Args:
            x: Samples, (num_samples, *input_shape).

        Returns:
            (num_samples, num_neurons).
        """
        grid = self._population.grid.astype(np.float64)
        current = np.rint(self._bias() * self._input_spikes / grid) * grid
        current = np.broadcast_to(current, (len(x), current.size))
        if not self._outer:
            return current
        unit = self._inputs.mapped(x) / self._inputs.scale * self._input_spikes
        counted = np.rint(unit * _INPUT_UNITS)
        charge = np.zeros((1, 1))
        for each in self._outer:
            charge = charge + _passed(each, counted)
        result: Doubles = current + np.rint(charge / _INPUT_UNITS / grid) * grid
        return result

    def arrivals(self, first: Mapping[str, Doubles]) -> Doubles:
        """Return the first step in which a spike of a population can reach each neuron.

        Args:
            first: First step with a spike by population, inf without one, (num_samples,
                num_neurons) each.

        Returns:
            (num_samples, num_neurons), inf where none can; (1, 1) of it where the input is the
            only source.
        """
        earliest = np.full((1, 1), np.inf)
        for each in self._inner:
            steps = first[each.source].reshape(-1, *self._shapes[each.source])
            earliest = np.minimum(earliest, _arrival(_kind(each), steps))
        return earliest

    def _bias(self) -> Doubles:
        population = self._population
        total = np.zeros(population.num_neurons)
        if population.bias is not None:
            total += population.bias
        for each in population.projections:
            if each.bias is not None:
                total += np.repeat(each.bias, population.num_neurons // len(each.bias))
        return total


def _kind(projection: Projection) -> AnySynapses:
    layer = projection.layer
    assert isinstance(layer, Linear | Conv2d | AvgPool2d | Identity | MaxPool2d)
    return layer


def _passed(projection: Projection, x: Doubles) -> Doubles:
    """Return sums of weights times numbers of the source, (num_samples, num_neurons)."""
    layer, weight = _kind(projection), projection.weight.astype(np.float64)
    match layer:
        case Linear():
            return x.reshape(len(x), -1) @ weight.T
        case Conv2d():
            geometry = (layer.stride, layer.sides, layer.dilation, layer.groups)
            sums = Convolution(weight, *geometry).apply(x)
        case AvgPool2d():
            of_channel = weight if weight.ndim == 3 else weight.reshape(-1, 1, 1)
            sums = pool_sums(layer, x.shape[1:]).apply(x) * of_channel
        case Identity():
            sums = _channels(layer, weight).apply(x)
        case MaxPool2d():
            sums = window_maxima(layer.windows, x)
        case _:
            assert_never(layer)
    return sums.reshape(len(x), -1)


def _arrival(layer: AnySynapses, first: Doubles) -> Doubles:
    """Return the earliest of the steps that each neuron's synapses come from."""
    count = len(first)
    match layer:
        case Linear():
            earliest = first.reshape(count, -1).min(axis=1, keepdims=True)
            return np.repeat(earliest, layer.out_features, axis=1)
        case Conv2d():
            grouped = first.reshape(count, layer.groups, -1, *first.shape[2:]).min(axis=2)
            seen = -window_maxima(layer.windows, -grouped)
            return np.repeat(seen, layer.out_channels // layer.groups, axis=1).reshape(count, -1)
        case AvgPool2d() | MaxPool2d():
            return -window_maxima(layer.windows, -first).reshape(count, -1)
        case Identity():
            return _passed_on(layer, first)
        case _:
            assert_never(layer)


def _passed_on(layer: Identity, first: Doubles) -> Doubles:
    shape: Shape = layer.output_shape(first.shape[1:])
    earliest = np.full((len(first), *shape), np.inf)
    reached = slice(layer.first_channel, layer.first_channel + layer.in_channels)
    earliest[:, reached] = first if first.ndim == 2 else -window_maxima(layer.windows, -first)
    return earliest.reshape(len(first), -1)


def _channels(layer: Identity, weight: Doubles) -> Channels:
    windows = layer.windows
    (rows, columns) = windows.axes
    return Channels(
        weight,
        (rows.stride, columns.stride),
        (rows.before, rows.after, columns.before, columns.after),
        layer.out_channels,
        layer.first_channel,
    )
