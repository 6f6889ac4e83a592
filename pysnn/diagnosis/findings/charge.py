"""Findings of charge: too little, too much, or dropped."""

from __future__ import annotations

from collections.abc import Iterator

from ..matching.mapping import Stage
from ..measurement.populations import PopulationReport
from .evidence import Evidence
from .finding import Finding, percent
from .limits import CHARGE, CLIPPED, DROPPED, LEFT, MULTI_SPIKES, SILENT


def charge_findings(evidence: Evidence, factor: float) -> Iterator[Finding]:
    """Yield what populations lose by too little charge, by too much, and by dropping it.

    Args:
        evidence: All that was measured.
        factor: Factor on the limits.
    """
    for population, stage in zip(evidence.populations, evidence.stages, strict=True):
        clipped = max((each.clipped for each in evidence.sources(stage)), default=0.0)
        yield from _under_activation(population, clipped, evidence, factor)
        yield from _over_activation(population, stage, factor)
        yield from _refractory(population, factor)


def _under_activation(
    population: PopulationReport, clipped_before: float, evidence: Evidence, factor: float
) -> Iterator[Finding]:
    alone = population.alone
    # Sources that can't show their activation hand on too little; that is their finding.
    too_little = max(alone.too_little_input, 0.0) if clipped_before <= CLIPPED else 0.0
    left = min(max(alone.left, 0.0), 1.0)
    silent = (
        f", and {percent(alone.silent)} of the neurons due a spike stay silent"
        if alone.silent > 0
        else ""
    )
    if too_little >= factor * CHARGE:
        message = f"it receives {percent(too_little)} less charge than its activation stands for"
        advice = (
            "Its weights are too small for its threshold: normalize with method='data', or lower "
            "the threshold."
        )
        size = too_little
    elif left >= factor * LEFT or (alone.silent >= factor * SILENT and left > alone.lost):
        message = f"{percent(left)} of the spikes due wait as charge in membranes at the end"
        advice = (
            f"{evidence.setting.num_steps} steps are too few for its rates: simulate longer"
            f"{evidence.more_rate_advice}, or normalize with method='data' if you did not."
        )
        size = max(left, alone.silent)
    else:
        return
    yield Finding(
        "under-activation",
        population.name,
        size,
        population.accuracy_lost,
        f"{message}{silent}.",
        advice,
    )


def _over_activation(
    population: PopulationReport, stage: Stage, factor: float
) -> Iterator[Finding]:
    alone = population.alone
    # Where most charge is still waiting, the few spikes that came are no measure of the input.
    too_much = max(-alone.too_little_input, 0.0) if alone.left < LEFT else 0.0
    stuck = alone.lost + max(alone.backlog, 0.0)
    resets = stage.population.reset == "zero"
    if population.clipped >= factor * CLIPPED:
        message = (
            f"{percent(population.clipped)} of its activation lies above one spike per step, in "
            f"{int(population.saturated.sum()):,} of {population.num_neurons:,} neurons."
        )
        advice = "Normalize with method='data' on samples like these, or lower max_rate or dt."
        size = population.clipped
    elif too_much >= factor * CHARGE:
        message = (
            f"it receives {percent(too_much)} more charge than its activation stands for; "
            f"{percent(alone.multi_spikes)} of its spikes should have been more than one."
        )
        advice = (
            "Its weights are too large for its threshold: normalize with method='data', or raise "
            "the threshold."
        )
        size = too_much
    elif alone.multi_spikes >= factor * MULTI_SPIKES or stuck >= factor * CHARGE:
        where = "resets throw away" if resets else "membranes hold back"
        message = (
            f"{where} {percent(stuck)} of the spikes due, and {percent(alone.multi_spikes)} of "
            f"its spikes should have been more than one."
        )
        keep = "use reset='subtract', which keeps the excess, or " if resets else ""
        advice = f"{keep}lower max_rate or dt, so that less arrives in a step."
        advice = advice[0].upper() + advice[1:]
        size = max(stuck, alone.multi_spikes)
    else:
        return
    yield Finding(
        "over-activation", population.name, size, population.accuracy_lost, message, advice
    )


def _refractory(population: PopulationReport, factor: float) -> Iterator[Finding]:
    dropped = population.alone.dropped
    if dropped >= factor * DROPPED:
        yield Finding(
            "refractory period",
            population.name,
            dropped,
            population.accuracy_lost,
            f"{percent(dropped)} of the spikes due arrive as charge while input is dropped.",
            "Shorten the refractory period, or lower max_rate.",
        )
