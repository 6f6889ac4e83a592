"""Accuracy after each step, over one or several runs: the one class for accuracy over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.intervals import mean_interval, share_interval
from ..spiking import SimulationResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..plotting.accuracy import Band

Floats = NDArray[np.float64]

# Accuracies are multiples of 1 / num_samples, kept in binary; this is far below one sample.
_ROUNDING = 1e-9


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
class AccuracyCurve:
    """Share of samples that are classified rightly after each step, for each seed of the input.

    Attributes:
        accuracy: Shares, (num_seeds, num_steps).
        dt: Length of a step in s.
        num_samples: Samples that they are shares of.
    """

    accuracy: Floats
    dt: float
    num_samples: int

    @staticmethod
    def of(result: SimulationResult, y: ArrayLike | None = None) -> AccuracyCurve:
        """Read the accuracies of a simulation, which has one seed.

        Args:
            result: The simulation.
            y: Integer labels, (num_samples,), or one-hot rows; None for those that `simulate` was
                given.

        Raises:
            TypeError: ``y`` does not hold integers.
            ValueError: ``y`` does not fit, there is no sample, or there are no labels.
        """
        return AccuracyCurve(result.accuracy(y)[np.newaxis], result.dt, result.num_samples)

    @staticmethod
    def stack(curves: Sequence[AccuracyCurve]) -> AccuracyCurve:
        """Return the curve of all seeds together, of curves of the same samples and steps.

        Raises:
            ValueError: There is no curve, or samples or steps differ.
        """
        _check_alike("curves", [_facts(each, "num_samples", "num_steps", "dt") for each in curves])
        accuracy = np.concatenate([each.accuracy for each in curves])
        return AccuracyCurve(accuracy, curves[0].dt, curves[0].num_samples)

    @staticmethod
    def concatenate(parts: Sequence[AccuracyCurve]) -> AccuracyCurve:
        """Return the curve of all samples together, of curves of some samples each.

        Args:
            parts: Curves of different samples, with the same seeds and steps.

        Raises:
            ValueError: There is no part, or seeds or steps differ.
        """
        _check_alike("parts", [_facts(each, "num_seeds", "num_steps", "dt") for each in parts])
        num_samples = sum(each.num_samples for each in parts)
        # Whole numbers again, so that no part's rounding is left.
        num_correct = np.sum([np.rint(each.accuracy * each.num_samples) for each in parts], axis=0)
        return AccuracyCurve(num_correct / num_samples, parts[0].dt, num_samples)

    @property
    def num_seeds(self) -> int:
        """Seeds that the samples were simulated with."""
        return len(self.accuracy)

    @property
    def num_steps(self) -> int:
        """Steps that were simulated."""
        return int(self.accuracy.shape[1])

    @property
    def duration(self) -> float:
        """Simulated time in s."""
        return self.num_steps * self.dt

    @property
    def time(self) -> Floats:
        """End of each step in s, (num_steps,)."""
        ends: Floats = self.dt * np.arange(1, self.num_steps + 1, dtype=np.float64)
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
    def best_accuracy(self) -> float:
        """Highest mean accuracy over seeds after any step."""
        return float(self.mean.max())

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
        if self.num_seeds == 1:
            return None
        deviation: Floats = np.std(self.accuracy, axis=0, ddof=1, dtype=np.float64)
        return deviation

    @property
    def sample_interval(self) -> tuple[Floats, Floats]:
        """95 % interval of the accuracy on samples like these, lower and upper, (num_steps,) each.

        Wilson's, for ``num_samples`` samples: what another test set of the same size would change.
        More seeds do not make it narrower.
        """
        low, high = share_interval(self.mean, self.num_samples)
        return low, high

    def accuracy_at(self, time: float) -> float | None:
        """Return the mean accuracy after ``time`` seconds, or None when the curve is shorter."""
        step = round(time / self.dt)
        return float(self.mean[step - 1]) if 1 <= step <= self.num_steps else None

    def time_to(self, accuracy: float) -> float | None:
        """Return the end in s of the first step whose mean is ``accuracy`` or more, or None."""
        come, _ = _come_and_stay(self.mean >= accuracy - _ROUNDING, self.dt)
        return come

    def time_to_within(self, points: float, ann_accuracy: float) -> float | None:
        """Return when the mean accuracy first comes within ``points`` of the ReLU network's, in s.

        Args:
            points: Allowed shortfall in percentage points.
            ann_accuracy: Accuracy of the ReLU network, a fraction.

        Returns:
            The end of the first such step, or None when there is none.
        """
        return self.time_to(ann_accuracy - points / 100)

    def times_within(self, points: float, ann_accuracy: float) -> TimeWithin:
        """Return when the accuracy comes and stays within ``points`` of the ReLU network's.

        Args:
            points: Allowed shortfall in percentage points.
            ann_accuracy: Accuracy of the ReLU network, a fraction.
        """
        enough = ann_accuracy - points / 100 - _ROUNDING
        by_seed = [_come_and_stay(row >= enough, self.dt) for row in self.accuracy]
        come, stay = _come_and_stay(self.mean >= enough, self.dt)
        return TimeWithin(
            points=points,
            come=come,
            stay=stay,
            come_by_seed=tuple(times[0] for times in by_seed),
            stay_by_seed=tuple(times[1] for times in by_seed),
        )

    def rows(self) -> Iterator[tuple[int, str, float]]:
        """Yield, for a table, each step, its end in ms and the mean accuracy over seeds."""
        for step, accuracy in enumerate(self.mean):
            yield step, f"{1000 * (step + 1) * self.dt:g}", float(accuracy)


def plot_curves(
    curves: Mapping[str, AccuracyCurve],
    *,
    ann_accuracy: float | None = None,
    num_samples: int | None = None,
    band: Band = "extremes",
    styles: Mapping[str, int] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot curves of the same step by their labels, as `pysnn.plotting.plot_accuracy_over_time`.

    Args:
        curves: The curves.
        ann_accuracy: Accuracy of the ReLU network.
        num_samples: Samples that it is of, for its interval.
        band: What is drawn of several seeds.
        styles: Numbers of the colours and dashes of labels.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Raises:
        ImportError: matplotlib is not installed.
        ValueError: There is no curve, or steps differ.
    """
    from ..plotting import plot_accuracy_over_time

    _check_alike("curves", [_facts(each, "dt") for each in curves.values()])
    return plot_accuracy_over_time(
        {label: each.accuracy for label, each in curves.items()},
        dt=next(iter(curves.values())).dt,
        ann_accuracy=ann_accuracy,
        num_samples=num_samples,
        band=band,
        styles=styles,
        title=title,
        ax=ax,
    )


def _facts(curve: AccuracyCurve, *names: str) -> dict[str, float]:
    return {name: getattr(curve, name) for name in names}


def _check_alike(name: str, facts: Sequence[Mapping[str, float]]) -> None:
    if not facts:
        raise ValueError(f"{name} is empty, but must have at least one entry")
    for i, each in enumerate(facts):
        for what, value in each.items():
            if value != facts[0][what]:
                raise ValueError(
                    f"{name}[{i}] has {what} {value}, but {name}[0] has {facts[0][what]}"
                )


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
