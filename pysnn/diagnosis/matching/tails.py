"""Networks that begin at a population: what comes before it is their input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...nodes import MaxPool2d, Shape
from ...spiking import INPUT, Population, SpikingNetwork
from ...spiking.neuron import WITHOUT_THRESHOLD
from .canvas import Canvas

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Tail:
    """The populations of a network from one of them on.

    Attributes:
        network: The populations, behind some that pass on spikes where there are several sources.
        sources: Names of the populations that are its input, or ``"input"``.
        canvas: How several sources make one input; None where there is one.
    """

    network: SpikingNetwork
    sources: tuple[str, ...]
    canvas: Canvas | None

    def samples(self, rates: Mapping[str, Floats]) -> Floats:
        """Return the input that stands for rates of the sources, one row per sample.

        Args:
            rates: As fractions of the highest one, by name of the source, (num_samples,
                num_neurons) each.
        """
        if self.canvas is None:
            return rates[self.sources[0]]
        return self.canvas.samples(rates)


def tails(snn: SpikingNetwork) -> list[Tail]:
    """Return what follows the first 0, 1, 2, ... populations."""
    return [_tail(snn, first) for first in range(len(snn.populations))]


def _tail(snn: SpikingNetwork, first: int) -> Tail:
    if first == 0:
        return Tail(snn, (INPUT,), None)
    populations = snn.populations[first:]
    sources = _sources(snn, populations)
    shapes = {INPUT: snn.input_shape, **{each.name: each.shape for each in snn.populations}}
    signed = {each.name for each in snn.populations if each.sends_negative}
    if snn.input_range.is_signed:
        signed.add(INPUT)
    # An input in [-1, 1], the rates of which stand for spikes of both signs.
    scale = 1.0 if signed & set(sources) else None
    if len(sources) == 1 and not _reads_pooled(populations, sources[0]):
        network = SpikingNetwork(shapes[sources[0]], precision=snn.precision, input_scale=scale)
        _copy(populations, network, {sources[0]: INPUT})
        return Tail(network, sources, None)
    canvas = Canvas.of({name: shapes[name] for name in sources})
    network = SpikingNetwork(canvas.shape, precision=snn.precision, input_scale=scale)
    passed = {name: _pass_on(network, canvas, name, shapes, name in signed) for name in sources}
    _copy(populations, network, passed)
    return Tail(network, sources, canvas)


def _sources(snn: SpikingNetwork, populations: Sequence[Population]) -> tuple[str, ...]:
    """Return what populations read that is none of them, in the order of the network."""
    inside = {population.name for population in populations}
    read = {each.source for population in populations for each in population.projections}
    names = (INPUT, *(population.name for population in snn.populations))
    return tuple(name for name in names if name in read - inside)


def _reads_pooled(populations: Sequence[Population], source: str) -> bool:
    """Return whether a max pool reads a source, which no input can be."""
    return any(
        each.source == source and isinstance(each.layer, MaxPool2d)
        for population in populations
        for each in population.projections
    )


def _pass_on(
    network: SpikingNetwork, canvas: Canvas, source: str, shapes: Mapping[str, Shape], signed: bool
) -> str:
    """Add neurons that fire with a part of the input, and return their name."""
    name = f"ideal {source}"
    network.add_population(
        name, shapes[source], reset="subtract", neuron="bipolar" if signed else "if"
    )
    network.connect(INPUT, name, canvas.reader(source))
    return name


def _copy(
    populations: Sequence[Population], network: SpikingNetwork, renamed: Mapping[str, str]
) -> None:
    for population in populations:
        has_threshold = population.neuron not in WITHOUT_THRESHOLD
        is_pool = population.neuron == "max_pool"
        network.add_population(
            population.name,
            population.shape,
            threshold=population.threshold if has_threshold else 1.0,
            reset=population.reset,
            refractory_period=population.refractory_period,
            initial_potential=0.0 if is_pool else population.initial_potential,
            neuron=population.neuron,
            negative_threshold=(
                population.negative_threshold if population.neuron == "signed" else 0.0
            ),
            leak=population.leak if population.neuron == "leaky" else 1.0,
            delay=population.delay,
            bias=population.bias,
        )
        for projection in population.projections:
            source = renamed.get(projection.source, projection.source)
            network.connect(source, population.name, projection.layer)
