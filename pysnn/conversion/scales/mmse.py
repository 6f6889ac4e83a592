"""Least squared error of the counts of spikes (Li et al., ICML 2021, section 4.1)."""

from __future__ import annotations

import numpy as np

from ...network import Network
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.linear_map import Doubles
from .method import PopulationScale, ScaleMethod, ScaleSettings, Sources
from .readings import Readings

FRACTIONS = 1 - 0.01 * np.arange(95)
"""Of the largest value, the candidates; from the largest on, which wins ties."""


class MmseScales(ScaleMethod):
    """Takes the scale whose counts of spikes after ``num_steps`` are nearest to the activations.

    Among 95 fractions of the largest value of a population or channel, from all of it down to 6 %,
    it is the one with the least mean squared error of the spikes that its neurons would send under
    constant input from their initial potential. (The published code floors without one and adds
    half a step to the biases.) Values that may be negative count with their size and begin at 0.
    """

    reads = frozenset({"x", "per", "num_steps"})

    def of_populations(
        self, network: Network, folded: FoldedNetwork, settings: ScaleSettings
    ) -> PopulationScale:
        """Return what gives the scales, after two passes over the samples."""
        readings = Readings(network, folded, settings)
        largest = readings.largest()
        # A dead channel has no error on any scale.
        candidates = {
            name: np.where(each > 0, each, 1.0)[:, np.newaxis] * FRACTIONS
            for name, each in largest.items()
        }
        shifts = {
            each.name: settings.shift if each.is_rectified else 0.0 for each in readings.populations
        }
        errors = readings.squared_errors(candidates, settings.num_steps, shifts)
        best = {name: np.argmin(each, axis=1) for name, each in errors.items()}

        def nearest(population: FoldedPopulation, sources: Sources) -> Doubles:
            name = population.name
            scale: Doubles = largest[name] * FRACTIONS[best[name]]
            return scale

        return nearest
