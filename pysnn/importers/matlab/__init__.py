"""Networks of the paper's authors' MATLAB code."""

from .network import from_matlab

__all__ = ["from_matlab"]
