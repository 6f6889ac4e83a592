"""Goals of a full run, and whether it reached them."""

from __future__ import annotations

from dataclasses import dataclass

from ..._base.formats import milliseconds, percent, points
from ..results import NetworkResult, ReproduceResult

_ALLOWED_GAP = 0.2  # percentage points between a spiking network and its ReLU network


@dataclass(frozen=True)
class Goal:
    """What a full run is expected to reach, and what it reached.

    Attributes:
        text: The goal in words.
        measured: The measured value in words.
        met: Whether it is reached.
    """

    text: str
    measured: str
    met: bool


@dataclass(frozen=True)
class _Expectation:
    ann_accuracy: float  # fraction
    time: float  # s after which data-based normalization is within _ALLOWED_GAP


_EXPECTATIONS = {
    "fcn": _Expectation(ann_accuracy=0.985, time=0.1),
    "convnet": _Expectation(ann_accuracy=0.990, time=0.5),
}


def check_goals(result: ReproduceResult) -> list[Goal]:
    """Return the goals of a full run with what was measured; none for a quick run."""
    if result.quick:
        return []
    return [
        goal
        for network in result.networks
        if network.name in _EXPECTATIONS
        for goal in _network_goals(network, _EXPECTATIONS[network.name])
    ]


def _network_goals(network: NetworkResult, expected: _Expectation) -> list[Goal]:
    ann = network.ann_accuracy
    goals = [
        Goal(
            f"{network.title}: ReLU network at least {percent(expected.ann_accuracy)} %",
            f"{percent(ann)} %",
            # Accuracies are whole numbers of images, so a millionth only absorbs rounding.
            ann >= expected.ann_accuracy - 1e-6,
        )
    ]
    case = next((case for case in network.cases if case.normalization == "data"), None)
    spiking = None if case is None else case.curve.accuracy_at(expected.time)
    if spiking is not None:
        goals.append(
            Goal(
                f"{network.title}: spiking with data-based normalization within {_ALLOWED_GAP} "
                f"points of the ReLU network after {milliseconds(expected.time)}",
                f"{points(spiking - ann)} points",
                spiking >= ann - _ALLOWED_GAP / 100 - 1e-6,
            )
        )
    return goals
