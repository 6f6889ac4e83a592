"""Published numbers and goals that the report puts beside the measured ones."""

from __future__ import annotations

from dataclasses import dataclass

from .._base.formats import milliseconds, percent, points
from .results import NetworkResult, ReproduceResult

PAPER = (
    "P. U. Diehl, D. Neil, J. Binas, M. Cook, S.-C. Liu, M. Pfeiffer: Fast-Classifying, "
    "High-Accuracy Spiking Deep Networks Through Weight and Threshold Balancing. IJCNN 2015"
)
SURVEY = (
    "A. Tavanaei, M. Ghodrati, S. R. Kheradpisheh, T. Masquelier, A. Maida: Deep Learning in "
    "Spiking Neural Networks. Neural Networks 111, 2019, Table I"
)
_NETWORK_FILE = "Diehl et al. 2015, from the name of the published network file"
_SURVEY_TABLE = "Diehl et al. 2015, as listed by Tavanaei et al. 2019, Table I"

_ALLOWED_GAP = 0.2  # percentage points between a spiking network and its ReLU network


@dataclass(frozen=True)
class Published:
    """Accuracies of one of the paper's networks on the MNIST test images, in percent."""

    ann_accuracy: float
    snn_accuracy: float
    ann_source: str = _NETWORK_FILE
    snn_source: str = _SURVEY_TABLE


PUBLISHED = {
    "fcn": Published(ann_accuracy=98.84, snn_accuracy=98.60),
    "convnet": Published(ann_accuracy=99.14, snn_accuracy=99.10),
}

# What model-based normalization divides the layers of the authors' ConvNet by.
AUTHORS_SUMS = ("6.034", "8.083", "35.634")

# Authors and year, kind of network, accuracy in percent: the survey's rows on MNIST that are not
# of the paper itself.
SURVEY_ROWS: tuple[tuple[str, str, float], ...] = (
    ("O'Connor 2013", "", 94.09),
    ("Stromatias 2015", "", 94.94),
    ("Neil 2014", "", 92.00),
    ("Diehl and Cook 2015", "trained by STDP", 95.00),
    ("Hunsberger 2015", "", 98.37),
    ("Neil 2016", "", 98.00),
    ("Lee 2016", "", 98.88),
    ("Lee 2016", "convolutional", 99.31),
    ("Esser 2015", "", 99.42),
    ("Rueckauer 2017", "", 99.44),
)


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
    spiking = None if case is None else case.accuracy_at(expected.time)
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
