"""What a sweep over input rates and thresholds gives."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._base.files import write_json, write_text
from .._base.interface.html import html_view
from .._base.numbers import as_path
from .._base.tables import csv_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class SweepPoint:
    """One cell of the grid.

    Attributes:
        max_rate: Input rate in Hz that an intensity of 1 stands for.
        threshold: Threshold of every neuron.
        accuracy: Fraction of samples classified rightly after the last step.
        mean_spikes: Spikes per sample of all populations, without the input's.
        mean_synaptic_operations: Synaptic operations per sample.
    """

    max_rate: float
    threshold: float
    accuracy: float
    mean_spikes: float
    mean_synaptic_operations: float


@dataclass(frozen=True, eq=False)
class SweepResult:
    """Accuracy and cost on a grid of input rates and thresholds.

    Attributes:
        max_rates: Input rates in Hz, ascending, (num_rates,).
        thresholds: Thresholds, ascending, (num_thresholds,).
        num_correct: Samples classified rightly after the last step, (num_rates, num_thresholds).
        spikes: Spikes of all samples and populations, without the input's, of the same shape.
        synaptic_operations: Synaptic operations of all samples, of the same shape.
        settings: What the numbers depend on: ``num_samples``, ``num_steps``, ``dt`` in s,
            ``seed``, ``stream_version`` and the SHA-256 of network and data.
    """

    max_rates: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    num_correct: NDArray[np.int64]
    spikes: NDArray[np.int64]
    synaptic_operations: NDArray[np.int64]
    settings: dict[str, Any]

    @property
    def num_samples(self) -> int:
        """Samples that every cell simulates."""
        return int(self.settings["num_samples"])

    @property
    def accuracy(self) -> NDArray[np.float64]:
        """Fraction of samples classified rightly, (num_rates, num_thresholds)."""
        return self.num_correct / self.num_samples

    @property
    def best(self) -> SweepPoint:
        """The cell of highest accuracy; of equal ones that with fewest synaptic operations."""
        return self.point(*self.best_index)

    @property
    def best_index(self) -> tuple[int, int]:
        """Indices of the best cell's rate and threshold."""
        order = np.lexsort((self.synaptic_operations.ravel(), -self.num_correct.ravel()))
        rate, threshold = np.unravel_index(int(order[0]), self.num_correct.shape)
        return int(rate), int(threshold)

    def point(self, rate_index: int, threshold_index: int) -> SweepPoint:
        """Return one cell of the grid."""
        cell = rate_index, threshold_index
        return SweepPoint(
            max_rate=float(self.max_rates[rate_index]),
            threshold=float(self.thresholds[threshold_index]),
            accuracy=float(self.accuracy[cell]),
            mean_spikes=float(self.spikes[cell] / self.num_samples),
            mean_synaptic_operations=float(self.synaptic_operations[cell] / self.num_samples),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            "max_rates": self.max_rates.tolist(),
            "thresholds": self.thresholds.tolist(),
            "accuracy": self.accuracy.tolist(),
            "num_correct": self.num_correct.tolist(),
            "spikes": self.spikes.tolist(),
            "synaptic_operations": self.synaptic_operations.tolist(),
            "best": vars(self.best),
            "settings": self.settings,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SweepResult:
        """Return the result that `to_dict` gave these values for.

        Raises:
            ValueError: A value is missing, or the arrays do not fit each other.
        """
        try:
            result = cls(
                max_rates=np.array(values["max_rates"], dtype=np.float64),
                thresholds=np.array(values["thresholds"], dtype=np.float64),
                num_correct=np.array(values["num_correct"], dtype=np.int64),
                spikes=np.array(values["spikes"], dtype=np.int64),
                synaptic_operations=np.array(values["synaptic_operations"], dtype=np.int64),
                settings=dict(values["settings"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"values hold no result of a sweep: {error!r}") from None
        shape = (result.max_rates.size, result.thresholds.size)
        for name in ("num_correct", "spikes", "synaptic_operations"):
            if getattr(result, name).shape != shape:
                raise ValueError(
                    f"{name} has shape {getattr(result, name).shape}, but rates and thresholds "
                    f"make {shape}"
                )
        return result

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the result as JSON; `load` reads it.

        Raises:
            OSError: The file can't be written.
        """
        write_json(Path(as_path(path)), self.to_dict())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> SweepResult:
        """Read what `save` wrote.

        Raises:
            OSError: The file can't be read.
            ValueError: It holds no result of a sweep.
        """
        values = json.loads(Path(as_path(path)).read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError(f"{path} holds no result of a sweep, but a {type(values).__name__}")
        return cls.from_dict(values)

    def write_csv(self, path: str | os.PathLike[str]) -> None:
        """Write one line per cell, in the order of rates, then thresholds.

        Raises:
            OSError: The file can't be written.
        """
        header = ("max_rate_hz", "threshold", "accuracy", "mean_spikes", "mean_synaptic_operations")
        rows = (vars(self.point(*cell)).values() for cell in np.ndindex(self.num_correct.shape))
        write_text(Path(as_path(path)), csv_text(header, rows))

    def plot(
        self, *, near: float | None = None, title: str | None = None, ax: Axes | None = None
    ) -> Axes:
        """Draw the accuracies as a heat map, with a star at the `best` cell.

        Args:
            near: Cells of at least this accuracy get a dot; none if None.
            title: Title of the axes.
            ax: Axes to draw into; new ones if None.

        Returns:
            The axes.

        Raises:
            ImportError: matplotlib is not installed.
        """
        from ..plotting import plot_heat_map

        return plot_heat_map(
            self.accuracy,
            max_rate=self.max_rates,
            threshold=self.thresholds,
            axes=("max_rate", "threshold"),
            near=near,
            best=self.best_index,
            title=title,
            ax=ax,
        )

    def __str__(self) -> str:
        """Show a table of accuracies in percent, a row per rate, and the best cell."""
        head = "Hz \\ threshold" + "".join(f"{value:>7.3g}" for value in self.thresholds)
        rows = [
            f"{rate:>14.4g}" + "".join(f"{100 * value:>7.2f}" for value in row)
            for rate, row in zip(self.max_rates, self.accuracy, strict=True)
        ]
        return "\n".join([self._title(), head, *rows, self._best_line()])

    def _repr_html_(self) -> str:
        """Show in a notebook what `str` shows."""
        header = ("Hz \\ threshold", *(f"{value:.3g}" for value in self.thresholds))
        rows = [
            (f"{rate:.4g}", *(f"{100 * value:.2f}" for value in row))
            for rate, row in zip(self.max_rates, self.accuracy, strict=True)
        ]
        return html_view(self._title(), (header, rows), notes=[self._best_line()])

    def _title(self) -> str:
        return (
            f"accuracy (%) on {self.num_samples:,} samples after "
            f"{self.settings['num_steps']} steps of {self.settings['dt']:g} s"
        )

    def _best_line(self) -> str:
        best = self.best
        return (
            f"best: {best.accuracy:.2%} at {best.max_rate:.4g} Hz and threshold "
            f"{best.threshold:.4g}, {best.mean_synaptic_operations:,.0f} synaptic operations per "
            f"sample"
        )
