"""What importers share: networks made step by step from the steps of another framework."""

from .builder import GraphBuilder
from .step import Array, Step
from .value import ZERO, Value
from .windows import adaptive_windows, same_padding

__all__ = ["ZERO", "Array", "GraphBuilder", "Step", "Value", "adaptive_windows", "same_padding"]
