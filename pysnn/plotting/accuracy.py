"""Accuracy over simulated time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_real_array, check_finite
from .._base.intervals import mean_interval, share_interval
from .._base.numbers import as_choice, as_finite_float, as_positive_float, as_positive_int
from ._style import (
    check_entries,
    check_fractions,
    legend_below,
    line_styles,
    new_axes,
    set_accuracy_axis,
    set_time_axis,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Band = Literal["extremes", "confidence"]


def plot_accuracy_over_time(
    accuracy: Mapping[str, ArrayLike],
    *,
    dt: float = 1e-3,
    ann_accuracy: float | None = None,
    num_samples: int | None = None,
    band: Band = "extremes",
    styles: Mapping[str, int] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot accuracy against simulated time, one line for each entry.

    Time is logarithmic, and the accuracy axis is stretched towards 100 % in proportion to the
    error, so that the first milliseconds and the last tenths of a point are both seen.

    Args:
        accuracy: For each label the fraction of samples classified rightly after each step,
            (num_steps,), as ``SimulationResult.accuracy`` returns it; or such curves for several
            seeds, a list of them or (num_seeds, num_steps), which become a line and a band. An
            array of more seeds than steps is refused: as a list it is taken.
        dt: Time step in s.
        ann_accuracy: Accuracy of the ReLU network, a fraction; a dashed line if given.
        num_samples: Samples that accuracies are of; if given, a grey band around the ReLU
            network's line is its 95 % interval over test sets of that size (Wilson's).
        band: Of several seeds: ``"extremes"`` draws their median and a band from the lowest to the
            highest, ``"confidence"`` their mean and its 95 % interval (Student's).
        styles: Numbers, from 0, of the colours and dashes of some labels, so that these look alike
            in several pictures; the others take that of their place.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument is not a number or an array of numbers.
        ValueError: An accuracy is empty, has more than two dimensions or is not in [0, 1];
            another argument is out of its range.
    """
    step = as_positive_float(dt, "dt")
    curves = {label: _as_accuracy(values, label) for label, values in accuracy.items()}
    check_entries(curves, "accuracy")
    if ann_accuracy is not None and not 0 <= as_finite_float(ann_accuracy, "ann_accuracy") <= 1:
        raise ValueError(f"ann_accuracy is {ann_accuracy}, but must be in [0, 1]")
    count = None if num_samples is None else as_positive_int(num_samples, "num_samples")
    kind = as_choice(band, "band", ("extremes", "confidence"))
    # Every line of the legend makes the figure taller, not the picture flatter.
    num_lines = len(curves) + (ann_accuracy is not None) + (count is not None)
    axes = new_axes(ax, figsize=(6.0, 3.2 + 0.22 * num_lines))
    looks = line_styles(curves, styles)
    for label, rows in curves.items():
        time = 1000 * step * np.arange(1, rows.shape[1] + 1)
        style = looks[label]
        middle, low, high = _line_and_band(rows, kind)
        axes.plot(time, 100 * middle, label=label, linewidth=2, **style)
        if len(rows) > 1:
            axes.fill_between(
                time, 100 * low, 100 * high, color=style["color"], alpha=0.25, linewidth=0
            )
    best = max(ann_accuracy or 0.0, *(float(rows.max()) for rows in curves.values()))
    if ann_accuracy is not None:
        label = f"ReLU network ({100 * ann_accuracy:.2f} %)"
        level = 100 * ann_accuracy
        axes.axhline(level, color="0.25", linestyle="dashed", linewidth=1, zorder=1, label=label)
        if count is not None:
            low, high = share_interval(ann_accuracy, count)
            best = max(best, float(high))
            label = f"its 95 % interval over test sets of {count:,}"
            axes.axhspan(100 * low, 100 * high, color="0.88", zorder=0, linewidth=0, label=label)
    longest = max(rows.shape[1] for rows in curves.values())
    lowest = min(float(rows.min()) for rows in curves.values())
    set_time_axis(axes, 1000 * step, 1000 * step * longest)
    set_accuracy_axis(axes, 100 * lowest, 100 * best)
    if title is not None:
        axes.set_title(title)
    axes.grid(color="0.9")
    legend_below(axes)
    return axes


def _line_and_band(
    rows: NDArray[np.float64], kind: str
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    if len(rows) == 1 or kind == "extremes":
        return np.median(rows, axis=0), rows.min(axis=0), rows.max(axis=0)
    low, high = mean_interval(rows)
    return rows.mean(axis=0), np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def _as_accuracy(values: ArrayLike, label: str) -> NDArray[np.float64]:
    """Return fractions as (num_seeds, num_steps)."""
    name = f"accuracy[{label!r}]"
    array = as_real_array(values, name).astype(np.float64)
    if array.ndim not in (1, 2) or array.size == 0:
        raise ValueError(
            f"{name} has shape {array.shape}, but must be (num_steps,) or (num_seeds, num_steps)"
        )
    if isinstance(values, np.ndarray) and array.ndim == 2 and array.shape[0] > array.shape[1]:
        raise ValueError(
            f"{name} has shape {array.shape}, but must be (num_seeds, num_steps), and is taken for "
            f"its transpose; give list({name}) if there are {array.shape[0]} seeds"
        )
    check_finite(array, name)
    check_fractions(array, name)
    return np.atleast_2d(array)
