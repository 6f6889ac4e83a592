"""Networks that begin at a population: what comes before it is their input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...spiking import INPUT, Population, SpikingNetwork


@dataclass(frozen=True, eq=False)
class Tail:
    """The populations of a network from one of them on.

    Attributes:
        network: The populations.
        source: Name of the population that is its input, or ``"input"``.
    """

    network: SpikingNetwork
    source: str


def tails(snn: SpikingNetwork) -> list[Tail]:
    """Return what follows the first 0, 1, 2, ... populations.

    Raises:
        ValueError: What follows one of them reads from several sources before it, though a
            network has but one input.
    """
    return [_tail(snn, first) for first in range(len(snn.populations))]


def _tail(snn: SpikingNetwork, first: int) -> Tail:
    if first == 0:
        return Tail(snn, INPUT)
    populations = snn.populations[first:]
    source = _one_source(populations)
    shapes = {INPUT: snn.input_shape, **{each.name: each.shape for each in snn.populations}}
    network = SpikingNetwork(shapes[source], precision=snn.precision)
    for population in populations:
        network.add_population(
            population.name,
            population.shape,
            threshold=population.threshold,
            reset=population.reset,
            refractory_period=population.refractory_period,
            initial_potential=population.initial_potential,
        )
        for projection in population.projections:
            before = INPUT if projection.source == source else projection.source
            network.connect(before, population.name, projection.layer)
    return Tail(network, source)


def _one_source(populations: Sequence[Population]) -> str:
    inside = {population.name for population in populations}
    sources = {
        projection.source
        for population in populations
        for projection in population.projections
        if projection.source not in inside
    }
    if len(sources) != 1:
        raise ValueError(
            f"snn has populations {sorted(inside)} that read from {sorted(sources)}, but a report "
            f"replaces what comes before a population by one input; expected one source"
        )
    return sources.pop()
