"""Networks from other frameworks' models and files."""

from .._base.named import late_submodules
from .keras import from_keras
from .matlab import from_matlab
from .nir import from_nir
from .onnx import from_onnx
from .registry import IMPORTERS, PICKLES, Importer, find, suffix_of
from .sklearn import from_sklearn
from .torch import from_torch
from .torch_weights import load_torch_weights

__all__ = [
    "IMPORTERS",
    "PICKLES",
    "Importer",
    "find",
    "from_keras",
    "from_matlab",
    "from_nir",
    "from_onnx",
    "from_sklearn",
    "from_torch",
    "load_torch_weights",
    "suffix_of",
]

__getattr__, __dir__ = late_submodules(__name__)
