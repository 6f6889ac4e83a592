"""Scales of the populations of a folded network, by any of the methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..network import INPUT, Network
from .folding import FoldedNetwork, FoldedPopulation
from .folding.linear_map import Doubles
from .input_range import InputRange
from .scales import SCALE_METHODS, Method, ScaleSettings, Sources

LEAST_SCALE = 1e-3
"""Smallest scale of a channel, as a fraction of the layer's largest: a channel that hardly ever
fires would else turn its rare activations into a spike in every step."""


@dataclass(frozen=True, eq=False)
class PopulationScales:
    """What a spike in every step stands for.

    Attributes:
        by_name: By population: one number, (1,), or one per channel.
        raised: By population, how many channels are nearly dead and got the least scale instead of
            their own; only those where there are some.
    """

    by_name: dict[str, Doubles]
    raised: dict[str, int]


def population_scales(
    network: Network,
    folded: FoldedNetwork,
    inputs: InputRange,
    method: Method,
    settings: ScaleSettings,
) -> PopulationScales:
    """Return what a spike in every step stands for, by population.

    Pools have their source's. A channel's is at least a thousandth of the population's largest.

    Args:
        network: The network that was folded.
        folded: Its populations.
        inputs: What inputs may be.
        method: Name of the method.
        settings: What the method reads.

    Raises:
        ValueError: A scale would be 0 (names the population), or ``include_last`` is False and the
            sources of the last population have several scales.
    """
    find = SCALE_METHODS[method].of_populations(network, folded, settings)
    scales: dict[str, Doubles] = {INPUT: np.ones(1)}
    raised: dict[str, int] = {}
    # What a source can be at most, which for the input is not what its weights are divided by.
    bounds: dict[str, float] = {INPUT: inputs.largest}
    signed = {INPUT} if inputs.is_signed else set[str]()
    for population in folded.populations:
        source = population.projections[0].source
        if population.is_pool:
            # Of the input, whose weights the core multiplies by what a spike of it stands for.
            scale = np.array([inputs.largest]) if source == INPUT else scales[source]
            bounds[population.name] = bounds[source]
        else:
            scale = find(population, Sources(bounds, frozenset(signed)))
            if population.max is not None and method != "none":
                scale = np.minimum(scale, population.max)
            least = LEAST_SCALE * scale.max()
            if (scale < least).any():
                raised[population.name] = int((scale < least).sum())
                scale = np.maximum(scale, least)
            bounds[population.name] = float(scale.max())
        if source in signed if population.is_pool else not population.is_rectified:
            signed.add(population.name)
        scales[population.name] = _checked(population, scale)
    if not settings.include_last:
        last = folded.populations[-1]
        scales[last.name] = _scale_of_sources(last, scales)
    del scales[INPUT]
    return PopulationScales(scales, raised)


def _checked(population: FoldedPopulation, scale: Doubles) -> Doubles:
    if not ((scale > 0).all() and np.isfinite(scale).all()):
        raise ValueError(
            f"population {population.name!r} would have the scale {float(scale.min())}, but needs "
            f"one above 0: nothing makes it fire"
        )
    return scale


def _scale_of_sources(last: FoldedPopulation, scales: Mapping[str, Doubles]) -> Doubles:
    found = {each.source: scales[each.source] for each in last.projections}
    every = np.unique(np.concatenate(list(found.values())))
    if len(every) != 1:
        texts = {
            name: float(each[0]) if each.size == 1 else "by channel" for name, each in found.items()
        }
        raise ValueError(
            f"include_last is False, but {last.name!r} has sources of several scales, {texts}, by "
            f"which its weights must be multiplied"
        )
    return every
