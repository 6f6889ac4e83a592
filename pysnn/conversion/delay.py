"""How long the first spikes take to the output (Bu et al. 2025, "delayed evaluation")."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from ..network import INPUT
from .folding import FoldedNetwork, FoldedPopulation
from .folding.linear_map import Doubles
from .neuron_settings import NeuronSettings

LEAST_STEPS = 4
"""Steps that a delayed readout adds at least."""


def latency(
    folded: FoldedNetwork,
    scales: Mapping[str, Doubles],
    neurons: NeuronSettings,
    means: Mapping[str, Doubles],
) -> float:
    """Return how many steps it takes on average until spikes reach the output.

    A population takes as many as its most active neuron needs to get from its initial potential to
    its threshold, at its mean activation; the longest path from the input counts.

    Args:
        folded: The populations.
        scales: By population, what a spike in every step stands for.
        neurons: Settings of neurons.
        means: Mean activations of the neurons of populations that are no pools, (num_neurons,).
    """
    reached = {INPUT: 0.0}
    for population in folded.populations:
        before = max(reached[each.source] for each in population.projections)
        reached[population.name] = before + _own(population, scales, neurons, means)
    return reached[folded.populations[-1].name]


def readout_delay(steps: float, num_steps: int) -> int:
    """Return a latency in whole steps that leaves some of ``num_steps`` to the readout."""
    if not math.isfinite(steps):
        return max(num_steps - LEAST_STEPS, 0)
    return max(min(round(steps), num_steps - LEAST_STEPS), 0)


def _own(
    population: FoldedPopulation,
    scales: Mapping[str, Doubles],
    neurons: NeuronSettings,
    means: Mapping[str, Doubles],
) -> float:
    if not population.is_rectified:
        return 0.0
    name = population.name
    to_go = neurons.threshold_of(name) - neurons.initial_potential_of(name)
    by_channel = means[name].reshape(population.shape[0], -1).max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = max(to_go, 0.0) * scales[name] / by_channel
    # Where neurons begin at their thresholds, also those that nothing drives fire at once.
    return float(np.min(np.where(np.isnan(steps), 0.0, steps)))
