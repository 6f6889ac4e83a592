"""Networks from the files of other programs."""

from .matlab import from_matlab
from .registry import IMPORTERS, PICKLES, Importer, find, suffix_of
from .sklearn import from_sklearn
from .torch_weights import load_torch_weights

__all__ = [
    "IMPORTERS",
    "PICKLES",
    "Importer",
    "find",
    "from_matlab",
    "from_sklearn",
    "load_torch_weights",
    "suffix_of",
]
