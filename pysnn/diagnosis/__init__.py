"""Why a converted network loses accuracy: causes with numbers, populations, and what to do."""

from .._base.named import late_submodules
from .conversion_report import ConversionReport
from .diagnose import diagnose
from .errors import ConversionErrors, PopulationErrors, conversion_errors
from .findings import Finding
from .measurement.populations import PopulationReport
from .measurement.shortfall import Shortfall
from .traces import PopulationTrace, SampleTrace

__all__ = [
    "ConversionErrors",
    "ConversionReport",
    "Finding",
    "PopulationErrors",
    "PopulationReport",
    "PopulationTrace",
    "SampleTrace",
    "Shortfall",
    "conversion_errors",
    "diagnose",
]

__getattr__, __dir__ = late_submodules(__name__)
