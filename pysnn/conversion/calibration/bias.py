"""Calibration of biases (Li et al. 2021, section 4.2, "bias shift")."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..folding import FoldedPopulation
from ..folding.linear_map import Doubles
from .method import CalibrationMethod, Correction


class BiasCalibration(CalibrationMethod):
    """Adds the mean error of a channel to its bias."""

    def applies(self, population: FoldedPopulation) -> bool:
        """Return whether the population is no pool, which has no bias."""
        return not population.is_pool

    def correction(
        self, population: FoldedPopulation, error: Doubles, scale: Doubles, num_steps: int
    ) -> Correction:
        """Return the population with the mean error of its channels added to its bias."""
        channels = population.shape[0]
        shift = error.reshape(channels, -1).mean(axis=1)
        if population.bias is None:
            return Correction(replace(population, bias=shift))
        if population.bias.size == channels:
            return Correction(replace(population, bias=population.bias.reshape(channels) + shift))
        by_channel = population.bias.reshape(channels, -1) + shift[:, np.newaxis]
        return Correction(replace(population, bias=by_channel.reshape(population.shape)))
