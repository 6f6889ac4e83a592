"""Calibration of initial potentials (Li et al. 2021, section 4.2, "potential correction")."""

from __future__ import annotations

import numpy as np

from ..folding import FoldedPopulation
from ..folding.linear_map import Doubles
from .method import CalibrationMethod, Correction


class PotentialCalibration(CalibrationMethod):
    """Adds the mean error of a neuron over all steps to its potential before the first."""

    def applies(self, population: FoldedPopulation) -> bool:
        """Return whether the neurons fire; pools take what their sources send."""
        return not population.is_pool and population.neuron != "readout"

    def correction(
        self, population: FoldedPopulation, error: Doubles, scale: Doubles, num_steps: int
    ) -> Correction:
        """Return the initial potentials that take the mean error of each neuron up."""
        by_channel = num_steps * error.reshape(population.shape[0], -1)
        start = by_channel / np.reshape(scale, (-1, 1))
        return Correction(population, start=start.reshape(-1))
