"""Networks from other frameworks' models and files."""

from .keras import from_keras
from .matlab import from_matlab
from .onnx import from_onnx
from .registry import IMPORTERS, Importer, find
from .torch import from_torch

__all__ = ["IMPORTERS", "Importer", "find", "from_keras", "from_matlab", "from_onnx", "from_torch"]
