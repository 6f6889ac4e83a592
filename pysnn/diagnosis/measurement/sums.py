"""What is summed of a population while parts of a batch are simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...spiking import Balance
from .shortfall import ShortfallSums


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

    def merge(self, rows: slice, others: PopulationSums) -> None:
        """Add the sums over other samples, which are those of some rows."""
        self.activation[rows] = others.activation
        self.rate[rows] = others.rate
        self.spikes_alone += others.spikes_alone
        for name, charge in others.charges.items():
            self.charges[name] = self.charges.get(name, 0.0) + charge
        self.seed_variance += others.seed_variance
        self.in_network.merge(others.in_network)
        self.alone.merge(others.alone)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all of it as arrays by name."""
        return {
            "activation": self.activation,
            "rate": self.rate,
            "spikes_alone": self.spikes_alone,
            "seed_variance": np.array(self.seed_variance),
            "in_network": np.array(list(vars(self.in_network).values())),
            "alone": np.array(list(vars(self.alone).values())),
            **{f"charge {name}": charge for name, charge in self.charges.items()},
        }

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> PopulationSums:
        """Return the sums that `arrays` gave these arrays for."""
        charges = {
            name.removeprefix("charge "): array
            for name, array in arrays.items()
            if name.startswith("charge ")
        }
        return cls(
            activation=arrays["activation"],
            rate=arrays["rate"],
            spikes_alone=arrays["spikes_alone"],
            charges=charges,
            seed_variance=float(arrays["seed_variance"]),
            in_network=ShortfallSums(*arrays["in_network"].tolist()),
            alone=ShortfallSums(*arrays["alone"].tolist()),
        )

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
