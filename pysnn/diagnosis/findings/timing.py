"""Findings of when spikes come: in bursts, or by chance."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from .evidence import Evidence
from .finding import Finding, percent
from .limits import BURSTS, CHANCE, CHARGE


def burst_findings(evidence: Evidence) -> Iterator[Finding]:
    """Yield the populations that lose charge only because their spikes come in bursts."""
    for population, stage in zip(evidence.populations, evidence.stages, strict=True):
        sources = evidence.sources(stage)
        lost = (
            max(each.accuracy_lost for each in sources)
            if sources
            else evidence.accuracies.lost_to_chance
        )
        in_network, alone = population.in_network, population.alone
        size = in_network.lost_of_input - alone.lost_of_input
        # A source that fires too often fills membranes without any burst; that is its finding.
        if size < BURSTS or in_network.too_little_input <= -CHARGE:
            continue
        spread = (
            f"give the neurons of {' and '.join(each.name for each in sources)} initial "
            f"potentials of their own, so that they do not fire in the same steps"
            if sources
            else "lower max_rate or dt, so that fewer come in a step, or use encoding='regular'"
        )
        yield Finding(
            "bursty input",
            population.name,
            size,
            lost,
            f"many of its input spikes come in the same steps: resets throw away "
            f"{percent(in_network.lost_of_input)} of the charge that it receives, but "
            f"{percent(alone.lost_of_input)} where the spikes are evenly spaced.",
            f"Use reset='subtract', which keeps the excess, or {spread}.",
        )


def chance_findings(evidence: Evidence, bursts: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what the chance of Poisson input costs, if it costs anything.

    Args:
        evidence: All that was measured.
        bursts: What `burst_findings` found.
    """
    accuracies = evidence.accuracies
    lost = accuracies.lost_to_chance
    # Of samples that change, as many could have changed to the better.
    error = math.sqrt(accuracies.changed_by_chance / len(evidence.populations[0].rate))
    if lost >= max(CHANCE, 2 * error):
        advice = (
            f"Simulate longer{evidence.more_rate_advice}, so that chance averages out, or use "
            f"encoding='regular' or 'constant'."
        )
        first = [each.population for each in bursts if evidence.is_fed_by_input(each.population)]
        if first:
            advice = f"Mend the bursts in {first[0]} first: what they lose does not average out."
        yield Finding(
            "stochastic input",
            "input",
            lost,
            lost,
            f"evenly spaced spikes of the same rates are right on {percent(lost)} more of the "
            f"samples, constant current on "
            f"{percent(max(accuracies.constant - accuracies.spiking, 0.0))} more.",
            advice,
        )
