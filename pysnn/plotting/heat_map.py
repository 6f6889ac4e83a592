"""Accuracy over a grid of input rates and thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_real_array
from .._base.numbers import as_finite_float
from ._style import (
    ACCURACY_TICKS,
    COLOUR_MAP,
    as_vector,
    check_fractions,
    new_axes,
    stretched,
    unstretched,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Axis = Literal["max_rate", "threshold"]
AXES: tuple[tuple[Axis, Axis], ...] = (("max_rate", "threshold"), ("threshold", "max_rate"))


def plot_heat_map(
    accuracy: ArrayLike,
    *,
    max_rate: ArrayLike,
    threshold: ArrayLike,
    axes: tuple[Axis, Axis] | None = None,
    near: float | None = None,
    best: tuple[int, int] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot accuracy over a grid of input rates and thresholds as a heat map.

    The best cell has a star. Both axes are logarithmic. Colours are stretched towards 100 % in
    proportion to the error, so that 90 and 99.4 % differ. `SweepResult.plot` draws a sweep.

    Args:
        accuracy: Fraction of samples classified rightly, with an axis over rates and one over
            thresholds; NaN where a cell was not measured, which stays white.
        max_rate: Input rates in Hz, rising, (num_rates,).
        threshold: Firing thresholds, rising, (num_thresholds,).
        axes: What the axes of ``accuracy`` are, ``("max_rate", "threshold")``, as in
            `SweepResult.accuracy`, or ``("threshold", "max_rate")``. None tells it from the shape,
            which takes unequal numbers of rates and thresholds.
        near: Cells of at least this accuracy get a dot; none if None.
        best: Index of the cell with the star in ``accuracy``; None takes the highest accuracy, of
            equals the first in the order of the array.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument is not a number or an array of numbers.
        ValueError: Shapes do not fit, ``axes`` is missing though there are as many rates as
            thresholds, accuracies are not in [0, 1], or rates and thresholds are
            not above 0 and rising.
    """
    rates = _as_rising(max_rate, "max_rate", "num_rates")
    thresholds = _as_rising(threshold, "threshold", "num_thresholds")
    cells = as_real_array(accuracy, "accuracy").astype(np.float64)
    sizes: dict[Axis, int] = {"max_rate": len(rates), "threshold": len(thresholds)}
    order = _axes_of(cells.shape, sizes) if axes is None else _checked_axes(axes)
    due = tuple(sizes[name] for name in order)
    if cells.shape != due:
        raise ValueError(
            f"accuracy has shape {cells.shape}, but must be {due}, over {order[0]} and {order[1]}"
        )
    measured = ~np.isnan(cells)
    check_fractions(np.where(measured, cells, 0.0), "accuracy")
    if best is None and measured.any():
        first = np.unravel_index(int(np.nanargmax(cells)), cells.shape)
        best = int(first[0]), int(first[1])
    elif best is not None and not all(0 <= i < n for i, n in zip(best, cells.shape, strict=True)):
        raise ValueError(f"best is {best}, but must be an index into accuracy, {cells.shape}")
    if order[0] == "max_rate":  # drawn with a row for each threshold
        cells, measured = cells.T, measured.T
        best = None if best is None else (best[1], best[0])
    limit = None if near is None else as_finite_float(near, "near")
    drawn = new_axes(ax, figsize=(5.5, 4.5))
    from matplotlib.colors import FuncNorm

    levels = _levels(100 * float(np.nanmax(cells)) if measured.any() else 100.0)
    mesh = drawn.pcolormesh(
        _edges(rates),
        _edges(thresholds),
        np.ma.masked_invalid(100 * cells),
        cmap=COLOUR_MAP,
        norm=FuncNorm((stretched, unstretched), vmin=0, vmax=levels[-1]),
        rasterized=True,
    )
    bar = drawn.figure.colorbar(mesh, ax=drawn, label="accuracy (%), stretched towards 100 %")
    bar.set_ticks(levels, labels=[f"{level:g}" for level in levels])
    if limit is not None:
        rows, columns = np.nonzero(measured & (np.where(measured, cells, 0.0) >= limit))
        drawn.plot(rates[columns], thresholds[rows], linestyle="none", marker=".", color="0.15")
    if best is not None:
        row, column = best
        drawn.plot(
            rates[column],
            thresholds[row],
            marker="*",
            markersize=15,
            color="white",
            markeredgecolor="black",
            linestyle="none",
        )
    drawn.set(xscale="log", yscale="log")
    drawn.set_xlabel("max rate of the input (Hz)")
    drawn.set_ylabel("threshold")
    _set_ticks(drawn, rates, thresholds)
    if title is not None:
        drawn.set_title(title)
    return drawn


def _axes_of(shape: tuple[int, ...], sizes: dict[Axis, int]) -> tuple[Axis, Axis]:
    """Return what the axes of an array are, where its shape alone tells it."""
    for order in AXES:
        if shape == tuple(sizes[name] for name in order) != shape[::-1]:
            return order
    if shape == (1, 1) == tuple(sizes.values()):
        return AXES[0]
    if shape == tuple(sizes.values()):
        raise ValueError(
            f"accuracy has shape {shape}, which may be either way round: give axes={AXES[0]} as in "
            f"SweepResult.accuracy, or axes={AXES[1]}"
        )
    raise ValueError(
        f"accuracy has shape {shape}, but must be {tuple(sizes.values())} or "
        f"{tuple(sizes.values())[::-1]}, over {sizes['max_rate']} rates and {sizes['threshold']} "
        f"thresholds"
    )


def _levels(best: float) -> list[float]:
    """Return marks of the colours from 0 to the first one that is not below the best accuracy."""
    # 10 % is too near to 0 for both to be written.
    marks = [mark for mark in ACCURACY_TICKS if mark != 10.0] + [100.0]
    end = next(mark for mark in marks[1:] if mark >= best - 1e-9)
    return [mark for mark in marks if mark <= end]


def _checked_axes(axes: object) -> tuple[Axis, Axis]:
    for order in AXES:
        if isinstance(axes, tuple | list) and tuple(axes) == order:
            return order
    raise ValueError(f"axes is {axes!r}, but must be {AXES[0]} or {AXES[1]}")


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
