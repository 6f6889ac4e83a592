"""Mean activations of the values that populations stand for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .._base.progress import progress_bar
from ..network import Network
from ..network.forward import ForwardPass
from .folding import FoldedPopulation
from .folding.linear_map import Doubles
from .scales import ScaleSettings

_BLOCK = 64  # samples whose activations are in memory at a time


class ActivationMeans:
    """Means over samples, of what populations stand for: in float64, over blocks in order.

    Args:
        network: The network that was folded.
        populations: Those whose means are asked for; no pools.
        settings: The samples, and how they are computed.
    """

    def __init__(
        self, network: Network, populations: Sequence[FoldedPopulation], settings: ScaleSettings
    ) -> None:
        samples = settings.x
        assert samples is not None, "samples are there where means are asked for"
        sums: dict[str, Doubles] = {each.name: np.zeros(each.shape) for each in populations}
        forward = ForwardPass(
            network.to_core(), batch_size=settings.batch_size, num_threads=settings.num_threads
        )
        with progress_bar(
            len(samples), "mean activations", progress=settings.progress, unit="sample"
        ) as bar:
            for start in range(0, len(samples), _BLOCK):
                block = samples[start : start + _BLOCK]
                outputs = dict(zip(network.layer_names, forward.activations(block), strict=True))
                for each in populations:
                    values = each.of_node(outputs[each.node])
                    sums[each.name] += values.sum(axis=0, dtype=np.float64)
                bar.advance(len(block))
        self._means = {name: each.reshape(-1) / len(samples) for name, each in sums.items()}

    def of(self, population: FoldedPopulation) -> Doubles:
        """Return the mean of each neuron, (num_neurons,)."""
        return self._means[population.name]
