"""What one conversion of one network gave on the test images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...experiments.accuracy_curve import AccuracyCurve


@dataclass(frozen=True, eq=False)
class CaseResult:
    """One network, converted in one way and simulated on the test images.

    Attributes:
        normalization: Short name of the way of conversion, such as ``"data"``.
        title: The same for people, such as ``"data-based"``.
        max_rate: Input rate of a white pixel in Hz.
        curve: Accuracy after each step.
        scale_factors: Scale of each layer as normalization found it, by layer name.
        applied_factors: What each layer's weights were divided by, by layer name.
        mean_input_spikes: Input spikes per image.
        mean_spikes: Spikes per image in each population, by name.
        mean_synaptic_operations: Synaptic operations per image, booked on the target population.
        first_spike_accuracy: Fraction of images classified rightly by the first output spike;
            images without one count as class 0, as in the readout.
        median_first_spike: Time in s by which half of the images have their first output spike;
            None when fewer have one.
        num_silent: Images without any output spike.
        seconds: Wall-clock time of the simulation.
    """

    normalization: str
    title: str
    max_rate: float
    curve: AccuracyCurve
    scale_factors: dict[str, float]
    applied_factors: dict[str, float]
    mean_input_spikes: float
    mean_spikes: dict[str, float]
    mean_synaptic_operations: dict[str, float]
    first_spike_accuracy: float
    median_first_spike: float | None
    num_silent: int
    seconds: float

    @property
    def total_spikes(self) -> float:
        """Spikes per image of all populations, without the input's."""
        return sum(self.mean_spikes.values())

    @property
    def total_synaptic_operations(self) -> float:
        """Synaptic operations per image of the whole network."""
        return sum(self.mean_synaptic_operations.values())

    def to_dict(self, ann_accuracy: float) -> dict[str, Any]:
        """Return every number of the case, ready for JSON."""
        curve = self.curve
        return {
            "normalization": self.normalization,
            "title": self.title,
            "max_rate_hz": self.max_rate,
            "dt_s": curve.dt,
            "duration_s": curve.duration,
            "final_accuracy": curve.final_accuracy,
            "difference_to_ann_points": 100 * (curve.final_accuracy - ann_accuracy),
            "time_to_within_1_point_s": curve.time_to_within(1.0, ann_accuracy),
            "time_to_within_0.1_point_s": curve.time_to_within(0.1, ann_accuracy),
            "first_spike_accuracy": self.first_spike_accuracy,
            "median_first_spike_s": self.median_first_spike,
            "images_without_output_spike": self.num_silent,
            "mean_input_spikes": self.mean_input_spikes,
            "mean_spikes": self.mean_spikes,
            "mean_synaptic_operations": self.mean_synaptic_operations,
            "scale_factors": self.scale_factors,
            "applied_factors": self.applied_factors,
            "simulation_seconds": self.seconds,
            "accuracy_after_each_step": curve.mean.tolist(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], num_samples: int) -> CaseResult:
        """Return the case that `to_dict` gave these values for, of so many test images."""
        accuracy = np.array(values["accuracy_after_each_step"], dtype=np.float64)
        return cls(
            normalization=values["normalization"],
            title=values["title"],
            max_rate=values["max_rate_hz"],
            curve=AccuracyCurve(accuracy[np.newaxis], values["dt_s"], num_samples),
            scale_factors=values["scale_factors"],
            applied_factors=values["applied_factors"],
            mean_input_spikes=values["mean_input_spikes"],
            mean_spikes=values["mean_spikes"],
            mean_synaptic_operations=values["mean_synaptic_operations"],
            first_spike_accuracy=values["first_spike_accuracy"],
            median_first_spike=values["median_first_spike_s"],
            num_silent=values["images_without_output_spike"],
            seconds=values["simulation_seconds"],
        )
