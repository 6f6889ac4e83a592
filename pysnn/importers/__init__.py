"""Networks from the files of other programs."""

from .matlab import load_matlab

__all__ = ["load_matlab"]
