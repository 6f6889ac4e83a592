"""The report as an object, as text and as JSON."""

from __future__ import annotations

import json
import os
from typing import Any

from .._base.interface.html import html_view
from .._base.tables import Table, text_table
from ..pages.interactive import finish
from .measurement.populations import PopulationReport
from .report_page import report_page
from .report_values import ReportValues

WORTH_MENDING = 0.005  # accuracy that a conversion may lose unremarked


class ConversionReport(ReportValues):
    """What `diagnose` found out; printing it shows it as text.

    Its attributes are those of `ReportValues`.
    """

    def to_dict(self) -> dict[str, Any]:
        """Return everything but what is per neuron or sample, ready for JSON."""
        return {
            "num_samples": self.num_samples,
            "num_steps": self.num_steps,
            "dt": self.dt,
            "max_rate": self.max_rate,
            "encoding": self.encoding,
            "seeds": list(self.seeds),
            "accuracies": self.accuracies.to_dict(),
            "populations": [population.to_dict() for population in self.populations],
            "findings": [finding.to_dict() for finding in self.findings],
            "errors": None if self.errors is None else self.errors.to_dict(),
        }

    def to_json(self) -> str:
        """Return `to_dict` as JSON text."""
        return json.dumps(self.to_dict(), indent=2, allow_nan=False)

    def to_html(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return an interactive page, one file of some 5 MB that needs no network.

        Populations are chosen in it, and with ``trace`` of `diagnose` samples are gone through
        step by step.

        Args:
            path: File to write it to as well.

        Raises:
            ImportError: plotly is not installed.
            OSError: The file can't be written.
        """
        return finish(report_page(self), path)

    def __str__(self) -> str:
        """Show accuracies, rates, charges, errors and findings."""
        tables = (self._accuracy_table(), self._rate_table(), self._charge_table())
        parts = [self._title(), *(text_table(*table) for table in tables)]
        if self.errors is not None:
            parts.append(str(self.errors))
        return "\n\n".join([*parts, self._finding_text()])

    __repr__ = __str__

    def _title(self) -> str:
        return (
            f"Conversion report: {self.num_samples:,} samples, {self.num_steps} steps of "
            f"{self.dt:g} s, {self.input_text}"
        )

    def _repr_html_(self) -> str:
        """Show in a notebook what `str` shows, without the parts of each population's error."""
        tables = (self._accuracy_table(), self._rate_table(), self._charge_table())
        return html_view(self._title(), *tables, notes=self._finding_text().splitlines())

    def _accuracy_table(self) -> Table:
        accuracies = self.accuracies
        what = "accuracy" if accuracies.labelled else "agreement"
        deviation = accuracies.seed_deviation
        spread = "" if deviation is None else f" +- {100 * deviation:.2f} over seeds"
        rows: list[tuple[str, ...]] = [
            ("ReLU network", f"{100 * accuracies.ann:.2f} %", ""),
            ("spiking network", f"{100 * accuracies.spiking:.2f} %", spread.strip()),
        ]
        if self.seeds:
            lost = f"{100 * accuracies.lost_to_chance:.2f} %"
            rows.append(("lost to chance of the input", lost, ""))
        rows += [
            (f"lost in {population.name}", f"{100 * population.accuracy_lost:.2f} %", "")
            for population in self.populations
        ]
        return (what, "", ""), rows

    def _rate_table(self) -> Table:
        header = (
            "rate against activation",
            "neurons",
            "correlation",
            "mean error",
            "rms error",
            "chance share",
            "dead",
            "saturated",
        )
        return header, [_rate_row(population) for population in self.populations]

    def _charge_table(self) -> Table:
        header = (
            "spikes due, % (alone)",
            "missing",
            "too little input",
            "lost at resets",
            "left",
            "backlog",
            "dropped",
            "silent",
            "multi-spike",
        )
        return header, [_charge_row(population) for population in self.populations]

    def _finding_text(self) -> str:
        lost = self.accuracies.lost
        what = "accuracy" if self.accuracies.labelled else "agreement with the ReLU network"
        cost = f"The conversion costs {100 * lost:.2f} percentage points of {what}"
        if not self.findings:
            return f"{cost}; nothing stands out."
        if lost < WORTH_MENDING:
            cost += ", too little to act on what was found"
        lines = [f"{i}. {finding}" for i, finding in enumerate(self.findings, start=1)]
        return "\n".join([f"{cost}:", *lines])


def _rate_row(population: PopulationReport) -> tuple[str, ...]:
    if population.neuron == "readout":
        return (population.name, f"{population.num_neurons:,}", *[""] * 6)
    variance, square = population.seed_variance, population.rms_error**2
    chance = "" if variance is None or square == 0 else f"{100 * variance / square:.0f} %"
    return (
        population.name,
        f"{population.num_neurons:,}",
        "" if population.correlation is None else f"{population.correlation:.4f}",
        f"{population.mean_error:+.4f}",
        f"{population.rms_error:.4f}",
        chance,
        f"{int(population.dead.sum()):,}",
        f"{int(population.saturated.sum()):,}",
    )


def _charge_row(population: PopulationReport) -> tuple[str, ...]:
    alone = population.alone
    if not population.has_charges:
        return (population.name, *[""] * 8)
    shares = (
        alone.missing,
        alone.too_little_input,
        alone.lost,
        alone.left,
        alone.backlog,
        alone.dropped,
        alone.silent,
        alone.multi_spikes,
    )
    return (population.name, *(f"{100 * share:.1f}" for share in shares))
