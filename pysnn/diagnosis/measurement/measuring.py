"""The simulations of a diagnosis, part of a batch by part, and the sums that they leave."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...spiking import INPUT, SpikingNetwork
from ..matching.mapping import Stage
from ..matching.tails import Tail, tails
from .setting import Setting
from .sums import PopulationSums


class Measurement:
    """Everything that is simulated, for the samples so far.

    Predictions are by the class with most output spikes, (num_samples,) each:

    Attributes:
        by_seed: Of Poisson input, one array per seed.
        regular: Of evenly spaced input.
        constant: Of constant current.
        replaced: Where the first 1, 2, ... populations are replaced by their ideal rates.
        ideal: Of the ReLU network.
        populations: Sums by population.

    Raises:
        ValueError: A population and those behind it have several sources before it.
    """

    def __init__(
        self, snn: SpikingNetwork, stages: list[Stage], setting: Setting, num_samples: int
    ) -> None:
        self._snn = snn
        self._stages = stages
        self._setting = setting
        self._tails = tails(snn)

        def predictions() -> NDArray[np.int64]:
            return np.zeros(num_samples, dtype=np.int64)

        self.by_seed = [predictions() for _ in setting.seeds]
        self.constant = predictions()
        self.ideal = predictions()
        self._by_tail = [predictions() for _ in self._tails]
        self.regular, *self.replaced = self._by_tail
        self.populations = [
            PopulationSums.zeros(num_samples, stage.population.num_neurons) for stage in stages
        ]

    def add(
        self,
        rows: slice,
        x: NDArray[np.float32],
        sample_ids: NDArray[np.uint64],
        activations: list[NDArray[np.float32]],
    ) -> None:
        """Simulate some samples.

        Args:
            rows: Their place in the batch.
            x: Their intensities.
            sample_ids: Their numbers for the generator of Poisson input.
            activations: Outputs of every node of the ReLU network for them.
        """
        num_samples = rows.stop - rows.start
        for stage, sums in zip(self._stages, self.populations, strict=True):
            values = activations[stage.position].reshape(num_samples, -1)
            sums.activation[rows] = values / stage.scale.astype(np.float32)
        self.ideal[rows] = activations[-1].reshape(num_samples, -1).argmax(axis=1)
        self._add_seeds(rows, x, sample_ids)
        self.constant[rows] = self._setting.run_without_chance(self._snn, x, "constant").predictions
        ideal_rates = {INPUT: x} | {
            stage.population.name: sums.activation[rows]
            for stage, sums in zip(self._stages, self.populations, strict=True)
        }
        for k, tail in enumerate(self._tails):
            # A rate can't exceed one spike per step of an intensity of 1.
            source = np.minimum(ideal_rates[tail.source], np.float32(1.0))
            self._by_tail[k][rows] = self._add_alone(k, tail, rows, source)

    def _add_seeds(self, rows: slice, x: NDArray[np.float32], ids: NDArray[np.uint64]) -> None:
        setting = self._setting
        counts: list[list[NDArray[np.uint32]]] = [[] for _ in self.populations]
        for i, seed in enumerate(setting.seeds):
            what = "balance" if i == 0 else "counts"
            result = setting.run_poisson(self._snn, x, seed=seed, sample_ids=ids, record=what)
            self.by_seed[i][rows] = result.predictions
            for k, (stage, sums) in enumerate(zip(self._stages, self.populations, strict=True)):
                name = stage.population.name
                if i == 0:
                    balance = result.balance[name]
                    sums.add_charges(balance)
                    sums.rate[rows] = balance.spike_counts / setting.spikes_per_unit
                    sums.in_network.add(self._due(sums, rows), balance)
                    counts[k].append(balance.spike_counts)
                else:
                    counts[k].append(result.counts[name])
        if len(setting.seeds) > 1:
            for sums, by_seed in zip(self.populations, counts, strict=True):
                rates = np.stack(by_seed) / setting.spikes_per_unit
                sums.seed_variance += float(rates.var(axis=0, ddof=1).mean(axis=1).sum())

    def _add_alone(
        self, k: int, tail: Tail, rows: slice, x: NDArray[np.float32]
    ) -> NDArray[np.int64]:
        name = self._stages[k].population.name
        result = self._setting.run_without_chance(
            tail.network, x, "regular", record={"balance": [name]}
        )
        sums = self.populations[k]
        balance = result.balance[name]
        sums.alone.add(self._due(sums, rows), balance)
        sums.spikes_alone += balance.spike_counts.sum(axis=0, dtype=np.int64)
        return result.predictions

    def _due(self, sums: PopulationSums, rows: slice) -> NDArray[np.float64]:
        due: NDArray[np.float64] = (
            sums.activation[rows].astype(np.float64) * self._setting.spikes_per_unit
        )
        return due
