"""Conversions of one network side by side."""

from .candidate import Candidate, RecipeLike
from .compare import compare
from .comparison import Comparison

__all__ = ["Candidate", "Comparison", "RecipeLike", "compare"]
