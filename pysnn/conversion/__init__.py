"""From ReLU networks to spiking networks."""

from .convert import Readout, convert
from .folding import FoldedNetwork, Pools, fold
from .normalize import Normalization, normalize
from .scales import SCALE_METHODS, Method, Variant

__all__ = [
    "SCALE_METHODS",
    "FoldedNetwork",
    "Method",
    "Normalization",
    "Pools",
    "Readout",
    "Variant",
    "convert",
    "fold",
    "normalize",
]
