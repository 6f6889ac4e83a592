"""Least squared error where pre-activations are normal (DCGS 2025)."""

from __future__ import annotations

import math

import numpy as np

from ...network import Network
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.linear_map import Doubles
from .method import PopulationScale, ScaleMethod, ScaleSettings, Sources
from .normal import erf_and_bell
from .readings import Readings

PERCENTILE = 99.9
"""Percentage of the values that may be negative which their scale covers."""
_ITERATIONS = 100


class GaussianScales(ScaleMethod):
    """Takes the scale that suits a normal variable of a channel's mean and variance.

    It has the least expected squared error between ReLU(z) and the nearest of ``num_steps`` equal
    steps up to the scale, which is what neurons count that begin at half a threshold; other initial
    potentials have the same scale. Values that may be negative are no ReLU's: 99.9 % of their sizes
    are covered.
    """

    reads = frozenset({"x", "per", "num_steps"})
    per = "channel"

    def of_populations(
        self, network: Network, folded: FoldedNetwork, settings: ScaleSettings
    ) -> PopulationScale:
        """Return what gives the scales, after a pass over the samples, or two."""
        readings = Readings(network, folded, settings)
        rectified = [each for each in readings.populations if each.is_rectified]
        others = [each for each in readings.populations if not each.is_rectified]
        found = readings.percentiles(PERCENTILE, others)
        for name, (mean, variance) in readings.moments(rectified).items():
            found[name] = gaussian_scale(mean, np.sqrt(variance), settings.num_steps)

        def gaussian(population: FoldedPopulation, sources: Sources) -> Doubles:
            return found[population.name]

        return gaussian


def gaussian_scale(mean: Doubles, deviation: Doubles, num_steps: int) -> Doubles:
    """Return the fixed point of the condition that the squared error is least, (channels,).

    Args:
        mean: Of the pre-activations, (channels,).
        deviation: Their standard deviations, (channels,).
        num_steps: Number of steps up to the scale.

    Returns:
        Scales; 0 where the iteration finds none, as for a channel that never fires.
    """
    odd = np.arange(1, 2 * num_steps, 2, dtype=np.float64)
    theta: Doubles = mean + 3 * deviation
    with np.errstate(all="ignore"):
        for _ in range(_ITERATIONS):
            theta = _factor(theta, mean, deviation, odd) * theta
        return np.where(np.isfinite(theta) & (theta > 0), theta, 0.0)


def _factor(theta: Doubles, mean: Doubles, deviation: Doubles, odd: Doubles) -> Doubles:
    """Return by what the scale must change: the ratio of two expectations."""
    n = len(odd)
    borders = odd[:, np.newaxis] * theta / (2 * n)
    erf, bell = erf_and_bell((borders - mean) / (math.sqrt(2) * deviation))
    # Added in order, unlike NumPy's own sums, whose order is the machine's.
    mean_erf, mean_bell, weighted = (
        np.add.accumulate(each, axis=0)[-1]
        for each in (erf / n, bell / n, odd[:, np.newaxis] / n**2 * erf)
    )
    above = mean / theta * (1 - mean_erf) + deviation / (theta * math.sqrt(math.pi / 2)) * mean_bell
    result: Doubles = above / (1 - weighted)
    return result
