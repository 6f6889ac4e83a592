"""Methods of finding scales: the registry, which is all that there is to know of them outside.

A method is a class in a file of its own, and a name here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from .balanced import BalancedScales
from .clip import ClipScales
from .data import DataScales
from .gaussian import GaussianScales
from .method import (
    DEFAULT_NUM_STEPS,
    DEFAULT_NUM_UPDATES,
    DEFAULT_PERCENTILE,
    PaperMethod,
    Per,
    PopulationScale,
    ScaleMethod,
    Scales,
    ScaleSettings,
    Sources,
    Variant,
    no_shift,
)
from .mmse import MmseScales
from .model import ModelScales
from .none import NoScales
from .percentile import PercentileScales

PaperMethodName = Literal["data", "model", "none"]
Method = Literal["data", "model", "none", "percentile", "mmse", "balanced", "gaussian", "clip"]

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
    "mmse": MmseScales(),
    "balanced": BalancedScales(),
    "gaussian": GaussianScales(),
    "clip": ClipScales(),
}

__all__ = [
    "DEFAULT_NUM_STEPS",
    "DEFAULT_NUM_UPDATES",
    "DEFAULT_PERCENTILE",
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
    "no_shift",
]
