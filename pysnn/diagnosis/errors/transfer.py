"""What neurons send under even current: their transfer functions, and those of a late source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...spiking import Population
from ...spiking.neuron import WITHOUT_THRESHOLD

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Transfer:
    """Numbers of spikes of a population's neurons after all steps; they subtract the threshold.

    Readouts send nothing, their potential stands for it; max pools pass on what they receive.

    Attributes:
        population: The population.
        num_steps: Number of steps.
    """

    population: Population
    num_steps: int

    @property
    def counts(self) -> bool:
        """Whether the neurons fire, and so send whole numbers."""
        return self.population.neuron not in WITHOUT_THRESHOLD

    def even(self, charge: Doubles) -> Doubles:
        """Return the spikes of the charge of all steps together, in even parts.

        Args:
            charge: What the neurons receive, (num_samples, num_neurons).
        """
        if not self.counts:
            return charge + (self._start if self.population.neuron == "readout" else 0.0)
        return self._fired(charge + self._start, self.num_steps)

    def late(self, steady: Doubles, charge: Doubles, arrival: Doubles) -> Doubles:
        """Return the spikes where those of the sources come evenly from a step on, none before.

        Args:
            steady: Current of every step, whatever the sources do, (num_samples, num_neurons).
            charge: Charge of all steps, that of the sources and the steady current.
            arrival: First step with charge of the sources, inf where there is none.
        """
        if not self.counts:
            return self.even(charge)
        alone = np.minimum(arrival, self.num_steps)
        before = self._fired(self._start + steady * alone, alone)
        left = self._start + charge - before * self._threshold
        after = self._fired(left, self.num_steps - alone)
        if self.population.neuron == "signed":
            after = after - np.minimum(before, self._taken_back(left))
        # Without a step for the sources there is one phase, not two.
        result: Doubles = np.where(alone < self.num_steps, before + after, self.even(charge))
        return result

    @property
    def _threshold(self) -> Doubles:
        return self.population.threshold.astype(np.float64)

    @property
    def _start(self) -> Doubles:
        return self.population.initial_potential.astype(np.float64)

    def _fired(self, potential: Doubles, most: Doubles | int) -> Doubles:
        """Return the spikes that a potential, reached in even steps, is worth."""
        spikes = potential / self._threshold
        if self.population.neuron == "bipolar":
            result: Doubles = np.clip(np.trunc(spikes), -np.asarray(most), most)
            return result
        return np.clip(np.floor(spikes), 0.0, most)

    def _taken_back(self, potential: Doubles) -> Doubles:
        """Return how many spikes signed neurons would take back to leave a potential below 0."""
        below = -self.population.negative_threshold.astype(np.float64) - potential
        return np.maximum(np.ceil(below / self._threshold), 0.0)
