"""No normalization."""

from __future__ import annotations

import numpy as np

from ...network import Network
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.linear_map import Doubles
from .method import PaperMethod, PopulationScale, Scales, ScaleSettings, Sources


class NoScales(PaperMethod):
    """Leaves everything as it is: every scale is 1."""

    reads: frozenset[str] = frozenset()

    def find(self, network: Network, settings: ScaleSettings) -> Scales:
        """Return 1 for every node."""
        ones = tuple(np.ones(1) for _ in network.graph.nodes)
        return Scales(ones, ones)

    def of_populations(
        self, network: Network, folded: FoldedNetwork, settings: ScaleSettings
    ) -> PopulationScale:
        """Return what gives 1 for every population."""
        return _one


def _one(population: FoldedPopulation, sources: Sources) -> Doubles:
    return np.ones(1)
