"""Files of the Neuromorphic Intermediate Representation (NIR)."""

from .exporter import to_nir

__all__ = ["to_nir"]
