"""The simulations of a diagnosis, part of a batch by part, and the sums that they leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..spiking import Balance, Encoding, SimulationResult, SpikingNetwork, simulate
from .mapping import Stage, tail
from .shortfall import ShortfallSums


@dataclass(frozen=True)
class Setting:
    """How the network is driven.

    Attributes:
        num_steps: Steps of each simulation.
        dt: Length of a step in s.
        max_rate: Rate in Hz that an intensity of 1 stands for.
        seeds: Seeds of Poisson input.
        num_threads: Threads; None for the default.
    """

    num_steps: int
    dt: float
    max_rate: float
    seeds: tuple[int, ...]
    num_threads: int | None

    @property
    def spikes_per_unit(self) -> float:
        """Spikes that an intensity or an ideal rate of 1 stands for in the whole time."""
        return self.num_steps * self.max_rate * self.dt

    def run(
        self,
        snn: SpikingNetwork,
        x: NDArray[np.float32],
        encoding: Encoding,
        *,
        seed: int | None = None,
        sample_ids: NDArray[np.uint64] | None = None,
        record: dict[str, list[str]] | tuple[str, ...] = (),
    ) -> SimulationResult:
        """Simulate samples in this setting."""
        return simulate(
            snn,
            x,
            duration=self.num_steps * self.dt,
            dt=self.dt,
            max_rate=self.max_rate,
            encoding=encoding,
            sample_ids=sample_ids,
            record=record,
            num_threads=self.num_threads,
            progress=False,
            **({} if seed is None else {"seed": seed}),
        )


@dataclass
class PopulationSums:
    """What is summed of one population, and its rates and activations."""

    activation: NDArray[np.float32]  # (num_samples, num_neurons)
    rate: NDArray[np.float32]  # the same
    spikes_alone: NDArray[np.int64]  # (num_neurons,)
    charges: dict[str, NDArray[np.float64]] = field(default_factory=dict)  # (num_neurons,) each
    seed_variance: float = 0.0  # sum over samples, mean over neurons
    in_network: ShortfallSums = field(default_factory=ShortfallSums)
    alone: ShortfallSums = field(default_factory=ShortfallSums)

    @classmethod
    def zeros(cls, num_samples: int, num_neurons: int) -> PopulationSums:
        """Return sums over no sample."""
        activation, rate = np.zeros((2, num_samples, num_neurons), dtype=np.float32)
        return cls(activation, rate, np.zeros(num_neurons, dtype=np.int64))

    def add_charges(self, balance: Balance) -> None:
        """Add the charges of a part of the batch."""
        parts: dict[str, NDArray[Any]] = {
            "input": balance.input_charge,
            "initial": balance.initial_potential,
            "spikes": balance.spike_charge,
            "lost": balance.lost_charge,
            "dropped": balance.dropped_charge,
            "rounding": balance.rounding_charge,
            "left": balance.final_potential,
        }
        for name, values in parts.items():
            total = values.sum(axis=0, dtype=np.float64)
            self.charges[name] = self.charges.get(name, 0.0) + total


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
    """

    def __init__(
        self, snn: SpikingNetwork, stages: list[Stage], setting: Setting, num_samples: int
    ) -> None:
        self._snn = snn
        self._stages = stages
        self._setting = setting
        self._tails = [tail(snn, k) for k in range(1, len(stages))]

        def predictions() -> NDArray[np.int64]:
            return np.zeros(num_samples, dtype=np.int64)

        self.by_seed = [predictions() for _ in setting.seeds]
        self.regular = predictions()
        self.constant = predictions()
        self.replaced = [predictions() for _ in self._tails]
        self.ideal = predictions()
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
            activations: Outputs of every layer of the ReLU network for them.
        """
        num_samples = rows.stop - rows.start
        for stage, sums in zip(self._stages, self.populations, strict=True):
            values = activations[stage.layer].reshape(num_samples, -1)
            sums.activation[rows] = values / stage.scale_factor
        self.ideal[rows] = activations[-1].reshape(num_samples, -1).argmax(axis=1)
        self._add_seeds(rows, x, sample_ids)
        self._add_noiseless(rows, x)

    def _add_seeds(self, rows: slice, x: NDArray[np.float32], ids: NDArray[np.uint64]) -> None:
        setting = self._setting
        counts: list[list[NDArray[np.uint32]]] = [[] for _ in self.populations]
        for i, seed in enumerate(setting.seeds):
            what = ("balance",) if i == 0 else ("counts",)
            result = setting.run(self._snn, x, "poisson", seed=seed, sample_ids=ids, record=what)
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

    def _add_noiseless(self, rows: slice, x: NDArray[np.float32]) -> None:
        self.constant[rows] = self._setting.run(self._snn, x, "constant").predictions
        self.regular[rows] = self._add_alone(0, self._snn, rows, x)
        for k, network in enumerate(self._tails, start=1):
            # A rate can't exceed one spike per step of an intensity of 1.
            source = np.minimum(self.populations[k - 1].activation[rows], np.float32(1.0))
            self.replaced[k - 1][rows] = self._add_alone(k, network, rows, source)

    def _add_alone(
        self, k: int, network: SpikingNetwork, rows: slice, x: NDArray[np.float32]
    ) -> NDArray[np.int64]:
        name = self._stages[k].population.name
        result = self._setting.run(network, x, "regular", record={"balance": [name]})
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
