"""Spiking networks in the formats of other programs."""

from .integers import to_integers
from .nir import to_nir

__all__ = ["to_integers", "to_nir"]
