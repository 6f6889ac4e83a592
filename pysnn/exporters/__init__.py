"""Spiking networks in the formats of other programs."""

from .._base.named import late_submodules
from .integers import to_integers
from .nir import to_nir

__all__ = ["to_integers", "to_nir"]

__getattr__, __dir__ = late_submodules(__name__)
