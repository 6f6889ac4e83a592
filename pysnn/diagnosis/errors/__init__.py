"""Errors of populations as sums of parts, each with a cause and a remedy."""

from .decompose import Errors, conversion_errors
from .parts import PARTS, Part
from .population_errors import PopulationErrors
from .report import ConversionErrors

__all__ = [
    "PARTS",
    "ConversionErrors",
    "Errors",
    "Part",
    "PopulationErrors",
    "conversion_errors",
]
