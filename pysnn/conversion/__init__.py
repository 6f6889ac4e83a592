"""From ReLU networks to spiking networks."""

from .._base.named import late_submodules
from .calibration import Calibration
from .convert import convert
from .folding import FoldedNetwork, Pools, fold
from .named_recipes import recipes
from .normalize import Normalization, normalize
from .quantize import QuantizedNetwork, quantize
from .recipe import Readout, Recipe, Rectifier
from .scales import PAPER_METHODS, SCALE_METHODS, Method, PaperMethodName, Per, Variant

__all__ = [
    "PAPER_METHODS",
    "SCALE_METHODS",
    "Calibration",
    "FoldedNetwork",
    "Method",
    "Normalization",
    "PaperMethodName",
    "Per",
    "Pools",
    "QuantizedNetwork",
    "Readout",
    "Recipe",
    "Rectifier",
    "Variant",
    "convert",
    "fold",
    "normalize",
    "quantize",
    "recipes",
]

__getattr__, __dir__ = late_submodules(__name__)
