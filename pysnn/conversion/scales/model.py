"""Model-based normalization (Diehl et al. 2015, section III)."""

from __future__ import annotations

import math

import numpy as np

from ... import _core
from ...network import Network
from ...nodes import AvgPool2d, MaxPool2d
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.channels import Channels
from ..folding.convolution import Convolution
from ..folding.dense import Dense
from ..folding.folded_network import AnyMap, spread_bias
from ..folding.linear_map import Doubles
from .method import PaperMethod, PopulationScale, Scales, ScaleSettings, Sources


class ModelScales(PaperMethod):
    """Divides by the largest sum of positive weights (and positive bias) of a node's neurons."""

    reads = frozenset({"include_last"})

    def find(self, network: Network, settings: ScaleSettings) -> Scales:
        """Return the scales, which need no data."""
        return Scales.from_core(
            _core.model_based_normalization(
                network.to_core(), settings.include_last, settings.num_threads
            )
        )

    def of_populations(
        self, network: Network, folded: FoldedNetwork, settings: ScaleSettings
    ) -> PopulationScale:
        """Return what gives the largest value that any input can cause."""
        return largest_possible


def largest_possible(population: FoldedPopulation, sources: Sources) -> Doubles:
    """Return the largest value that a neuron can reach, by the signs of its weights."""
    size = math.prod(population.shape)
    positive, negative = np.zeros(size), np.zeros(size)
    for each in population.projections:
        up, down = _sums(each.map)
        if each.source in sources.signed:
            up = down = up + down
        for total, part in ((positive, up), (negative, down)):
            total += sources.bounds[each.source] * np.repeat(part, size // len(part))
    if population.bias is not None:
        bias = np.broadcast_to(spread_bias(population.bias, population.shape), population.shape)
        positive += np.maximum(bias, 0).reshape(-1)
        negative += np.maximum(-bias, 0).reshape(-1)
    largest = float(positive.max())
    return np.array([largest if population.is_rectified else max(largest, float(negative.max()))])


def _sums(linear_map: AnyMap) -> tuple[Doubles, Doubles]:
    """Return sums of positive weights and of negative ones' sizes by output channel or element."""
    match linear_map:
        case Channels():
            weight = np.zeros(linear_map.out_channels)
            first = linear_map.first_channel
            weight[first : first + len(linear_map.weight)] = linear_map.weight
            rows = weight.reshape(-1, 1)
        case Convolution() | Dense():
            rows = linear_map.weight.reshape(len(linear_map.weight), -1)
        case AvgPool2d() | MaxPool2d():
            raise AssertionError("pools have their source's scale")
    return np.maximum(rows, 0).sum(axis=1), np.maximum(-rows, 0).sum(axis=1)
