"""Accuracy over simulated time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._validation import as_finite_float, as_positive_float, as_real_array, check_finite
from ._style import (
    check_entries,
    check_fractions,
    legend_below,
    line_style,
    new_axes,
    set_time_axis,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ACCURACY_TICKS = (0.0, 10.0, 50.0, 80.0, 90.0, 95.0, 98.0, 99.0, 99.5, 99.8)  # percent
_SOFTENING = 0.2  # percentage points; keeps 100 % at a finite place of the axis


def plot_accuracy_over_time(
    accuracy: Mapping[str, ArrayLike],
    *,
    dt: float = 1e-3,
    ann_accuracy: float | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot accuracy against simulated time, one line for each entry.

    Time is logarithmic, and the accuracy axis is stretched towards 100 % in proportion to the
    error, so that the first milliseconds and the last tenths of a point are both seen.

    Args:
        accuracy: For each label the fraction of samples classified rightly after each step,
            (num_steps,), as ``SimulationResult.accuracy`` returns it; or such rows for several
            seeds, (num_seeds, num_steps): the line is then their median, and a band spans the
            lowest and the highest.
        dt: Time step in s.
        ann_accuracy: Accuracy of the ReLU network, a fraction; a dashed line if given.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument is not a number or an array of numbers.
        ValueError: An accuracy is empty, has more than two dimensions or is not in [0, 1].
    """
    step = as_positive_float(dt, "dt")
    curves = {label: _as_accuracy(values, label) for label, values in accuracy.items()}
    check_entries(curves, "accuracy")
    if ann_accuracy is not None and not 0 <= as_finite_float(ann_accuracy, "ann_accuracy") <= 1:
        raise ValueError(f"ann_accuracy is {ann_accuracy}, but must be in [0, 1]")
    axes = new_axes(ax)
    for i, (label, rows) in enumerate(curves.items()):
        time = 1000 * step * np.arange(1, rows.shape[1] + 1)
        style = line_style(i)
        axes.plot(time, 100 * np.median(rows, axis=0), label=label, linewidth=2, **style)
        if len(rows) > 1:
            low, high = 100 * rows.min(axis=0), 100 * rows.max(axis=0)
            axes.fill_between(time, low, high, color=style["color"], alpha=0.25, linewidth=0)
    if ann_accuracy is not None:
        label = f"ReLU network ({100 * ann_accuracy:.2f} %)"
        level = 100 * ann_accuracy
        axes.axhline(level, color="0.25", linestyle="dashed", linewidth=1, zorder=1, label=label)
    longest = max(rows.shape[1] for rows in curves.values())
    lowest = min(float(rows.min()) for rows in curves.values())
    best = max(float(rows.max()) for rows in curves.values())
    set_time_axis(axes, 1000 * step, 1000 * step * longest)
    _set_accuracy_axis(axes, 100 * lowest, 100 * max(best, ann_accuracy or 0.0))
    if title is not None:
        axes.set_title(title)
    axes.grid(color="0.9")
    legend_below(axes)
    return axes


def _as_accuracy(values: ArrayLike, label: str) -> NDArray[np.float64]:
    """Return fractions as (num_seeds, num_steps)."""
    name = f"accuracy[{label!r}]"
    array = as_real_array(values, name).astype(np.float64)
    if array.ndim not in (1, 2) or array.size == 0:
        raise ValueError(
            f"{name} has shape {array.shape}, but must be (num_steps,) or (num_seeds, num_steps)"
        )
    check_finite(array, name)
    check_fractions(array, name)
    return np.atleast_2d(array)


def _set_accuracy_axis(axes: Axes, lowest: float, best: float) -> None:
    def forward(percent: NDArray[np.float64]) -> NDArray[np.float64]:
        error = np.maximum(100 - np.asarray(percent, dtype=np.float64), 0)
        return np.asarray(-np.log10(error + _SOFTENING))

    def inverse(place: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(100 + _SOFTENING - 10 ** -np.asarray(place, dtype=np.float64))

    axes.set_yscale("function", functions=(forward, inverse))
    top = 100 - 0.7 * (100 - best)
    axes.set_ylim(max(0.0, lowest - 5), top)
    ticks = [tick for tick in _ACCURACY_TICKS if lowest - 5 <= tick <= top]
    axes.set_yticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    axes.set_yticks([], minor=True)
    axes.set_ylabel("correct (%)")
