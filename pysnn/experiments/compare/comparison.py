"""What a comparison of conversions gives."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..._base.files import write_json, write_text
from ..._base.intervals import paired_interval, share_interval
from ..._base.numbers import as_path
from ..._base.tables import csv_text
from ...spiking.encoding import Encoding
from .comparison_text import comparison_html, comparison_text
from .readings import Readings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

_COUNTS = ("num_correct", "num_lost", "num_equal", "spikes", "synaptic_operations")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Conversions of one network on the same samples, each read off after several steps.

    Counts are sums over samples, (num_recipes, num_readings).

    Attributes:
        names: What the ways of conversion are called, (num_recipes,).
        encodings: How samples drove each network, (num_recipes,).
        steps: Numbers of steps, rising, (num_readings,).
        num_samples: Samples that were simulated.
        ann_num_correct: Those that the ReLU network classifies as labelled.
        num_correct: Those that a spiking network classifies as labelled.
        num_lost: Those that the ReLU network has right and the spiking network has not.
        num_equal: Those that both put into the same class.
        spikes: Spikes so far of all populations, without the input's.
        synaptic_operations: Synaptic operations so far, as `SimulationResult` counts them.
        refusals: Ways that the network can't be converted by, each with the reason.
    """

    names: tuple[str, ...]
    encodings: tuple[Encoding, ...]
    steps: Counts
    num_samples: int
    ann_num_correct: int
    num_correct: Counts
    num_lost: Counts
    num_equal: Counts
    spikes: Counts
    synaptic_operations: Counts
    refusals: tuple[tuple[str, str], ...] = ()

    @property
    def ann_accuracy(self) -> float:
        """Share of samples that the ReLU network classifies as labelled."""
        return self.ann_num_correct / self.num_samples

    @property
    def ann_interval(self) -> Floats:
        """95 % interval of it over test sets of this size, Wilson's, (2,)."""
        return share_interval(self.ann_accuracy, self.num_samples)

    @property
    def accuracy(self) -> Floats:
        """Share of samples that are classified as labelled, (num_recipes, num_readings)."""
        return self.num_correct / self.num_samples

    @property
    def accuracy_interval(self) -> Floats:
        """95 % interval over test sets of this size, Wilson's, (2, num_recipes, num_readings)."""
        return share_interval(self.accuracy, self.num_samples)

    @property
    def num_gained(self) -> Counts:
        """Samples that the ReLU network has wrong and the spiking network right."""
        return self.num_correct - self.ann_num_correct + self.num_lost

    @property
    def loss(self) -> Floats:
        """Accuracy of the ReLU network less that of the spiking one, in shares of samples."""
        return (self.ann_num_correct - self.num_correct) / self.num_samples

    @property
    def loss_interval(self) -> Floats:
        """95 % interval of the loss over test sets of this size, (2, num_recipes, num_readings).

        Paired (Agresti and Min 2005): both networks see the same samples, so that it is far
        narrower than that of either accuracy.
        """
        return paired_interval(self.num_lost, self.num_gained, self.num_samples)

    @property
    def equal_share(self) -> Floats:
        """Share of samples that both networks put into the same class."""
        return self.num_equal / self.num_samples

    @property
    def mean_spikes(self) -> Floats:
        """Spikes per sample so far, (num_recipes, num_readings)."""
        return self.spikes / self.num_samples

    @property
    def mean_synaptic_operations(self) -> Floats:
        """Synaptic operations per sample so far, (num_recipes, num_readings)."""
        return self.synaptic_operations / self.num_samples

    @classmethod
    def of(
        cls,
        readings: dict[str, Readings],
        encodings: Sequence[Encoding],
        steps: Sequence[int],
        num_samples: int,
        ann_num_correct: int,
        refusals: Sequence[tuple[str, str]] = (),
    ) -> Comparison:
        """Return the comparison of what was read off, by name."""
        counts: dict[str, Counts] = {
            name: np.array([getattr(each, name) for each in readings.values()]).reshape(
                len(readings), len(steps)
            )
            for name in _COUNTS
        }
        return cls(
            names=tuple(readings),
            encodings=tuple(encodings),
            steps=np.array(steps, dtype=np.int64),
            num_samples=num_samples,
            ann_num_correct=ann_num_correct,
            refusals=tuple(refusals),
            **counts,
        )

    @staticmethod
    def concatenate(parts: Sequence[Comparison]) -> Comparison:
        """Return the comparison of all samples, of comparisons of some of them each.

        Args:
            parts: Comparisons of different samples, of the same ways of conversion and steps.
                Conversions are the same only where the calibration data are.

        Raises:
            TypeError: ``parts`` is no sequence of comparisons.
            ValueError: There is none, or two differ in more than their samples.
        """
        if not isinstance(parts, Sequence):
            raise TypeError(f"parts is a {type(parts).__name__}, but must be a sequence")
        if not parts:
            raise ValueError("parts is empty, but must have at least one comparison")
        for i, part in enumerate(parts):
            if not isinstance(part, Comparison):
                raise TypeError(f"parts[{i}] is a {type(part).__name__}, but must be a Comparison")
            for what in ("names", "encodings", "refusals"):
                mine, first = getattr(part, what), getattr(parts[0], what)
                if mine != first:
                    raise ValueError(f"parts[{i}] has {what} {mine}, but parts[0] has {first}")
            if not np.array_equal(part.steps, parts[0].steps):
                raise ValueError(
                    f"parts[{i}] has steps {part.steps.tolist()}, but parts[0] has "
                    f"{parts[0].steps.tolist()}"
                )
        counts: dict[str, Any] = {
            name: np.sum([getattr(part, name) for part in parts], axis=0) for name in _COUNTS
        }
        return replace(
            parts[0],
            num_samples=sum(part.num_samples for part in parts),
            ann_num_correct=sum(part.ann_num_correct for part in parts),
            **counts,
        )

    def until(self, num_steps: int) -> Comparison:
        """Return the figures up to a number of steps."""
        kept = self.steps <= num_steps
        counts: dict[str, Any] = {name: getattr(self, name)[:, kept] for name in _COUNTS}
        return replace(self, steps=self.steps[kept], **counts)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield all that is known of each way after each number of steps, by name."""
        low, high = self.accuracy_interval
        loss_low, loss_high = self.loss_interval
        for i, name in enumerate(self.names):
            for j, steps in enumerate(self.steps.tolist()):
                yield {
                    "recipe": name,
                    "encoding": self.encodings[i],
                    "steps": steps,
                    "accuracy": float(self.accuracy[i, j]),
                    "accuracy_low": float(low[i, j]),
                    "accuracy_high": float(high[i, j]),
                    "loss": float(self.loss[i, j]),
                    "loss_low": float(loss_low[i, j]),
                    "loss_high": float(loss_high[i, j]),
                    "equal_share": float(self.equal_share[i, j]),
                    "mean_spikes": float(self.mean_spikes[i, j]),
                    "mean_synaptic_operations": float(self.mean_synaptic_operations[i, j]),
                }

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            "num_samples": self.num_samples,
            "ann_accuracy": self.ann_accuracy,
            "ann_interval": self.ann_interval.tolist(),
            "rows": list(self.rows()),
            "refusals": dict(self.refusals),
        }

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write a line for each way and number of steps; shares are fractions.

        Raises:
            OSError: The file can't be written.
        """
        rows = list(self.rows())
        text = csv_text(rows[0], (row.values() for row in rows))
        write_text(Path(as_path(path)), text)

    def to_json(self, path: str | os.PathLike[str]) -> None:
        """Write what `to_dict` returns.

        Raises:
            OSError: The file can't be written.
        """
        write_json(Path(as_path(path)), self.to_dict())

    def to_html(self) -> str:
        """Return a part of an HTML page: the tables, and the figure where matplotlib is there."""
        return comparison_html(self)

    def plot(self, *, title: str | None = None, ax: Axes | None = None) -> Axes:
        """Plot accuracy against steps.

        Args:
            title: Title of the axes.
            ax: Axes to draw into; new ones if None.

        Raises:
            ImportError: matplotlib is not installed.
        """
        from ...plotting import plot_accuracy_against_cost

        return plot_accuracy_against_cost(
            {name: (self.steps, row) for name, row in zip(self.names, self.accuracy, strict=True)},
            xlabel="steps",
            ann_accuracy=self.ann_accuracy,
            num_samples=self.num_samples,
            title=title,
            ax=ax,
        )

    def plot_operations(self, *, title: str | None = None, ax: Axes | None = None) -> Axes:
        """Plot accuracy against synaptic operations per sample.

        Args:
            title: Title of the axes.
            ax: Axes to draw into; new ones if None.

        Raises:
            ImportError: matplotlib is not installed.
        """
        from ...plotting import plot_accuracy_against_cost

        costs = self.mean_synaptic_operations
        return plot_accuracy_against_cost(
            {
                name: (cost, row)
                for name, cost, row in zip(self.names, costs, self.accuracy, strict=True)
            },
            xlabel="synaptic operations per sample",
            ann_accuracy=self.ann_accuracy,
            num_samples=self.num_samples,
            title=title,
            ax=ax,
        )

    def __str__(self) -> str:
        """Show tables: accuracy, loss, equal predictions and operations, and what failed."""
        return comparison_text(self)
