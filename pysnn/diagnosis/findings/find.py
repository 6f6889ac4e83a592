"""Which findings there are, and in which order."""

from __future__ import annotations

from .charge import charge_findings
from .dead import dead_findings
from .evidence import Evidence
from .finding import Finding
from .limits import COSTLY, MAX_HALVINGS
from .timing import burst_findings, chance_findings


def find(evidence: Evidence) -> tuple[Finding, ...]:
    """Return what is worth mending, the costliest first.

    Findings are ordered by the accuracy that is lost in their population, then by size; dead
    neurons and chance follow the causes that lose as much.
    """
    bursts = list(burst_findings(evidence))
    findings = [*bursts, *chance_findings(evidence, bursts)]
    explained = max((each.accuracy_lost for each in findings), default=0.0)
    unexplained = evidence.accuracies.lost - explained
    charge: list[Finding] = []
    for halvings in range(MAX_HALVINGS + 1 if unexplained >= COSTLY else 1):
        charge = charge or list(charge_findings(evidence, 0.5**halvings))
    findings += charge
    for population in evidence.populations:
        findings += dead_findings(population)
    return tuple(sorted(findings, key=_rank))


def _rank(finding: Finding) -> tuple[float, bool, float]:
    # Other causes lead to dead neurons, and bursts to what chance costs.
    follows = finding.cause in ("dead neurons", "stochastic input")
    return -round(finding.accuracy_lost, 3), follows, -finding.size
