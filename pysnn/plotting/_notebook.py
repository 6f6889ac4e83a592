"""Figures and axes that a notebook shows when they are the value of a cell, pyplot or not."""

from __future__ import annotations

import io
from typing import cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure


class ShownFigure(Figure):
    """A figure that pyplot knows nothing of, and that shows itself."""

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        self.savefig(file, format="png", bbox_inches="tight")
        return file.getvalue()


class ShownAxes(Axes):
    """Axes that show the figure that they stand in."""

    def _repr_png_(self) -> bytes:
        return cast(ShownFigure, self.figure)._repr_png_()
