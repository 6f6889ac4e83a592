"""The authors' own ConvNet, read from their MATLAB file, as a spiking network."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import pysnn

from .._base.arrays import as_samples
from .._base.numbers import as_positive_float
from .._base.tables import text_table
from ..experiments.normalizations import NORMALIZATIONS, NormalizationSettings
from ..io import load_matlab
from ..nodes import WeightedNode
from .published import PUBLISHED

__all__ = ["MatlabCase", "MatlabConvnetResult", "run"]

_SHOWN = (0.02, 0.05, 0.1, 0.2, 0.5)  # s
_ROUNDING = 1e-9  # far below one sample; accuracies are fractions kept in binary


@dataclass(frozen=True, eq=False)
class MatlabCase:
    """The network after one normalization.

    Attributes:
        normalization: Short name, such as ``"data"``.
        title: Name for people.
        max_rate: Input rate of a white pixel in Hz.
        dt: Time step in s.
        accuracy: Fraction of samples classified rightly after each step, (num_steps,).
        applied_factors: What the weights of each layer were divided by, by layer name.
        mean_spikes: Spikes per sample of all populations, without the input's.
        mean_synaptic_operations: Synaptic operations per sample.
    """

    normalization: str
    title: str
    max_rate: float
    dt: float
    accuracy: NDArray[np.float64]
    applied_factors: dict[str, float]
    mean_spikes: float
    mean_synaptic_operations: float

    @property
    def best_accuracy(self) -> float:
        """Highest accuracy after any step."""
        return float(self.accuracy.max())

    @property
    def final_accuracy(self) -> float:
        """Accuracy after the last step."""
        return float(self.accuracy[-1])

    def accuracy_at(self, time: float) -> float | None:
        """Return the accuracy after ``time`` seconds, or None when the simulation is shorter."""
        step = round(time / self.dt)
        return float(self.accuracy[step - 1]) if 1 <= step <= len(self.accuracy) else None

    def time_to(self, accuracy: float) -> float | None:
        """Return the end of the first step after which the accuracy is reached in s, or None."""
        reached = self.accuracy >= accuracy - _ROUNDING
        return (int(np.argmax(reached)) + 1) * self.dt if reached.any() else None


@dataclass(frozen=True, eq=False)
class MatlabConvnetResult:
    """What the authors' network reaches, as a ReLU network and as a spiking one.

    Attributes:
        num_samples: Samples that were classified.
        num_correct: How many of them the ReLU network classifies rightly.
        positive_sums: For each weighted layer the largest sum of positive weights of a neuron,
            which model-based normalization divides by, by layer name.
        cases: The spiking networks.
    """

    num_samples: int
    num_correct: int
    positive_sums: dict[str, float]
    cases: tuple[MatlabCase, ...]

    @property
    def ann_accuracy(self) -> float:
        """Accuracy of the ReLU network."""
        return self.num_correct / self.num_samples

    @property
    def published_accuracy(self) -> float:
        """What the paper's spiking ConvNet reaches, a fraction."""
        return PUBLISHED["convnet"].snn_accuracy / 100

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            "num_samples": self.num_samples,
            "num_correct": self.num_correct,
            "ann_accuracy": self.ann_accuracy,
            "published_snn_accuracy": self.published_accuracy,
            "positive_sums": self.positive_sums,
            "cases": [
                {
                    "normalization": case.normalization,
                    "title": case.title,
                    "max_rate_hz": case.max_rate,
                    "dt_s": case.dt,
                    "final_accuracy": case.final_accuracy,
                    "best_accuracy": case.best_accuracy,
                    "time_to_published_s": case.time_to(self.published_accuracy),
                    "time_to_within_1_point_s": case.time_to(self.ann_accuracy - 0.01),
                    "applied_factors": case.applied_factors,
                    "mean_spikes": case.mean_spikes,
                    "mean_synaptic_operations": case.mean_synaptic_operations,
                    "accuracy_after_each_step": case.accuracy.tolist(),
                }
                for case in self.cases
            ],
        }

    def __str__(self) -> str:
        """Show the ReLU network's accuracy, and a table of the spiking networks'."""
        longest = max(len(case.accuracy) * case.dt for case in self.cases)
        times = [time for time in _SHOWN if time <= longest * (1 + 1e-9)]
        header = ("normalization", "Hz", *(f"{1000 * time:g} ms" for time in times), "best")
        rows = [
            (
                case.title,
                f"{case.max_rate:g}",
                *(_percent(case.accuracy_at(time)) for time in times),
                _percent(case.best_accuracy),
            )
            for case in self.cases
        ]
        sums = ", ".join(f"{value:.3f}" for value in self.positive_sums.values())
        return "\n".join(
            [
                f"ReLU network: {self.num_correct:,} of {self.num_samples:,} right; largest sums "
                f"of positive weights {sums}",
                text_table(header, rows),
                f"published: {self.published_accuracy:.2%} as a spiking network",
            ]
        )


