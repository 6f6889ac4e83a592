"""The cheapest conversion within a loss of accuracy."""

from .tune import tune
from .tuning import FrontPoint, Tuning

__all__ = ["FrontPoint", "Tuning", "tune"]
