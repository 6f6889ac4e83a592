"""The numbers that an accuracy-over-time experiment gives, and what follows from them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Accuracies are multiples of 1/num_images, kept in binary; this is far below one image.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class CaseResult:
    """One network, converted in one way and simulated on the test images.

    Attributes:
        normalization: Short name of the way of conversion, such as ``"data"``.
        title: The same for people, such as ``"data-based"``.
        max_rate: Input rate of a white pixel in Hz.
        dt: Time step in s.
        accuracy: Fraction of images classified rightly after each step, (num_steps,).
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
    dt: float
    accuracy: NDArray[np.float64]
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
    def duration(self) -> float:
        """Simulated time per image in s."""
        return len(self.accuracy) * self.dt

    @property
    def final_accuracy(self) -> float:
        """Accuracy after the last step."""
        return float(self.accuracy[-1])

    @property
    def total_spikes(self) -> float:
        """Spikes per image of all populations, without the input's."""
        return sum(self.mean_spikes.values())

    @property
    def total_synaptic_operations(self) -> float:
        """Synaptic operations per image of the whole network."""
        return sum(self.mean_synaptic_operations.values())

    def accuracy_at(self, time: float) -> float | None:
        """Return the accuracy after ``time`` seconds, or None when the case is shorter."""
        step = round(time / self.dt)
        return float(self.accuracy[step - 1]) if 1 <= step <= len(self.accuracy) else None

    def time_to_within(self, points: float, ann_accuracy: float) -> float | None:
        """Return when the accuracy first comes within ``points`` of the ANN's, in s.

        Args:
            points: Allowed shortfall in percentage points.
            ann_accuracy: Accuracy of the ReLU network, a fraction.

        Returns:
            The end of the first such step, or None when there is none.
        """
        near = self.accuracy >= ann_accuracy - points / 100 - _ROUNDING
        return (int(np.argmax(near)) + 1) * self.dt if near.any() else None

    def to_dict(self, ann_accuracy: float) -> dict[str, Any]:
        """Return every number of the case, ready for JSON."""
        return {
            "normalization": self.normalization,
            "title": self.title,
            "max_rate_hz": self.max_rate,
            "dt_s": self.dt,
            "duration_s": self.duration,
            "final_accuracy": self.final_accuracy,
            "difference_to_ann_points": 100 * (self.final_accuracy - ann_accuracy),
            "time_to_within_1_point_s": self.time_to_within(1.0, ann_accuracy),
            "time_to_within_0.1_point_s": self.time_to_within(0.1, ann_accuracy),
            "first_spike_accuracy": self.first_spike_accuracy,
            "median_first_spike_s": self.median_first_spike,
            "images_without_output_spike": self.num_silent,
            "mean_input_spikes": self.mean_input_spikes,
            "mean_spikes": self.mean_spikes,
            "mean_synaptic_operations": self.mean_synaptic_operations,
            "scale_factors": self.scale_factors,
            "applied_factors": self.applied_factors,
            "simulation_seconds": self.seconds,
            "accuracy_after_each_step": self.accuracy.tolist(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CaseResult:
        """Return the case that `to_dict` gave these values for."""
        return cls(
            normalization=values["normalization"],
            title=values["title"],
            max_rate=values["max_rate_hz"],
            dt=values["dt_s"],
            accuracy=np.array(values["accuracy_after_each_step"], dtype=np.float64),
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


@dataclass(frozen=True, eq=False)
class NetworkResult:
    """One trained ReLU network and all its spiking versions.

    Attributes:
        name: Short name; the model file is ``<name>.safetensors``.
        title: Name for people.
        ann_accuracy: Accuracy of the ReLU network on the test images, a fraction.
        validation_accuracy: Its accuracy on the held-out training images; None without them.
        training: Recipe and history of the training, ready for JSON.
        training_seconds: Wall-clock time that training took, in an earlier run when reused.
        reused: Whether the model file of an earlier run was taken.
        cases: One result for each normalization.
    """

    name: str
    title: str
    ann_accuracy: float
    validation_accuracy: float | None
    training: dict[str, Any]
    training_seconds: float
    reused: bool
    cases: tuple[CaseResult, ...]

    @property
    def recipe(self) -> dict[str, Any]:
        """The training's settings by name, ready for JSON."""
        recipe: dict[str, Any] = self.training["recipe"]
        return recipe

    @property
    def main_case(self) -> CaseResult:
        """The case that stands for the network: data-based normalization, or else the last."""
        return next((case for case in self.cases if case.normalization == "data"), self.cases[-1])

    def case(self, normalization: str) -> CaseResult:
        """Return the case of one normalization.

        Raises:
            KeyError: The network was not simulated with it.
        """
        for case in self.cases:
            if case.normalization == normalization:
                return case
        raise KeyError(normalization)

    def to_dict(self) -> dict[str, Any]:
        """Return every number of the network, ready for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "ann_accuracy": self.ann_accuracy,
            "validation_accuracy": self.validation_accuracy,
            "model_file": f"{self.name}.safetensors",
            "reused": self.reused,
            "training_seconds": self.training_seconds,
            "training": self.training,
            "cases": [case.to_dict(self.ann_accuracy) for case in self.cases],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> NetworkResult:
        """Return the network that `to_dict` gave these values for."""
        names = ("name", "title", "ann_accuracy", "validation_accuracy", "training")
        return cls(
            **{name: values[name] for name in (*names, "training_seconds", "reused")},
            cases=tuple(CaseResult.from_dict(case) for case in values["cases"]),
        )


@dataclass(frozen=True, eq=False)
class ReproduceResult:
    """Everything that one run of the experiment measured.

    Attributes:
        settings: The settings of the run, ready for JSON.
        environment: Versions, processor target and threads.
        command: Shell command that repeats the run.
        quick: Whether this was the short version.
        checkpoints: Times in s at which tables show the accuracy.
        networks: One result for each network.
        sections: What each further section measured, by its name, ready for JSON.
        seconds: Wall-clock time of the run's parts, by name, in order.
        output: Folder of the report.
        missing: What could not be made for want of an optional package; empty if nothing.
    """

    settings: dict[str, Any]
    environment: dict[str, Any]
    command: str
    quick: bool
    checkpoints: tuple[float, ...]
    networks: tuple[NetworkResult, ...]
    sections: dict[str, Any]
    seconds: dict[str, float]
    output: str
    missing: tuple[str, ...]

    @property
    def titles(self) -> dict[str, str]:
        """Networks' names for people, by their short names."""
        return {network.name: network.title for network in self.networks}

    @property
    def num_images(self) -> int:
        """Test images that were simulated."""
        return int(self.settings["num_test"])

    def to_dict(self) -> dict[str, Any]:
        """Return every number of the run, ready for JSON."""
        return {
            "command": self.command,
            "quick": self.quick,
            "settings": self.settings,
            "environment": self.environment,
            "checkpoints_s": list(self.checkpoints),
            "networks": [network.to_dict() for network in self.networks],
            "sections": self.sections,
            "seconds": self.seconds,
            "missing": list(self.missing),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], output: str = "") -> ReproduceResult:
        """Return the run that `to_dict` gave these values for.

        Args:
            values: What was stored.
            output: Folder that it lies in.

        Raises:
            ValueError: They are of something else.
        """
        names = ("settings", "environment", "command", "quick", "sections", "seconds")
        try:
            return cls(
                **{name: values[name] for name in names},
                checkpoints=tuple(values["checkpoints_s"]),
                networks=tuple(NetworkResult.from_dict(each) for each in values["networks"]),
                output=output,
                missing=tuple(values["missing"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"values hold no run of `pysnn reproduce`: {error!r}") from None

    def command_for(self, section: str) -> str:
        """Return the shell command that makes one section alone, beside the trained networks."""
        words = shlex.split(self.command)
        if words[:2] != ["pysnn", "reproduce"]:
            return self.command
        # The authors' file is for one section only.
        unwanted = ["--sections", *(["--matlab-convnet"] if section != "authors-convnet" else [])]
        for option in unwanted:
            if option in words:
                at = words.index(option)
                del words[at : at + 2]
        return shlex.join([*words[:2], "--sections", section, *words[2:]])

    def __str__(self) -> str:
        from .report.tables import format_text

        return format_text(self)
