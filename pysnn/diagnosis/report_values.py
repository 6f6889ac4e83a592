"""What a conversion report holds, whatever it is shown as."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..spiking import Encoding
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
        encoding: What the samples became: as asked for, or else as the network was made for.
        seeds: Seeds of the Poisson input; none of another one.
        accuracies: Accuracies of all simulations, and what is lost where.
        populations: One report per population, from input to output.
        findings: What is worth mending, the costliest first.
        errors: The error of every population taken apart, under ``encoding`` (where it draws, with
            the first seed); None for chains of the paper's kinds.
        traces: The samples whose steps were kept, see ``trace`` of `diagnose`.
    """

    num_samples: int
    num_steps: int
    dt: float
    max_rate: float
    encoding: Encoding
    seeds: tuple[int, ...]
    accuracies: Accuracies
    populations: tuple[PopulationReport, ...]
    findings: tuple[Finding, ...]
    errors: ConversionErrors | None = None
    traces: tuple[SampleTrace, ...] = ()

    @property
    def input_text(self) -> str:
        """The input as text, with its rate unless that is a spike in every step."""
        if not self.seeds:
            is_full = math.isclose(self.max_rate * self.dt, 1)
            return f"{self.encoding} input{'' if is_full else f' of {self.max_rate:g} Hz'}"
        seeds = f"seed {self.seeds[0]}" if len(self.seeds) == 1 else f"{len(self.seeds)} seeds"
        return f"{self.max_rate:g} Hz, {seeds}"
