"""Methods of finding scales: the registry, which is all that there is to know of them outside.

A method is a class in a file of its own, and a name here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from .data import BLOCK, DataScales, forward_pass
from .method import (
    PaperMethod,
    Per,
    PopulationScale,
    ScaleMethod,
    Scales,
    ScaleSettings,
    Sources,
    Variant,
)
from .model import ModelScales
from .none import NoScales
from .percentile import PercentileScales

PaperMethodName = Literal["data", "model", "none"]
Method = Literal["data", "model", "none", "percentile"]

PAPER_METHODS: Mapping[PaperMethodName, PaperMethod] = {
    "data": DataScales(),
    "model": ModelScales(),
    "none": NoScales(),
}
SCALE_METHODS: Mapping[Method, ScaleMethod] = {
    "data": PAPER_METHODS["data"],
    "model": PAPER_METHODS["model"],
    "none": PAPER_METHODS["none"],
    "percentile": PercentileScales(),
}

__all__ = [
    "BLOCK",
    "PAPER_METHODS",
    "SCALE_METHODS",
    "Method",
    "PaperMethod",
    "PaperMethodName",
    "Per",
    "PopulationScale",
    "ScaleMethod",
    "ScaleSettings",
    "Scales",
    "Sources",
    "Variant",
    "forward_pass",
]
