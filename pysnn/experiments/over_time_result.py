"""Accuracies over time and over seeds, how sure they are, and when they come near the ReLU net."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .._base.formats import milliseconds, span_of_times
from .._base.intervals import share_interval
from .._base.named import by_name
from .._base.numbers import as_positive_float
from .._base.tables import Table, text_table
from ..spiking import SpikingNetwork
from .accuracy_curve import AccuracyCurve, TimeWithin, plot_curves

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = (1.0, 0.1)  # percentage points that the paper and the tables ask for
_SHOWN = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)  # s


@dataclass(frozen=True, eq=False)
class OverTimeCase:
    """A spiking network, and the rate that drives it.

    Attributes:
        name: Short name, unique among cases.
        title: Name for people.
        snn: The network.
        max_rate: Input rate in Hz that an intensity of 1 stands for.
    """

    name: str
    title: str
    snn: SpikingNetwork
    max_rate: float = 1000.0

    def __post_init__(self) -> None:
        as_positive_float(self.max_rate, "max_rate")


@dataclass(frozen=True, eq=False)
class CaseOverTime(AccuracyCurve):
    """One spiking network, simulated with several seeds, beside its ReLU network.

    Attributes:
        name: Short name, such as ``"data"``.
        title: Name for people.
        max_rate: Input rate in Hz.
        ann_accuracy: Accuracy of the ReLU network on the same samples.
        num_lost: Samples that the ReLU network has right and this one wrong after all steps, for
            each seed.
        num_gained: Samples that the ReLU network has wrong and this one right, for each seed.
    """

    name: str
    title: str
    max_rate: float
    ann_accuracy: float
    num_lost: tuple[int, ...]
    num_gained: tuple[int, ...]

    @property
    def difference_error(self) -> float:
        """Standard error of ``final_accuracy - ann_accuracy`` over test sets like this one.

        Both networks see the same samples, so only those that they disagree on count: with
        shares l lost and g gained, sqrt((l + g - (l - g)^2) / num_samples), as in McNemar's test;
        l and g are means over seeds.
        """
        lost = float(np.mean(self.num_lost)) / self.num_samples
        gained = float(np.mean(self.num_gained)) / self.num_samples
        return math.sqrt(max(0.0, lost + gained - (lost - gained) ** 2) / self.num_samples)

    def time_within(self, points: float) -> TimeWithin:
        """Return when the accuracy comes and stays within ``points`` of the ReLU network's.

        Args:
            points: Allowed shortfall in percentage points.
        """
        return self.times_within(points, self.ann_accuracy)

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        seed_interval, samples = self.seed_interval, self.sample_interval
        return {
            "name": self.name,
            "title": self.title,
            "max_rate_hz": self.max_rate,
            "dt_s": self.dt,
            "final_accuracy": self.final_accuracy,
            "final_accuracy_by_seed": self.accuracy[:, -1].tolist(),
            "final_seed_interval": None
            if seed_interval is None
            else [float(end[-1]) for end in seed_interval],
            "final_sample_interval": [float(end[-1]) for end in samples],
            "difference_to_ann": self.final_accuracy - self.ann_accuracy,
            "difference_error": self.difference_error,
            "num_lost": list(self.num_lost),
            "num_gained": list(self.num_gained),
            "time_within": [
                {
                    **asdict(within),
                    "mean_come": within.mean_come,
                    "mean_stay": within.mean_stay,
                }
                for within in map(self.time_within, POINTS)
            ],
            "accuracy_after_each_step": self.accuracy.tolist(),
        }


@dataclass(frozen=True, eq=False)
class AccuracyOverTime:
    """A ReLU network and its spiking versions over time.

    Attributes:
        ann_accuracy: Accuracy of the ReLU network.
        seeds: Seeds of the input.
        num_samples: Samples that were classified.
        cases: One result for each spiking network.
    """

    ann_accuracy: float
    seeds: tuple[int, ...]
    num_samples: int
    cases: tuple[CaseOverTime, ...]

    @property
    def ann_interval(self) -> tuple[float, float]:
        """95 % interval of the ReLU network's accuracy on samples like these (Wilson's)."""
        low, high = share_interval(self.ann_accuracy, self.num_samples)
        return float(low), float(high)

    def case(self, name: str) -> CaseOverTime:
        """Return the case of this name.

        Raises:
            KeyError: There is none.
        """
        return by_name(self.cases, name, "case")

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            "ann_accuracy": self.ann_accuracy,
            "ann_interval": list(self.ann_interval),
            "seeds": list(self.seeds),
            "num_samples": self.num_samples,
            "cases": [case.to_dict() for case in self.cases],
        }

    def table(self) -> Table:
        """Return a header and a row per case: mean accuracies in percent, and their spread."""
        last = max(float(case.time[-1]) for case in self.cases)
        times = [time for time in _SHOWN if time <= last * (1 + 1e-9)]
        header = ("conversion", "rate", *(f"{1000 * time:g} ms" for time in times))
        header += ("at the end", "+- seeds", "+- samples", "against ReLU (points)")
        return header, [self._accuracy_row(case, times) for case in self.cases]

    def times_table(self) -> Table:
        """Return a header and a row per case: times to come and stay near the ReLU network."""
        header: tuple[str, ...] = ("conversion",)
        for points in POINTS:
            header += (f"within {points:g}", "over seeds", "and stays", "over seeds")
        return header, [self._times_row(case) for case in self.cases]

    def plot(self, *, title: str | None = None, ax: Axes | None = None) -> Axes:
        """Plot mean accuracies with the 95 % interval over seeds, and the ReLU network's.

        The grey band is the 95 % interval of the ReLU network's accuracy over test sets.

        Raises:
            ImportError: matplotlib is not installed.
        """
        return plot_curves(
            {f"{case.title}, {case.max_rate:g} Hz": case for case in self.cases},
            ann_accuracy=self.ann_accuracy,
            num_samples=self.num_samples,
            band="confidence",
            title=title,
            ax=ax,
        )

    def __str__(self) -> str:
        """Show both tables."""
        return "\n\n".join(
            [
                f"ReLU network: {self.ann_accuracy:.2%} of {self.num_samples:,} samples; "
                f"{len(self.seeds)} seeds, intervals of 95 %\n{text_table(*self.table())}",
                f"time to come within so many points of the ReLU network, and to stay there\n"
                f"{text_table(*self.times_table())}",
            ]
        )

    def _accuracy_row(self, case: CaseOverTime, times: list[float]) -> tuple[str, ...]:
        interval, samples = case.seed_interval, case.sample_interval
        at_times = [case.accuracy_at(time) for time in times]
        difference = 100 * (case.final_accuracy - self.ann_accuracy)
        return (
            case.title,
            f"{case.max_rate:g} Hz",
            *("-" if accuracy is None else f"{100 * accuracy:.2f}" for accuracy in at_times),
            f"{100 * case.final_accuracy:.2f}",
            "-" if interval is None else f"{50 * float(interval[1][-1] - interval[0][-1]):.2f}",
            f"{50 * float(samples[1][-1] - samples[0][-1]):.2f}",
            f"{difference:+.2f} +- {196 * case.difference_error:.2f}",
        )

    def _times_row(self, case: CaseOverTime) -> tuple[str, ...]:
        row: tuple[str, ...] = (case.title,)
        for points in POINTS:
            within = case.time_within(points)
            row += (milliseconds(within.come), span_of_times(within.come_by_seed) or "-")
            row += (milliseconds(within.stay), span_of_times(within.stay_by_seed) or "-")
        return row
