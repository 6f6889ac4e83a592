"""Why a converted network loses accuracy: causes with numbers, populations, and what to do."""

from .conversion_report import ConversionReport
from .diagnose import diagnose
from .findings import Finding
from .measurement.populations import PopulationReport
from .measurement.shortfall import Shortfall

__all__ = ["ConversionReport", "Finding", "PopulationReport", "Shortfall", "diagnose"]
