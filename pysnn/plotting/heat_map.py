"""Accuracy over a grid of input rates and thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_real_array
from .._base.numbers import as_finite_float
from ._style import COLOUR_MAP, as_vector, check_fractions, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_heat_map(
    accuracy: ArrayLike,
    *,
    max_rate: ArrayLike,
    threshold: ArrayLike,
    near: float | None = None,
    best: tuple[int, int] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot accuracy over a grid of input rates and thresholds as a heat map.

    The best cell has a star. Both axes are logarithmic.

    Args:
        accuracy: Fraction of samples classified rightly, (num_thresholds, num_rates); NaN where a
            cell was not measured, which stays white.
        max_rate: Input rates in Hz, rising, (num_rates,).
        threshold: Firing thresholds, rising, (num_thresholds,).
        near: Cells of at least this accuracy get a dot; none if None.
        best: Row and column of the star; None takes the highest accuracy, of equals the first, row
            by row.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument is not a number or an array of numbers.
        ValueError: Shapes do not fit, accuracies are not in [0, 1], or rates and thresholds are
            not above 0 and rising.
    """
    rates = _as_rising(max_rate, "max_rate", "num_rates")
    thresholds = _as_rising(threshold, "threshold", "num_thresholds")
    cells = as_real_array(accuracy, "accuracy").astype(np.float64)
    if cells.shape != (len(thresholds), len(rates)):
        raise ValueError(
            f"accuracy has shape {cells.shape}, but must be ({len(thresholds)}, {len(rates)}), "
            "one row for each threshold"
        )
    measured = ~np.isnan(cells)
    check_fractions(np.where(measured, cells, 0.0), "accuracy")
    if best is not None:
        row, column = best
        if not (0 <= row < len(thresholds) and 0 <= column < len(rates)):
            raise ValueError(f"best is {best}, but must be a row and a column of {cells.shape}")
    limit = None if near is None else as_finite_float(near, "near")
    axes = new_axes(ax, figsize=(5.5, 4.5))
    mesh = axes.pcolormesh(
        _edges(rates),
        _edges(thresholds),
        np.ma.masked_invalid(100 * cells),
        cmap=COLOUR_MAP,
        vmin=0,
        vmax=100,
        rasterized=True,
    )
    axes.figure.colorbar(mesh, ax=axes, label="correct (%)")
    if limit is not None:
        rows, columns = np.nonzero(measured & (np.where(measured, cells, 0.0) >= limit))
        axes.plot(rates[columns], thresholds[rows], linestyle="none", marker=".", color="0.15")
    if best is None and measured.any():
        first = np.unravel_index(int(np.nanargmax(cells)), cells.shape)
        best = int(first[0]), int(first[1])
    if best is not None:
        row, column = best
        axes.plot(
            rates[column],
            thresholds[row],
            marker="*",
            markersize=15,
            color="white",
            markeredgecolor="black",
            linestyle="none",
        )
    axes.set(xscale="log", yscale="log")
    axes.set_xlabel("max rate of the input (Hz)")
    axes.set_ylabel("threshold")
    _set_ticks(axes, rates, thresholds)
    if title is not None:
        axes.set_title(title)
    return axes


def _as_rising(values: ArrayLike, name: str, length: str) -> NDArray[np.float64]:
    array = as_vector(values, name, length)
    if not (array > 0).all() or not (np.diff(array) > 0).all():
        raise ValueError(f"{name} is {array.tolist()}, but must be above 0 and rising")
    return array


def _edges(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the borders of cells around ``centres``, halfway between them on a log axis."""
    logs = np.log(centres)
    gaps = np.diff(logs) if len(logs) > 1 else np.ones(1)
    middle = logs[:-1] + np.diff(logs) / 2
    edges = np.concatenate([[logs[0] - gaps[0] / 2], middle, [logs[-1] + gaps[-1] / 2]])
    return np.asarray(np.exp(edges))


def _set_ticks(axes: Axes, rates: NDArray[np.float64], thresholds: NDArray[np.float64]) -> None:
    for values, set_ticks in ((rates, axes.set_xticks), (thresholds, axes.set_yticks)):
        # At most six labels, always the first and the last cell's.
        chosen = np.unique(np.linspace(0, len(values) - 1, min(len(values), 6)).round().astype(int))
        set_ticks(values[chosen], labels=[_short(value) for value in values[chosen]])
        set_ticks([], minor=True)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}"
