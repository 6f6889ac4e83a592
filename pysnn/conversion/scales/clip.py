"""Ceilings that the network itself has (Bu et al., ICLR 2022)."""

from __future__ import annotations

import numpy as np

from ...network import Network
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.linear_map import Doubles
from .method import PopulationScale, ScaleMethod, ScaleSettings, Sources
from .model import largest_possible
from .readings import Readings

PERCENTILE = 99.9
"""Percentage of the values that may be negative which their scale covers."""


class ClipScales(ScaleMethod):
    """Takes the largest value that each ReLU lets through, as ReLU6 and QCFS have one.

    Values that may be negative have no ceiling: 99.9 % of their sizes are covered where there are
    samples, and else all that any input can cause.
    """

    reads = frozenset({"x"})
    optional = frozenset({"x"})

    def of_populations(
        self, network: Network, folded: FoldedNetwork, settings: ScaleSettings
    ) -> PopulationScale:
        """Return what gives the ceilings.

        Raises:
            ValueError: A ReLU has none (names it).
        """
        unbounded = []
        for each in folded.populations:
            if each.is_pool or each.max is not None:
                continue
            if each.is_rectified:
                raise ValueError(
                    f"network has {each.name!r} without a ceiling, but method 'clip' needs "
                    f"ReLU(max=...) everywhere; method 'percentile' finds scales by samples"
                )
            unbounded.append(each)
        found: dict[str, Doubles] = {}
        if settings.x is not None:
            found = Readings(network, folded, settings).percentiles(PERCENTILE, unbounded)

        def ceiling(population: FoldedPopulation, sources: Sources) -> Doubles:
            if population.max is not None:
                return np.array([population.max])
            if population.name in found:
                return found[population.name]
            return largest_possible(population, sources)

        return ceiling
