"""Spiking networks from files of the Neuromorphic Intermediate Representation (NIR)."""

from .importer import from_nir

__all__ = ["from_nir"]
