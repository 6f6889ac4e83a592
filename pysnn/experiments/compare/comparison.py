"""What a comparison of conversions gives."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..._base.files import write_json, write_text
from ..._base.numbers import as_path
from ..._base.tables import csv_text
from ...pages.interactive import finish
from ...spiking.encoding import Encoding
from .comparison_page import comparison_page
from .comparison_text import comparison_text, comparison_view
from .counts import ComparedCounts, Counts
from .readings import Readings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COUNTS = ("num_correct", "num_lost", "num_equal", "spikes", "synaptic_operations")


@dataclass(frozen=True, eq=False)
class Comparison(ComparedCounts):
    """Conversions of one network on the same samples, each read off after several steps.

    Attributes are those of `ComparedCounts`.
    """

    @classmethod
    def of(
        cls,
        readings: dict[str, Readings],
        encodings: Sequence[Encoding],
        steps: Sequence[int],
        num_samples: int,
        ann_num_correct: int,
        refusals: Sequence[tuple[str, str]] = (),
        seed: int | None = None,
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
            seed=seed,
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
            "seed": self.seed,
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

    def to_html(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return an interactive page, one file of some 5 MB that needs no network.

        Quantities, costs and recipes are chosen in it; the tables stand below.

        Args:
            path: File to write it to as well.

        Raises:
            ImportError: plotly is not installed.
            OSError: The file can't be written.
        """
        return finish(comparison_page(self, list(self.rows())).render(), path)

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
            {
                name: {"cost": self.steps, "accuracy": row}
                for name, row in zip(self.names, self.accuracy, strict=True)
            },
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
                name: {"cost": cost, "accuracy": row}
                for name, cost, row in zip(self.names, costs, self.accuracy, strict=True)
            },
            xlabel="synaptic operations per sample",
            ann_accuracy=self.ann_accuracy,
            num_samples=self.num_samples,
            title=title,
            ax=ax,
        )

    def _repr_html_(self) -> str:
        """Show the tables in a notebook."""
        return comparison_view(self)

    def __str__(self) -> str:
        """Show tables: accuracy, loss, equal predictions and operations, and what failed."""
        return comparison_text(self)
