"""What the pictures share: colours, axes, and the way to matplotlib."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_real_array, check_finite
from .._base.extras import install_hint
from .._base.numbers import as_int

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours; the dashes keep lines apart in print without colour.
_LINE_STYLES: tuple[dict[str, Any], ...] = (
    {"color": "#D55E00", "linestyle": (0, (1, 1))},
    {"color": "#0072B2", "linestyle": (0, (5, 1.5))},
    {"color": "#CC79A7", "linestyle": (0, (3, 1, 1, 1))},
    {"color": "#009E73", "linestyle": "solid"},
    {"color": "#E69F00", "linestyle": (0, (8, 2))},
    {"color": "#56B4E9", "linestyle": (0, (1, 2.5))},
)
# Lightness rises and falls evenly, so that it reads without colour too.
COLOUR_MAP = "cividis"
_TIME_TICKS: tuple[float, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)  # ms

ACCURACY_TICKS = (0.0, 10.0, 50.0, 80.0, 90.0, 95.0, 98.0, 99.0, 99.5, 99.8)  # percent
_SOFTENING = 0.2  # percentage points; keeps 100 % at a finite place of the axis
_LABELS_HEIGHT = 0.44  # inches that ticks and the label of an x axis take


TALL = (6.0, 5.0)
"""Size in inches for pictures with five lines and more in the legend below them."""


def require_matplotlib() -> None:
    """Raise an ImportError that says how to get matplotlib where it is missing."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f"figures need matplotlib, which is not installed: {install_hint('report')}"
        ) from error


def new_axes(ax: Axes | None, *, figsize: tuple[float, float] = (6.0, 4.0)) -> Axes:
    """Return ``ax``, or the axes of a new figure that pyplot knows nothing of.

    As the value of a notebook's cell, such axes show their figure.
    """
    require_matplotlib()
    if ax is not None:
        return ax
    from ._notebook import ShownAxes, ShownFigure

    figure = ShownFigure(figsize=figsize, layout="constrained")
    return figure.add_subplot(axes_class=ShownAxes)


def root_figure(axes: Axes) -> Figure:
    """Return the figure that axes stand in, whatever subfigures lie between."""
    from matplotlib.figure import SubFigure

    # Axes.get_figure(root=True) came with matplotlib 3.10.
    figure = axes.figure
    while isinstance(figure, SubFigure):
        figure = figure.figure
    return figure


def line_style(i: int) -> dict[str, Any]:
    """Return colour and dashes of the i-th line of a picture."""
    return _LINE_STYLES[i % len(_LINE_STYLES)]


def line_styles(
    labels: Iterable[str], styles: Mapping[str, int] | None
) -> dict[str, dict[str, Any]]:
    """Return colour and dashes of the line of each label.

    Args:
        labels: Of all lines, in their order.
        styles: Numbers of the colours that labels have; others take that of their place.

    Raises:
        TypeError: ``styles`` has something else than ints.
        ValueError: A number is negative, or there is no such label.
    """
    numbers = {label: i for i, label in enumerate(labels)}
    for label, number in (styles or {}).items():
        if label not in numbers:
            raise ValueError(f"styles has {label!r}, but must have labels of {list(numbers)}")
        numbers[label] = as_int(number, f"styles[{label!r}]")
        if numbers[label] < 0:
            raise ValueError(f"styles[{label!r}] is {number}, but must be at least 0")
    return {label: line_style(number) for label, number in numbers.items()}


def legend_below(axes: Axes, *, columns: int = 1, distance: float = _LABELS_HEIGHT) -> None:
    """Put the legend below the axes, where no curve can run under it.

    Args:
        axes: The axes.
        columns: Columns of the legend.
        distance: Inches between it and the axes, for ticks and the label of the x axis.
    """
    from matplotlib.transforms import ScaledTranslation

    # In inches, so that it stays clear of the axis label on axes of any height.
    below = ScaledTranslation(0, -distance, root_figure(axes).dpi_scale_trans)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        bbox_transform=axes.transAxes + below,
        frameon=False,
        ncols=columns,
        handlelength=3,
    )


def set_time_axis(axes: Axes, first: float, last: float) -> None:
    """Make the x axis one of simulated time from ``first`` to ``last`` ms, logarithmic."""
    axes.set_xscale("log")
    axes.set_xlim(first, max(last, 1.01 * first))
    # A short axis between two of the usual ticks still needs one.
    ticks = [time for time in _TIME_TICKS if first <= time <= 1.001 * last] or [first]
    axes.set_xticks(ticks, labels=[f"{time:g}" for time in ticks])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("simulated time (ms)")


def set_accuracy_axis(axes: Axes, lowest: float, best: float) -> None:
    """Make the y axis one of accuracies in percent, stretched towards 100 %."""

    axes.set_yscale("function", functions=(stretched, unstretched))
    top = 100 - 0.7 * (100 - best)
    axes.set_ylim(max(0.0, lowest - 5), top)
    ticks = [tick for tick in ACCURACY_TICKS if lowest - 5 <= tick <= top]
    axes.set_yticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    axes.set_yticks([], minor=True)
    axes.set_ylabel("accuracy (%), stretched towards 100 %")


def stretched(percent: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places on an axis on which errors, not accuracies, are in proportion."""
    error = np.maximum(100 - np.asarray(percent, dtype=np.float64), 0)
    return np.asarray(-np.log10(error + _SOFTENING))


def unstretched(place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the percentages that `stretched` gave these places for."""
    return np.asarray(100 + _SOFTENING - 10 ** -np.asarray(place, dtype=np.float64))


def short_count(number: float) -> str:
    """Return a count with three digits and k, M or G, such as 2.39 M."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return f"{number:.3g}"


def as_vector(values: ArrayLike, name: str, length: str) -> NDArray[np.float64]:
    """Return finite numbers as float64, one-dimensional and not empty."""
    array = as_real_array(values, name).astype(np.float64)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}, but must be ({length},)")
    check_finite(array, name)
    return array


def check_entries(entries: object, name: str) -> None:
    """Raise a ValueError where there is nothing to draw."""
    if not entries:
        raise ValueError(f"{name} is empty, but must have at least one entry")


def check_fractions(array: NDArray[np.float64], name: str) -> None:
    """Raise a ValueError that names the first value outside [0, 1]."""
    bad = (array < 0) | (array > 1)
    if bad.any():
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        place = ", ".join(map(str, first))
        raise ValueError(f"{name}[{place}] is {array[first]}, but must be in [0, 1]")
