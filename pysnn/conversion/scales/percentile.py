"""Percentiles of activations (Rueckauer et al. 2017, section 2.2.2)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..._base.memory import check_memory
from ..._base.progress import progress_bar
from ...network import INPUT, Network
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.linear_map import Doubles
from .data import BLOCK, forward_pass
from .method import PopulationScale, ScaleMethod, ScaleSettings, Sources

LEAST_SCALE = 1e-3
"""Smallest scale of a channel, as a fraction of the layer's largest: a channel that hardly ever
fires would else turn its rare activations into a spike in every step."""


class PercentileScales(ScaleMethod):
    """Covers a percentage of a population's values on samples, or of each of its channels'.

    Zeros count, and populations that may be negative have their absolute values. The outputs have
    one scale for all, as they are compared.
    """

    reads = frozenset({"x", "per", "percentile"})

    def of_populations(
        self, network: Network, folded: FoldedNetwork, settings: ScaleSettings
    ) -> PopulationScale:
        """Return what gives the percentiles, after one pass over the samples."""
        tops = _tops(network, folded, settings)

        def percentile(population: FoldedPopulation, sources: Sources) -> Doubles:
            found = tops[population.name].percentile()
            scale: Doubles = np.maximum(found, LEAST_SCALE * found.max())
            return scale

        return percentile


class LargestValues:
    """The largest of many values that come in parts, by channel, as many as a percentile needs.

    Args:
        num_channels: Number of channels.
        num_values: Values per channel that will come in all.
        percentile: The percentile, in [0, 100].

    Raises:
        MemoryError: They would not fit into the machine's memory.
    """

    def __init__(self, num_channels: int, num_values: int, percentile: float) -> None:
        place = (num_values - 1) * (percentile / 100)
        self._below = min(int(place), num_values - 1)
        self._fraction = place - self._below
        kept = num_values - self._below
        check_memory("the largest activations", (num_channels, kept), 4)
        self._kept: NDArray[np.float32] = np.empty((num_channels, 0), dtype=np.float32)
        self._most = kept

    def add(self, values: NDArray[np.float32]) -> None:
        """Take values, (num_channels, any number)."""
        joined = np.concatenate([self._kept, values], axis=1)
        surplus = joined.shape[1] - self._most
        if surplus > 0:
            joined = np.partition(joined, surplus, axis=1)[:, surplus:].copy()
        self._kept = joined

    def percentile(self) -> Doubles:
        """Return the percentile of all values, (num_channels,), interpolated linearly."""
        assert self._kept.shape[1] == self._most, "all values have come"
        ends = np.partition(self._kept, min(1, self._most - 1), axis=1).astype(np.float64)
        low, high = ends[:, 0], ends[:, min(1, self._most - 1)]
        result: Doubles = low + (high - low) * self._fraction
        return result


def _tops(
    network: Network, folded: FoldedNetwork, settings: ScaleSettings
) -> dict[str, LargestValues]:
    samples = settings.x
    assert samples is not None, "samples are there where x is read"
    wanted = [each for each in folded.populations if not each.is_pool]
    compared = _compared(folded)
    num_channels = {
        each.name: each.shape[0] if settings.per == "channel" and each.name not in compared else 1
        for each in wanted
    }
    tops = {
        each.name: LargestValues(
            num_channels[each.name],
            len(samples) * math.prod(each.shape) // num_channels[each.name],
            settings.percentile,
        )
        for each in wanted
    }
    forward = forward_pass(network, settings)
    with progress_bar(
        len(samples), "activations", progress=settings.progress, unit="sample"
    ) as bar:
        for start in range(0, len(samples), BLOCK):
            block = samples[start : start + BLOCK]
            outputs = dict(zip(network.layer_names, forward.activations(block), strict=True))
            for each in wanted:
                values = _values(each, outputs[each.node])
                rows = values if num_channels[each.name] == 1 else values.swapaxes(0, 1)
                tops[each.name].add(rows.reshape(num_channels[each.name], -1))
            bar.advance(len(block))
    return tops


def _compared(folded: FoldedNetwork) -> set[str]:
    """Return the output and, where it is a pool, whose spikes it passes on."""
    population = folded.populations[-1]
    names = {population.name}
    while population.is_pool and population.projections[0].source != INPUT:
        population = folded[population.projections[0].source]
        names.add(population.name)
    return names


def _values(population: FoldedPopulation, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what a population stands for, of the outputs of its node."""
    if not population.is_rectified:
        return np.abs(outputs)
    return np.clip(outputs, 0, population.max)
