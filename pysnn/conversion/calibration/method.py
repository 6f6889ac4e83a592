"""What every method of calibration must have."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from ..folding import FoldedPopulation
from ..folding.linear_map import Doubles


@dataclass(frozen=True, eq=False)
class Correction:
    """What a calibration changes of a population.

    Attributes:
        population: The population, with another bias where that is what changes.
        start: In thresholds: what each neuron's potential before the first step has more,
            (num_neurons,); None for nothing.
    """

    population: FoldedPopulation
    start: Doubles | None = None


class CalibrationMethod(ABC):
    """A way of taking up the mean error of a population."""

    @abstractmethod
    def applies(self, population: FoldedPopulation) -> bool:
        """Return whether the population is one that is calibrated."""

    @abstractmethod
    def correction(
        self, population: FoldedPopulation, error: Doubles, scale: Doubles, num_steps: int
    ) -> Correction:
        """Return what takes the error up.

        Args:
            population: The population as it is.
            error: Mean over the samples of the activation less what the spikes of ``num_steps``
                steps stand for, (num_neurons,), in units of the activation.
            scale: What a spike in every step stands for: (1,), or one per channel.
            num_steps: Number of steps.
        """
