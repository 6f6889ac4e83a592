"""Percentiles of activations (Rueckauer et al. 2017, section 2.2.2)."""

from __future__ import annotations

from ...network import Network
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.linear_map import Doubles
from .method import PopulationScale, ScaleMethod, ScaleSettings, Sources
from .readings import Readings


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
        found = Readings(network, folded, settings).percentiles(settings.percentile)

        def percentile(population: FoldedPopulation, sources: Sources) -> Doubles:
            return found[population.name]

        return percentile
