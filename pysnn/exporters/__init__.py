"""Spiking networks in the formats of other programs."""

from .nir import to_nir

__all__ = ["to_nir"]
