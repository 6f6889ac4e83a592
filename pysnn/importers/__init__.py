"""Networks from the files of other programs."""

from .matlab import load_matlab
from .registry import IMPORTERS, Importer, find

__all__ = ["IMPORTERS", "Importer", "find", "load_matlab"]
