"""What one trained network and its spiking versions gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._base.formats import milliseconds, percent, points
from ..._base.named import by_name
from ..._base.tables import Table
from .case_result import CaseResult


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
        reused: Whether the model file of an earlier run, or of the package, was taken.
        cases: One result for each normalization.
        shipped: Whether the network came with the package.
    """

    name: str
    title: str
    ann_accuracy: float
    validation_accuracy: float | None
    training: dict[str, Any]
    training_seconds: float
    reused: bool
    cases: tuple[CaseResult, ...]
    shipped: bool = False

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
        return by_name(self.cases, normalization, "case", attribute="normalization")

    def shown_checkpoints(self, checkpoints: Sequence[float]) -> tuple[float, ...]:
        """Return the times in s that a case was simulated for."""
        return tuple(
            time
            for time in checkpoints
            if any(case.curve.accuracy_at(time) is not None for case in self.cases)
        )

    def table(self, checkpoints: Sequence[float]) -> Table:
        """Return a header and a row per case: accuracies in percent, and when they are near."""
        times = self.shown_checkpoints(checkpoints)
        header = ("normalization", "rate", *(milliseconds(time) for time in times))
        header += ("at the end vs ReLU", "within 1 point", "within 0.1")
        return header, [self._row(case, times) for case in self.cases]

    def _row(self, case: CaseResult, times: Sequence[float]) -> tuple[str, ...]:
        curve, ann = case.curve, self.ann_accuracy
        return (
            case.title,
            f"{case.max_rate:.0f} Hz",
            *(percent(curve.accuracy_at(time)) for time in times),
            f"{points(curve.final_accuracy - ann)} points",
            *(milliseconds(curve.time_to_within(gap, ann)) for gap in (1.0, 0.1)),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return every number of the network, ready for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "ann_accuracy": self.ann_accuracy,
            "validation_accuracy": self.validation_accuracy,
            "model_file": f"{self.name}.safetensors",
            "reused": self.reused,
            "shipped": self.shipped,
            "training_seconds": self.training_seconds,
            "training": self.training,
            "cases": [case.to_dict(self.ann_accuracy) for case in self.cases],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], num_samples: int) -> NetworkResult:
        """Return the network that `to_dict` gave these values for, of so many test images."""
        names = ("name", "title", "ann_accuracy", "validation_accuracy", "training")
        return cls(
            **{name: values[name] for name in (*names, "training_seconds", "reused")},
            cases=tuple(CaseResult.from_dict(case, num_samples) for case in values["cases"]),
            shipped=values.get("shipped", False),
        )
