"""What the authors' own ConvNet reaches as a ReLU network and as a spiking one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..._base.tables import text_table
from ...experiments.accuracy_curve import AccuracyCurve
from ..paper.published import PUBLISHED

_SHOWN = (0.02, 0.05, 0.1, 0.2, 0.5)  # s


@dataclass(frozen=True, eq=False)
class MatlabCase:
    """The network after one normalization.

    Attributes:
        normalization: Short name, such as ``"data"``.
        title: Name for people.
        max_rate: Input rate of a white pixel in Hz.
        curve: Accuracy after each step.
        applied_factors: What the weights of each layer were divided by, by layer name.
        mean_spikes: Spikes per sample of all populations, without the input's.
        mean_synaptic_operations: Synaptic operations per sample.
    """

    normalization: str
    title: str
    max_rate: float
    curve: AccuracyCurve
    applied_factors: dict[str, float]
    mean_spikes: float
    mean_synaptic_operations: float


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
                    "dt_s": case.curve.dt,
                    "final_accuracy": case.curve.final_accuracy,
                    "best_accuracy": case.curve.best_accuracy,
                    "time_to_published_s": case.curve.time_to(self.published_accuracy),
                    "time_to_within_1_point_s": case.curve.time_to(self.ann_accuracy - 0.01),
                    "applied_factors": case.applied_factors,
                    "mean_spikes": case.mean_spikes,
                    "mean_synaptic_operations": case.mean_synaptic_operations,
                    "accuracy_after_each_step": case.curve.mean.tolist(),
                }
                for case in self.cases
            ],
        }

    def __str__(self) -> str:
        """Show the ReLU network's accuracy, and a table of the spiking networks'."""
        longest = max(case.curve.duration for case in self.cases)
        times = [time for time in _SHOWN if time <= longest * (1 + 1e-9)]
        header = ("normalization", "Hz", *(f"{1000 * time:g} ms" for time in times), "best")
        rows = [
            (
                case.title,
                f"{case.max_rate:g}",
                *(_percent(case.curve.accuracy_at(time)) for time in times),
                _percent(case.curve.best_accuracy),
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


def _percent(fraction: float | None) -> str:
    return "" if fraction is None else f"{100 * fraction:.2f} %"
