"""Networks from the files of other programs."""

from .matlab import from_matlab
from .registry import IMPORTERS, PICKLES, Importer, find, suffix_of
from .sklearn import from_sklearn

__all__ = ["IMPORTERS", "PICKLES", "Importer", "find", "from_matlab", "from_sklearn", "suffix_of"]
