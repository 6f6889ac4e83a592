"""What a conversion report holds, whatever it is shown as."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import ConversionErrors
from .findings import Finding
from .measurement.accuracies import Accuracies
from .measurement.populations import PopulationReport
from .traces import SampleTrace


@dataclass(frozen=True, eq=False)
class ReportValues:
    """The numbers of a report.

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
