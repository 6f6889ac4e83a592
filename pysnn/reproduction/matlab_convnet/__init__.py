"""The authors' own ConvNet, read from their MATLAB file, as a spiking network."""

from .result import MatlabCase, MatlabConvnetResult
from .run import run

__all__ = ["MatlabCase", "MatlabConvnetResult", "run"]
