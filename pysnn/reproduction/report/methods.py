"""One colour for each way of normalization, in every picture and table of a report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ...experiments.normalizations import NORMALIZATIONS
from ...plotting._style import line_style


class Case(Protocol):
    """A network after one way of normalization."""

    @property
    def normalization(self) -> str:
        """Short name of the way."""

    @property
    def title(self) -> str:
        """Name for people."""

    @property
    def max_rate(self) -> float:
        """Input rate of a white pixel in Hz."""


_NUMBERS = {each.name: i for i, each in enumerate(NORMALIZATIONS)}
_BY_TITLE = {each.title: each.name for each in NORMALIZATIONS}


def case_label(case: Case) -> str:
    """Return what legends call a case."""
    return f"{case.title}, {case.max_rate:.0f} Hz"


def case_styles(cases: Iterable[Case]) -> dict[str, int]:
    """Return the number of the colour of each case, by its `case_label`."""
    return {
        case_label(case): _NUMBERS[case.normalization]
        for case in cases
        if case.normalization in _NUMBERS
    }


def style_number(normalization: str) -> int:
    """Return the number of the colour of a way of normalization."""
    return _NUMBERS[normalization]


def colour(normalization: str) -> str:
    """Return the colour of a way of normalization, such as ``#009E73``."""
    return str(line_style(_NUMBERS[normalization])["color"])


def shades(normalization: str, count: int) -> list[tuple[float, float, float]]:
    """Return shades of the colour of a way, from dark to light, for what it has several of."""
    from matplotlib.colors import to_rgb

    base = to_rgb(colour(normalization))
    found = []
    for i in range(count):
        # From half way to black up to a third of the way to white.
        share = -0.5 + (0.5 + 1 / 3) * i / max(count - 1, 1)
        end = 1.0 if share > 0 else 0.0
        red, green, blue = (part + abs(share) * (end - part) for part in base)
        found.append((red, green, blue))
    return found


def colour_of_title(text: str) -> str | None:
    """Return the colour of the way whose title a text begins with, such as a cell of a table."""
    titles = [title for title in _BY_TITLE if text == title or text.startswith(f"{title}, ")]
    return colour(_BY_TITLE[max(titles, key=len)]) if titles else None
