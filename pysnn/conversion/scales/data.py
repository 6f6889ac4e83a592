"""Data-based normalization (Diehl et al. 2015, section III)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ... import _core
from ..._base.progress import progress_bar
from ...network import Network
from ...network.forward import Floats, ForwardPass
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.convolution import Convolution
from ..folding.dense import Dense
from ..folding.linear_map import Doubles
from .method import PaperMethod, PopulationScale, Scales, ScaleSettings, Sources

BLOCK = 64
"""Samples whose activations are in memory at a time."""


class DataScales(PaperMethod):
    """Takes a node's largest activation on samples, or its largest positive weight if larger."""

    reads = frozenset({"x", "variant", "include_last"})

    def find(self, network: Network, settings: ScaleSettings) -> Scales:
        """Return the scales, after one pass over the samples."""
        return Scales.from_core(
            _core.data_based_normalization(
                network.to_core(),
                [
                    float(largest.max())
                    for largest in _largest_activations(forward_pass(network, settings), settings)
                ],
                settings.include_last,
                settings.variant,
                settings.num_threads,
            )
        )

    def of_populations(
        self, network: Network, folded: FoldedNetwork, settings: ScaleSettings
    ) -> PopulationScale:
        """Return what gives the largest value on samples or the largest positive weight.

        Weights are those of convolutions and matrices; of populations that may be negative the
        largest absolute value counts.
        """
        ranges = _ranges(network, folded, settings)

        def largest_on_samples(population: FoldedPopulation, sources: Sources) -> Doubles:
            found = ranges[population.node]
            largest = found.high if population.is_rectified else max(found.high, -found.low)
            weights = [
                float(each.map.weight.max())
                for each in population.projections
                if isinstance(each.map, Convolution | Dense)
            ]
            return np.array([max([largest, *weights])])

        return largest_on_samples


def forward_pass(network: Network, settings: ScaleSettings) -> ForwardPass:
    """Return the pass that samples run through."""
    return ForwardPass(
        network.to_core(), batch_size=settings.batch_size, num_threads=settings.num_threads
    )


@dataclass(frozen=True, eq=False)
class _Range:
    """Lowest and highest value of a node on samples."""

    low: float
    high: float


def _largest_activations(forward: ForwardPass, settings: ScaleSettings) -> list[Floats]:
    """Return the largest activation of each channel of each node, (channels,), under a bar."""
    samples = settings.x
    assert samples is not None, "samples are there where x is read"
    with progress_bar(
        len(samples), "activations", progress=settings.progress, unit="sample"
    ) as bar:
        return forward.largest_activations(samples, bar.advance)


def _ranges(network: Network, folded: FoldedNetwork, settings: ScaleSettings) -> dict[str, _Range]:
    """Return lowest and highest values of nodes; the lowest only of those that need it."""
    samples = settings.x
    assert samples is not None, "samples are there where x is read"
    forward = forward_pass(network, settings)
    highest = _largest_activations(forward, settings)
    signed = {each.node for each in folded.populations if not each.is_rectified}
    lowest = _lowest(forward, network.layer_names, signed, samples)
    return {
        name: _Range(lowest.get(name, 0.0), float(high.max()))
        for name, high in zip(network.layer_names, highest, strict=True)
    }


def _lowest(
    forward: ForwardPass,
    names: tuple[str, ...],
    wanted: set[str],
    samples: NDArray[np.float32],
) -> dict[str, float]:
    if wanted <= {names[-1]}:
        return {names[-1]: float(forward.predict(samples).min())} if wanted else {}
    lowest = dict.fromkeys(wanted, math.inf)
    for start in range(0, len(samples), BLOCK):
        outputs = forward.activations(samples[start : start + BLOCK])
        for name, values in zip(names, outputs, strict=True):
            if name in wanted:
                lowest[name] = min(lowest[name], float(values.min()))
    return lowest