def run(
    path: str | os.PathLike[str],
    x: ArrayLike,
    y: ArrayLike,
    x_normalization: ArrayLike,
    *,
    duration: float = 0.5,
    dt: float = 1e-3,
    max_rate: float = 1000.0,
    unnormalized_max_rate: float = 400.0,
    seed: int = 0,
    num_threads: int | None = None,
    progress: bool | None = None,
) -> MatlabConvnetResult:
    """Convert and simulate a network of the authors' MATLAB code under each normalization.

    Args:
        path: File as `pysnn.io.load_matlab` reads it, such as ``cnn_99.14.mat``.
        x: Test samples.
        y: Their labels.
        x_normalization: Samples for data-based normalization: the training set.
        duration: Simulated time per sample in s.
        dt: Time step in s.
        max_rate: Input rate of a white pixel with normalization, in Hz.
        unnormalized_max_rate: The same without; the paper's best for its ConvNet is 400 Hz.
        seed: Seed of the input.
        num_threads: Threads; None for the default.
        progress: True shows progress bars, False none, None on a terminal.

    Returns:
        Accuracies of the ReLU network, and over time of the spiking networks.

    Raises:
        ImportError: scipy is not installed.
        TypeError: An argument has the wrong type.
        ModelFileError: The file is no such network.
        OSError: The file can't be read.
        ValueError: Samples do not fit the network, or a number is out of its range.
    """
    for name, rate in (("max_rate", max_rate), ("unnormalized_max_rate", unnormalized_max_rate)):
        if as_positive_float(rate, name) * as_positive_float(dt, "dt") > 1:
            raise ValueError(f"{name} * dt is {rate * dt:g}, but must be at most 1")
    network = load_matlab(path, output="relu")
    samples = as_samples(x, network.input_shape)
    num_correct = round(network.accuracy(samples, y) * len(samples))
    _, factors = pysnn.normalize(network, method="model", num_threads=num_threads)
    sums = {
        name: float(applied)
        for name, layer, applied in zip(
            factors.layer_names, network.layers, factors.applied_factor, strict=True
        )
        if isinstance(layer, WeightedNode)
    }
    cases = []
    for normalization in NORMALIZATIONS:
        snn, applied_factors = _converted(network, normalization, x_normalization, num_threads)
        rate = unnormalized_max_rate if normalization.method == "none" else max_rate
        result = pysnn.simulate(
            snn,
            samples,
            duration=duration,
            dt=dt,
            max_rate=rate,
            seed=seed,
            num_threads=num_threads,
            progress=progress,
        )
        cases.append(
            MatlabCase(
                normalization=normalization.name,
                title=normalization.title,
                max_rate=rate,
                dt=dt,
                accuracy=result.accuracy(y),
                applied_factors=applied_factors,
                mean_spikes=float(result.spikes.sum(axis=1).mean()),
                mean_synaptic_operations=float(result.synaptic_operations.sum(axis=1).mean()),
            )
        )
    return MatlabConvnetResult(len(samples), num_correct, sums, tuple(cases))


def _converted(
    network: pysnn.Network,
    normalization: NormalizationSettings,
    x: ArrayLike,
    num_threads: int | None,
) -> tuple[pysnn.SpikingNetwork, dict[str, float]]:
    normalized, factors = pysnn.normalize(
        network,
        method=normalization.method,
        x=x if normalization.method == "data" else None,
        include_last=normalization.include_last,
        num_threads=num_threads,
        progress=False,
    )
    applied = zip(factors.layer_names, factors.applied_factor, strict=True)
    # Normalized once, with the factors at hand; `convert` with that method is the same.
    return pysnn.convert(normalized, method="none"), {name: float(value) for name, value in applied}


def _percent(fraction: float | None) -> str:
    return "" if fraction is None else f"{100 * fraction:.2f} %"
