"""Data-based normalization (Diehl et al. 2015, section III)."""

from __future__ import annotations

import numpy as np

from ... import _core
from ..._base.progress import progress_bar
from ...network import Network
from ...network.forward import Floats, ForwardPass
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.convolution import Convolution
from ..folding.dense import Dense
from ..folding.linear_map import Doubles
from .method import PaperMethod, PopulationScale, Scales, ScaleSettings, Sources
from .readings import Readings


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
                    for largest in _largest_activations(_forward_pass(network, settings), settings)
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
        found = Readings(network, folded, settings).largest()

        def largest_on_samples(population: FoldedPopulation, sources: Sources) -> Doubles:
            largest = float(found[population.name][0])
            weights = [
                float(each.map.weight.max())
                for each in population.projections
                if isinstance(each.map, Convolution | Dense)
            ]
            return np.array([max([largest, *weights])])

        return largest_on_samples


def _forward_pass(network: Network, settings: ScaleSettings) -> ForwardPass:
    """Return the pass that samples run through."""
    return ForwardPass(
        network.to_core(), batch_size=settings.batch_size, num_threads=settings.num_threads
    )


def _largest_activations(forward: ForwardPass, settings: ScaleSettings) -> list[Floats]:
    """Return the largest activation of each channel of each node, (channels,), under a bar."""
    samples = settings.x
    assert samples is not None, "samples are there where x is read"
    with progress_bar(
        len(samples), "activations", progress=settings.progress, unit="sample"
    ) as bar:
        return forward.largest_activations(samples, bar.advance)
