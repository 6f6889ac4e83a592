"""Findings: a cause, a population, a size, and what to do about it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from .accuracies import Accuracies
from .mapping import Stage
from .measuring import Setting
from .populations import PopulationReport

Cause = Literal[
    "under-activation",
    "over-activation",
    "bursty input",
    "stochastic input",
    "refractory period",
    "dead neurons",
]

# A finding is made of what exceeds these shares; docs/diagnosis.md says of what.
SILENT = 0.2  # of the neurons that are due at least one spike
LEFT = 0.5  # of the spikes that are due, waiting as charge
CHARGE = 0.2  # of the spikes that are due, missing for one cause
MULTI_SPIKES = 0.1  # of the spikes
BURSTS = 0.1  # of the charge received, lost to bursts alone
CLIPPED = 0.02  # of the activation
DROPPED = 0.05  # of the spikes that are due
DEAD = 0.05  # of the neurons
CHANCE = 0.01  # of the accuracy

# A conversion that costs this much of the accuracy, beside what bursts and chance do, has a cause:
# where nothing reaches the limits of charge, they are halved, at most so many times.
COSTLY = 0.03
MAX_HALVINGS = 3


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


def find(
    populations: Sequence[PopulationReport],
    accuracies: Accuracies,
    stages: Sequence[Stage],
    setting: Setting,
) -> tuple[Finding, ...]:
    """Return what is worth mending, the costliest first.

    Findings are ordered by the accuracy that is lost in their population, then by size; dead
    neurons and chance follow the causes that lose as much.
    """
    bursts = list(_bursts(populations, accuracies))
    findings = [*bursts, *_chance(accuracies, populations[0], setting, bursts)]
    unexplained = accuracies.lost - max((each.accuracy_lost for each in findings), default=0.0)
    charge: list[Finding] = []
    for halvings in range(MAX_HALVINGS + 1 if unexplained >= COSTLY else 1):
        charge = charge or _of_charge(populations, stages, setting, 0.5**halvings)
    findings += charge
    for population in populations:
        findings += _dead(population)
    return tuple(sorted(findings, key=_rank))


def _rank(finding: Finding) -> tuple[float, bool, float]:
    # Other causes lead to dead neurons, and bursts to what chance costs.
    follows = finding.cause in ("dead neurons", "stochastic input")
    return -round(finding.accuracy_lost, 3), follows, -finding.size


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _of_charge(
    populations: Sequence[PopulationReport],
    stages: Sequence[Stage],
    setting: Setting,
    scale: float,
) -> list[Finding]:
    """Return the findings of charge, by limits times ``scale``."""
    found: list[Finding] = []
    clipped_before = 0.0
    for population, stage in zip(populations, stages, strict=True):
        found += _under_activation(population, clipped_before, setting, scale)
        found += _over_activation(population, stage, scale)
        found += _refractory(population, scale)
        clipped_before = population.clipped
    return found


def _under_activation(
    population: PopulationReport, clipped_before: float, setting: Setting, scale: float
) -> Iterator[Finding]:
    alone = population.alone
    # Sources that can't show their activation hand on too little; that is their finding.
    too_little = max(alone.too_little_input, 0.0) if clipped_before <= CLIPPED else 0.0
    left = min(max(alone.left, 0.0), 1.0)
    silent = (
        f", and {_percent(alone.silent)} of the neurons due a spike stay silent"
        if alone.silent > 0
        else ""
    )
    if too_little >= scale * CHARGE:
        message = f"it receives {_percent(too_little)} less charge than its activation stands for"
        advice = (
            "Its weights are too small for its threshold: normalize with method='data', or lower "
            "the threshold."
        )
        size = too_little
    elif left >= scale * LEFT or (alone.silent >= scale * SILENT and left > alone.lost):
        message = f"{_percent(left)} of the spikes due wait as charge in membranes at the end"
        more_rate = "" if setting.max_rate * setting.dt == 1 else " or raise max_rate"
        advice = (
            f"{setting.num_steps} steps are too few for its rates: simulate longer{more_rate}, or "
            f"normalize with method='data' if you did not."
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


def _over_activation(population: PopulationReport, stage: Stage, scale: float) -> Iterator[Finding]:
    alone = population.alone
    # Where most charge is still waiting, the few spikes that came are no measure of the input.
    too_much = max(-alone.too_little_input, 0.0) if alone.left < LEFT else 0.0
    stuck = alone.lost + max(alone.backlog, 0.0)
    resets = stage.population.reset == "zero"
    if population.clipped >= scale * CLIPPED:
        message = (
            f"{_percent(population.clipped)} of its activation lies above one spike per step, in "
            f"{int(population.saturated.sum()):,} of {population.num_neurons:,} neurons."
        )
        advice = "Normalize with method='data' on samples like these, or lower max_rate or dt."
        size = population.clipped
    elif too_much >= scale * CHARGE:
        message = (
            f"it receives {_percent(too_much)} more charge than its activation stands for; "
            f"{_percent(alone.multi_spikes)} of its spikes should have been more than one."
        )
        advice = (
            "Its weights are too large for its threshold: normalize with method='data', or raise "
            "the threshold."
        )
        size = too_much
    elif alone.multi_spikes >= scale * MULTI_SPIKES or stuck >= scale * CHARGE:
        where = "resets throw away" if resets else "membranes hold back"
        message = (
            f"{where} {_percent(stuck)} of the spikes due, and {_percent(alone.multi_spikes)} of "
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


def _refractory(population: PopulationReport, scale: float) -> Iterator[Finding]:
    dropped = population.alone.dropped
    if dropped >= scale * DROPPED:
        yield Finding(
            "refractory period",
            population.name,
            dropped,
            population.accuracy_lost,
            f"{_percent(dropped)} of the spikes due arrive as charge while input is dropped.",
            "Shorten the refractory period, or lower max_rate.",
        )


def _dead(population: PopulationReport) -> Iterator[Finding]:
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


def _bursts(populations: Sequence[PopulationReport], accuracies: Accuracies) -> Iterator[Finding]:
    lost = (accuracies.lost_to_chance, *(each.accuracy_lost for each in populations[:-1]))
    for k, population in enumerate(populations):
        in_network, alone = population.in_network, population.alone
        size = in_network.lost_of_input - alone.lost_of_input
        # A source that fires too often fills membranes without any burst; that is its finding.
        if size < BURSTS or in_network.too_little_input <= -CHARGE:
            continue
        spread = (
            "lower max_rate or dt, so that fewer come in a step, or use encoding='regular'"
            if k == 0
            else f"give the neurons of {populations[k - 1].name} initial potentials of their own, "
            f"so that they do not fire in the same steps"
        )
        yield Finding(
            "bursty input",
            population.name,
            size,
            lost[k],
            f"many of its input spikes come in the same steps: resets throw away "
            f"{_percent(in_network.lost_of_input)} of the charge that it receives, but "
            f"{_percent(alone.lost_of_input)} where the spikes are evenly spaced.",
            f"Use reset='subtract', which keeps the excess, or {spread}.",
        )


def _chance(
    accuracies: Accuracies,
    first: PopulationReport,
    setting: Setting,
    bursts: Sequence[Finding],
) -> Iterator[Finding]:
    lost = accuracies.lost_to_chance
    # Of samples that change, as many could have changed to the better.
    error = math.sqrt(accuracies.changed_by_chance / len(first.rate))
    if lost >= max(CHANCE, 2 * error):
        more_rate = "" if setting.max_rate * setting.dt == 1 else " or raise max_rate"
        advice = (
            f"Simulate longer{more_rate}, so that chance averages out, or use encoding='regular' "
            f"or 'constant'."
        )
        if any(finding.population == first.name for finding in bursts):
            advice = f"Mend the bursts in {first.name} first: what they lose does not average out."
        yield Finding(
            "stochastic input",
            "input",
            lost,
            lost,
            f"evenly spaced spikes of the same rates are right on {_percent(lost)} more of the "
            f"samples, constant current on "
            f"{_percent(max(accuracies.constant - accuracies.spiking, 0.0))} more.",
            advice,
        )
