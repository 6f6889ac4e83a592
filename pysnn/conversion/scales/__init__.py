"""Methods of finding scales: the registry, which is all that there is to know of them outside.

A method is a class in a file of its own, and a name here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from .data import DataScales
from .method import ScaleMethod, Scales, ScaleSettings, Variant
from .model import ModelScales
from .none import NoScales

Method = Literal["data", "model", "none"]

SCALE_METHODS: Mapping[Method, ScaleMethod] = {
    "data": DataScales(),
    "model": ModelScales(),
    "none": NoScales(),
}

__all__ = ["SCALE_METHODS", "Method", "ScaleMethod", "ScaleSettings", "Scales", "Variant"]
