"""Accuracies over time and over seeds, how sure they are, and when they come near the ReLU net."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._base.formats import milliseconds
from .._base.intervals import mean_interval, share_interval
from .._base.numbers import as_positive_float
from .._base.tables import Table, text_table
from ..spiking import SpikingNetwork

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

POINTS = (1.0, 0.1)  # percentage points that the paper and the tables ask for
# Accuracies are multiples of 1 / num_samples, kept in binary; this is far below one sample.
_ROUNDING = 1e-9
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


@dataclass(frozen=True)
class TimeWithin:
    """When an accuracy comes within some points of the ReLU network's, and when it stays there.

    Times are ends of steps in s; None for never.

    Attributes:
        points: Allowed shortfall in percentage points.
        come: First such step of the mean over seeds.
        stay: First step of the mean over seeds from which on all steps are such.
        come_by_seed: As ``come``, for each seed.
        stay_by_seed: As ``stay``, for each seed.
    """

    points: float
    come: float | None
    stay: float | None
    come_by_seed: tuple[float | None, ...]
    stay_by_seed: tuple[float | None, ...]

    @property
    def mean_come(self) -> float | None:
        """Mean of ``come_by_seed``; None where a seed never comes so near."""
        return _mean_time(self.come_by_seed)

    @property
    def mean_stay(self) -> float | None:
        """Mean of ``stay_by_seed``; None where a seed does not stay so near."""
        return _mean_time(self.stay_by_seed)


@dataclass(frozen=True, eq=False)
class CaseOverTime:
    """One spiking network, simulated with several seeds.

    Attributes:
        name: Short name, such as ``"data"``.
        title: Name for people.
        max_rate: Input rate in Hz.
        dt: Length of a step in s.
        num_samples: Samples that were classified.
        ann_accuracy: Accuracy of the ReLU network on them.
        accuracy: Share of samples classified rightly after each step, (num_seeds, num_steps).
        num_lost: Samples that the ReLU network has right and this one wrong after all steps, for
            each seed.
        num_gained: Samples that the ReLU network has wrong and this one right, for each seed.
    """

    name: str
    title: str
    max_rate: float
    dt: float
    num_samples: int
    ann_accuracy: float
    accuracy: Floats
    num_lost: tuple[int, ...]
    num_gained: tuple[int, ...]

    @property
    def num_seeds(self) -> int:
        """Seeds that the network was simulated with."""
        return len(self.accuracy)

    @property
    def time(self) -> Floats:
        """End of each step in s, (num_steps,)."""
        ends: Floats = self.dt * np.arange(1, self.accuracy.shape[1] + 1)
        return ends

    @property
    def mean(self) -> Floats:
        """Mean accuracy over seeds, (num_steps,)."""
        mean: Floats = self.accuracy.mean(axis=0)
        return mean

    @property
    def final_accuracy(self) -> float:
        """Mean accuracy over seeds after the last step."""
        return float(self.mean[-1])

    @property
    def seed_interval(self) -> tuple[Floats, Floats] | None:
        """95 % interval of the mean over seeds, lower and upper, (num_steps,) each.

        Student's, over seeds: what other draws of the input spikes would change, on the same
        samples. None with one seed.
        """
        return mean_interval(self.accuracy) if self.num_seeds > 1 else None

    @property
    def seed_deviation(self) -> Floats | None:
        """Standard deviation of the accuracy over seeds, (num_steps,); None with one seed."""
        return self.accuracy.std(axis=0, ddof=1) if self.num_seeds > 1 else None

    @property
    def sample_interval(self) -> tuple[Floats, Floats]:
        """95 % interval of the accuracy on samples like these, lower and upper, (num_steps,) each.

        Wilson's, for ``num_samples`` samples: what another test set of the same size would change.
        More seeds do not make it narrower.
        """
        low, high = share_interval(self.mean, self.num_samples)
        return low, high

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

    def accuracy_at(self, time: float) -> float | None:
        """Return the mean accuracy after ``time`` seconds, or None when the case is shorter."""
        step = round(time / self.dt)
        return float(self.mean[step - 1]) if 1 <= step <= self.accuracy.shape[1] else None

    def time_within(self, points: float) -> TimeWithin:
        """Return when the accuracy comes and stays within ``points`` of the ReLU network's.

        Args:
            points: Allowed shortfall in percentage points.
        """
        enough = self.ann_accuracy - points / 100 - _ROUNDING
        by_seed = [_come_and_stay(row >= enough, self.dt) for row in self.accuracy]
        come, stay = _come_and_stay(self.mean >= enough, self.dt)
        return TimeWithin(
            points=points,
            come=come,
            stay=stay,
            come_by_seed=tuple(times[0] for times in by_seed),
            stay_by_seed=tuple(times[1] for times in by_seed),
        )

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
        for case in self.cases:
            if case.name == name:
                return case
        raise KeyError(name)

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
        from ..plotting import plot_accuracy_over_time

        return plot_accuracy_over_time(
            {f"{case.title}, {case.max_rate:g} Hz": case.accuracy for case in self.cases},
            dt=self.cases[0].dt,
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


def _come_and_stay(near: NDArray[np.bool_], dt: float) -> tuple[float | None, float | None]:
    """Return the end of the first near step, and of the first that only near ones follow."""
    if not near.any():
        return None, None
    come = (int(np.argmax(near)) + 1) * dt
    if not near[-1]:
        return come, None
    at_the_end = len(near) if near.all() else int(np.argmin(near[::-1]))
    return come, (len(near) - at_the_end + 1) * dt


def _mean_time(times: tuple[float | None, ...]) -> float | None:
    there = [time for time in times if time is not None]
    return float(np.mean(there)) if len(there) == len(times) else None


def span_of_times(times: Sequence[float | None]) -> str:
    """Return the span of times in s over seeds, empty where no seed has one."""
    there = [time for time in times if time is not None]
    if not there:
        return ""
    low, high = milliseconds(min(there)), milliseconds(max(there))
    text = low if low == high else f"{low.removesuffix(' ms')} to {high}"
    return text if len(there) == len(times) else f"{text}, {len(times) - len(there)} never"
