"""The simulations of a diagnosis, part of a batch by part, and the sums that they leave."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...parallel.messages.calls import Arrays, grouped
from ...spiking import INPUT, Population, SimulationResult, SpikingNetwork
from ...spiking.neuron import WITHOUT_THRESHOLD
from ..matching.mapping import Stage
from ..matching.tails import Tail
from .setting import Setting
from .sums import PopulationSums


class Measurement:
    """Everything that is simulated, for the samples so far.

    Predictions are by the class with most output spikes, (num_samples,) each:

    Attributes:
        by_seed: Of the network's own input: one array per seed, or one.
        regular: Of the same input without chance: evenly spaced, where it is drawn.
        constant: Of constant current.
        replaced: Where the first 1, 2, ... populations are replaced by their ideal rates.
        ideal: Of the ReLU network.
        populations: Sums by population.
    """

    def __init__(
        self,
        snn: SpikingNetwork,
        stages: list[Stage],
        following: list[Tail],
        setting: Setting,
        num_samples: int,
    ) -> None:
        self._snn = snn
        self._stages = stages
        self._setting = setting
        self._tails = following

        def predictions() -> NDArray[np.int64]:
            return np.zeros(num_samples, dtype=np.int64)

        self.by_seed = [predictions() for _ in setting.runs]
        self.constant = predictions()
        self.ideal = predictions()
        self._by_tail = [predictions() for _ in self._tails]
        self.regular, *self.replaced = self._by_tail
        self.populations = [
            PopulationSums.zeros(num_samples, stage.population.num_neurons) for stage in stages
        ]

    def merge(self, rows: slice, others: Measurement) -> None:
        """Add what was found of other samples, which are those of some rows."""
        for mine, its in zip(self._predictions(), others._predictions(), strict=True):
            mine[rows] = its
        for sums, its_sums in zip(self.populations, others.populations, strict=True):
            sums.merge(rows, its_sums)

    def arrays(self) -> Arrays:
        """Return what was found as arrays by name."""
        found: Arrays = {"predictions": np.array(self._predictions())}
        for k, sums in enumerate(self.populations):
            found |= {f"{k}/{name}": array for name, array in sums.arrays().items()}
        return found

    def take(self, arrays: Arrays) -> None:
        """Become what `arrays` gave these arrays for."""
        for mine, its in zip(self._predictions(), arrays["predictions"], strict=True):
            mine[:] = its
        by_population = grouped(arrays)
        self.populations = [
            PopulationSums.of(by_population[str(k)]) for k in range(len(self.populations))
        ]

    def _predictions(self) -> list[NDArray[np.int64]]:
        return [*self.by_seed, self.constant, self.ideal, *self._by_tail]

    def add(
        self,
        rows: slice,
        x: NDArray[np.float32],
        sample_ids: NDArray[np.uint64],
        activations: list[NDArray[np.float32]],
    ) -> None:
        """Simulate some samples, once for each place: sums are rounded in the order of these calls.

        Args:
            rows: Their place in the batch.
            x: Their intensities.
            sample_ids: Their numbers for the generator of Poisson input.
            activations: Outputs of every node of the ReLU network for them.
        """
        for stage, sums in zip(self._stages, self.populations, strict=True):
            sums.activation[rows] = stage.values(activations) / stage.scale.astype(np.float32)
        self.ideal[rows] = activations[-1].reshape(len(x), -1).argmax(axis=1)
        self._add_seeds(rows, x, sample_ids)
        self.constant[rows] = self._setting.run_without_chance(self._snn, x, "constant").predictions
        # A rate can't exceed one spike per step of an intensity of 1.
        ideal_rates = {
            stage.population.name: np.clip(sums.activation[rows], -1, 1)
            for stage, sums in zip(self._stages, self.populations, strict=True)
        }
        ideal_rates[INPUT] = self._input_rates(x)
        first, *others = self._tails
        self._by_tail[0][rows] = self._add_alone(0, first, rows, x)
        for k, tail in enumerate(others, start=1):
            source = tail.samples(ideal_rates)
            self._by_tail[k][rows] = self._add_alone(k, tail, rows, source)

    def _input_rates(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return samples as fractions of the largest one that the network takes, one row each."""
        affine, scale = self._snn.input_affine, self._snn.input_scale or 1.0
        by_channel = (1, -1, *[1] * (x.ndim - 2))
        values = x.astype(np.float64)
        if affine is not None:
            values = values * affine[0].reshape(by_channel) + affine[1].reshape(by_channel)
        return (values / scale).astype(np.float32).reshape(len(x), -1)

    def _add_seeds(self, rows: slice, x: NDArray[np.float32], ids: NDArray[np.uint64]) -> None:
        setting = self._setting
        counts: list[list[NDArray[Any]]] = [[] for _ in self.populations]
        for i, seed in enumerate(setting.runs):
            record = ("balance", "counts") if i == 0 else ("counts",)
            result = setting.run(self._snn, x, seed=seed, sample_ids=ids, record=record)
            self.by_seed[i][rows] = result.predictions
            for k, (stage, sums) in enumerate(zip(self._stages, self.populations, strict=True)):
                name = stage.population.name
                counts[k].append(_sent(result, stage.population))
                if i > 0:
                    continue
                sums.rate[rows] = counts[k][0] / setting.spikes_per_unit
                if name in result.balance:
                    sums.add_charges(result.balance[name])
                    sums.in_network.add(self._due(sums, rows), result.balance[name])
        if len(setting.seeds) > 1:
            for sums, by_seed in zip(self.populations, counts, strict=True):
                rates = np.stack(by_seed) / setting.spikes_per_unit
                sums.seed_variance += float(rates.var(axis=0, ddof=1).mean(axis=1).sum())

    def _add_alone(
        self, k: int, tail: Tail, rows: slice, x: NDArray[np.float32]
    ) -> NDArray[np.int64]:
        # All but the whole network are driven by rates.
        encoding = self._setting.without_chance if k == 0 else "regular"
        population = self._stages[k].population
        what = "counts" if population.neuron in WITHOUT_THRESHOLD else "balance"
        result = self._setting.run_without_chance(
            tail.network, x, encoding, record={what: [population.name]}
        )
        sums = self.populations[k]
        if what == "counts":
            sums.spikes_alone += (_sent(result, population) != 0).sum(axis=0)
            return result.predictions
        balance = result.balance[population.name]
        sums.alone.add(self._due(sums, rows), balance)
        # Spikes of either sign show that a neuron is not dead.
        sums.spikes_alone += np.abs(balance.spike_counts).sum(axis=0, dtype=np.int64)
        return result.predictions

    def _due(self, sums: PopulationSums, rows: slice) -> NDArray[np.float64]:
        due: NDArray[np.float64] = (
            sums.activation[rows].astype(np.float64) * self._setting.spikes_per_unit
        )
        return due


def _sent(result: SimulationResult, population: Population) -> NDArray[Any]:
    """Return the spikes that neurons sent, or the potentials of a readout, which stand for them.

    Returns:
        (num_samples, num_neurons).
    """
    if population.neuron == "readout":
        last: NDArray[np.float32] = result.output_potentials[-1]
        return last
    return result.counts(population.name)
