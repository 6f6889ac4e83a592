"""Networks from live PyTorch modules."""

from .importer import from_torch

__all__ = ["from_torch"]
