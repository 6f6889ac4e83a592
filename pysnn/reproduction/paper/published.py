"""Published numbers that the report puts beside the measured ones."""

from __future__ import annotations

from dataclasses import dataclass

PAPER = (
    "P. U. Diehl, D. Neil, J. Binas, M. Cook, S.-C. Liu, M. Pfeiffer: Fast-Classifying, "
    "High-Accuracy Spiking Deep Networks Through Weight and Threshold Balancing. IJCNN 2015"
)
DOI = "10.1109/IJCNN.2015.7280696"
SURVEY = (
    "A. Tavanaei, M. Ghodrati, S. R. Kheradpisheh, T. Masquelier, A. Maida: Deep Learning in "
    "Spiking Neural Networks. Neural Networks 111, 2019, Table I"
)
_NETWORK_FILE = "Diehl et al. 2015, from the name of the published network file"
_SURVEY_TABLE = "Diehl et al. 2015, as listed by Tavanaei et al. 2019, Table I"


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
