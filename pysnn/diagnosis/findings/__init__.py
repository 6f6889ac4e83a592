"""Findings: a cause, a population, a size, and what to do about it."""

from .find import find
from .finding import Cause, Finding

__all__ = ["Cause", "Finding", "find"]
