"""Thresholds that balance what they cut off (Bu et al. 2025, local threshold balancing)."""

from __future__ import annotations

from ...network import Network
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.linear_map import Doubles
from .method import PopulationScale, ScaleMethod, ScaleSettings, Sources
from .readings import Readings


class BalancedScales(ScaleMethod):
    """Raises thresholds from 0, batch by batch, by twice the mean of what they cut off.

    A batch is the next 100 samples, from the first again behind the last, and runs through the
    populations one after the other: the thresholds of each rise by twice the mean of
    max(0, z - threshold), and its values are cut off at them before they go on. Values that may be
    negative count with their size.
    """

    reads = frozenset({"x", "per", "num_updates"})
    per = "channel"

    def of_populations(
        self, network: Network, folded: FoldedNetwork, settings: ScaleSettings
    ) -> PopulationScale:
        """Return what gives the thresholds, after as many batches as there are updates."""
        found = Readings(network, folded, settings).balanced(settings.num_updates)

        def balanced(population: FoldedPopulation, sources: Sources) -> Doubles:
            return found[population.name]

        return balanced
