"""Ways in which samples drive a network: the names of the encodings, and what each one reads."""

from __future__ import annotations

from typing import Literal

Encoding = Literal["poisson", "regular", "constant"]

ENCODINGS: tuple[Encoding, ...] = ("poisson", "regular", "constant")
"""Poisson spikes, evenly spaced spikes, or their mean current in every step."""

RANDOM_ENCODINGS: frozenset[Encoding] = frozenset({"poisson"})
"""Those that draw: the others read neither seed nor sample ids."""
