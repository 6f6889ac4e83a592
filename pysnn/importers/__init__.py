"""Networks from the files of other programs."""

from .matlab import from_matlab
from .registry import IMPORTERS, Importer, find

__all__ = ["IMPORTERS", "Importer", "find", "from_matlab"]
