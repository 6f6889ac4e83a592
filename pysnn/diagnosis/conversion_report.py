"""The report as an object, as text and as JSON."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from .._base.tables import text_table
from ..pages.interactive import finish
from .errors import ConversionErrors
from .findings import Finding
from .measurement.accuracies import Accuracies
from .measurement.populations import PopulationReport
from .report_page import ReportPage, report_page
from .traces import SampleTrace

WORTH_MENDING = 0.005  # accuracy that a conversion may lose unremarked


@dataclass(frozen=True, eq=False)
class ConversionReport:
    """What `diagnose` found out; printing it shows it as text.

    Attributes:
        num_samples: Number of samples.
        num_steps: Steps of a simulation.
        dt: Length of a step in s.
        max_rate: Firing rate in Hz that an intensity of 1 stands for.
        seeds: Seeds of the Poisson input.
        accuracies: Accuracies of all simulations, and what is lost where.
        populations: One report per population, from input to output.
        findings: What is worth mending, the costliest first.
        errors: The error of every population taken apart, under the encoding that the network was
            made for, or the Poisson input of the first seed; None for chains of the paper's kinds.
        traces: The samples whose steps were kept, see ``trace`` of `diagnose`.
    """

    num_samples: int
    num_steps: int
    dt: float
    max_rate: float
    seeds: tuple[int, ...]
    accuracies: Accuracies
    populations: tuple[PopulationReport, ...]
    findings: tuple[Finding, ...]
    errors: ConversionErrors | None = None
    traces: tuple[SampleTrace, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return everything but what is per neuron or sample, ready for JSON."""
        return {
            "num_samples": self.num_samples,
            "num_steps": self.num_steps,
            "dt": self.dt,
            "max_rate": self.max_rate,
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
        page = ReportPage(
            facts=self._facts(),
            num_steps=self.num_steps,
            accuracies=self.accuracies,
            populations=self.populations,
            findings=self.findings,
            traces=self.traces,
            text=str(self),
        )
        return finish(report_page(page), path)

    def __str__(self) -> str:
        """Show accuracies, rates, charges, errors and findings."""
        title = f"Conversion report: {self._facts()}"
        parts = [title, self._accuracy_text(), self._rate_text(), self._charge_text()]
        if self.errors is not None:
            parts.append(str(self.errors))
        return "\n\n".join([*parts, self._finding_text()])

    __repr__ = __str__

    def _facts(self) -> str:
        seeds = f"seed {self.seeds[0]}" if len(self.seeds) == 1 else f"{len(self.seeds)} seeds"
        return (
            f"{self.num_samples:,} samples, {self.num_steps} steps of {self.dt:g} s, "
            f"{self.max_rate:g} Hz, {seeds}"
        )

    def _accuracy_text(self) -> str:
        accuracies = self.accuracies
        what = "accuracy" if accuracies.labelled else "agreement"
        deviation = accuracies.seed_deviation
        spread = "" if deviation is None else f" +- {100 * deviation:.2f} over seeds"
        rows = [
            ("ReLU network", f"{100 * accuracies.ann:.2f} %", ""),
            ("spiking network", f"{100 * accuracies.spiking:.2f} %", spread.strip()),
            ("lost to chance of the input", f"{100 * accuracies.lost_to_chance:.2f} %", ""),
        ]
        rows += [
            (f"lost in {population.name}", f"{100 * population.accuracy_lost:.2f} %", "")
            for population in self.populations
        ]
        return text_table((what, "", ""), rows)

    def _rate_text(self) -> str:
        header = (
            "rate against activation",
            "neurons",
            "correlation",
            "mean error",
            "rms error",
            "of it chance",
            "dead",
            "saturated",
        )
        return text_table(header, [_rate_row(population) for population in self.populations])

    def _charge_text(self) -> str:
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
        return text_table(header, [_charge_row(population) for population in self.populations])

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
