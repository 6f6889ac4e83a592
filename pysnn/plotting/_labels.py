"""Labels of ticks that do not run into each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ._style import root_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Of small text, in inches: 8.3 points high, digits and letters some 5 wide.
LINE = 0.15
LETTER = 0.078
GAP = 0.06
_TICK_SIZE = 1.2  # of tick labels, against small text


def axes_inches(axes: Axes) -> tuple[float, float]:
    """Return width and height of axes as they stand now."""
    extent = axes.get_window_extent()
    dpi = root_figure(axes).dpi
    return extent.width / dpi, extent.height / dpi


def width_of(text: str) -> float:
    """Return about how wide a text is, in inches."""
    return LETTER * max(map(len, text.split("\n"))) + GAP


def height_of(text: str) -> float:
    """Return how high a text is, in inches."""
    return LINE * (1 + text.count("\n"))


def apart(places: Sequence[float], sizes: Sequence[float]) -> list[int]:
    """Return which labels stand apart, each taken where those before it leave it room.

    Args:
        places: Middles of the labels, in inches, those first that matter most.
        sizes: Their sizes along the axis.

    Returns:
        Indices of the labels that are kept, in the order of the places.
    """
    kept: list[int] = []
    for i, (place, size) in enumerate(zip(places, sizes, strict=True)):
        if all(abs(place - places[k]) >= (size + sizes[k]) / 2 for k in kept):
            kept.append(i)
    return sorted(kept, key=lambda k: places[k])


def name_places(axes: Axes, places: Sequence[float], names: Sequence[str]) -> float:
    """Put names under places of the x axis, slanted where they would run into each other.

    Returns:
        How far below the axes they reach, in inches.
    """
    low, high = axes.get_xlim()
    width, _ = axes_inches(axes)
    room = width * float(np.min(np.diff(places), initial=high - low)) / (high - low)
    longest = max(map(width_of, names))
    if longest <= room:
        axes.set_xticks(places, labels=list(names))
        return 2 * LINE
    axes.set_xticks(places, labels=list(names), rotation=45, ha="right")
    return 2 * LINE + longest * math.sqrt(0.5) * _TICK_SIZE
