"""Mean activations of the values that populations stand for."""

from __future__ import annotations

from ..network import Network
from .folding import FoldedNetwork, FoldedPopulation
from .folding.linear_map import Doubles
from .scales import ScaleSettings
from .scales.readings import Readings


class ActivationMeans:
    """Means over samples, of what populations that are no pools stand for.

    Args:
        network: The network that was folded.
        folded: Its populations.
        settings: The samples, and how they are computed.
    """

    def __init__(self, network: Network, folded: FoldedNetwork, settings: ScaleSettings) -> None:
        self._means = Readings(network, folded, settings).neuron_means()

    def of(self, population: FoldedPopulation) -> Doubles:
        """Return the mean of each neuron, (num_neurons,)."""
        return self._means[population.name]
