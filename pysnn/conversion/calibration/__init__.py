"""Calibration of converted networks: the registry, a file for each method.

Layer by layer, with the layers before calibrated already, biases or initial potentials take up what
spikes leave of the activations (Li et al. 2021, section 4.2).
"""

from __future__ import annotations

from collections.abc import Mapping

from .bias import BiasCalibration
from .method import CalibrationMethod
from .names import Calibration
from .potential import PotentialCalibration

CALIBRATIONS: Mapping[str, CalibrationMethod] = {
    "bias": BiasCalibration(),
    "potential": PotentialCalibration(),
}

__all__ = ["CALIBRATIONS", "Calibration", "CalibrationMethod"]
