"""From ReLU networks to spiking networks."""

from .convert import convert
from .normalize import Normalization, normalize
from .scales import SCALE_METHODS, Method, Variant

__all__ = ["SCALE_METHODS", "Method", "Normalization", "Variant", "convert", "normalize"]
