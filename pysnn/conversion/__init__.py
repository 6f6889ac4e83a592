"""From ReLU networks to spiking networks."""

from .convert import convert
from .normalize import Method, Normalization, Variant, normalize

__all__ = ["Method", "Normalization", "Variant", "convert", "normalize"]
