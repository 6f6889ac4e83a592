"""Findings of neurons that never fire."""

from __future__ import annotations

from collections.abc import Iterator

from ..measurement.populations import PopulationReport
from .finding import Finding
from .limits import DEAD


def dead_findings(population: PopulationReport) -> Iterator[Finding]:
    """Yield a finding where many neurons of a population stay silent whatever drives it."""
    dead = int(population.dead_alone.sum())
    share = dead / population.num_neurons
    if share >= DEAD:
        yield Finding(
            "dead neurons",
            population.name,
            share,
            population.accuracy_lost,
            f"{dead:,} of {population.num_neurons:,} neurons never fire, though their sources do "
            f"and each is due at least one spike on some sample.",
            "Simulate longer, normalize with method='data', or lower their threshold.",
        )
