"""What a finding says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Cause = Literal[
    "under-activation",
    "over-activation",
    "bursty input",
    "stochastic input",
    "refractory period",
    "dead neurons",
]


@dataclass(frozen=True)
class Finding:
    """One cause in one population.

    Attributes:
        cause: Which of the causes.
        population: Name of the population; ``"input"`` for stochastic input.
        size: The share that the message names.
        accuracy_lost: Accuracy lost in the population, whatever the cause; see
            `PopulationReport.accuracy_lost`. Of bursty input: what evenly spaced spikes of its
            source gain.
        message: What was found.
        advice: What to do.
    """

    cause: Cause
    population: str
    size: float
    accuracy_lost: float
    message: str
    advice: str

    def __str__(self) -> str:
        """Say cause, place, finding and advice in a line."""
        return f"{self.cause} in {self.population}: {self.message} {self.advice}"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return asdict(self)


def percent(share: float) -> str:
    """Return a share with the three digits that messages have."""
    return f"{100 * share:.3g} %"
