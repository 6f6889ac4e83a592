"""Accuracy against what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike

from .._base.interface.old_names import warn_old_name
from .._base.intervals import share_interval
from .._base.numbers import as_finite_float, as_positive_int
from ._labels import apart, axes_inches, width_of
from ._style import (
    as_vector,
    check_entries,
    check_fractions,
    legend_below,
    line_style,
    new_axes,
    set_accuracy_axis,
    short_count,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS = "osD^v"
_MOST_TICKS = 10


class CostCurve(Protocol):
    """Costs, and the accuracies at these."""

    @property
    def cost(self) -> ArrayLike:
        """The costs, (num_points,)."""

    @property
    def accuracy(self) -> ArrayLike:
        """Fractions of samples classified rightly, (num_points,)."""


def plot_accuracy_against_cost(
    curves: Mapping[str, CostCurve | Mapping[str, ArrayLike]],
    *,
    xlabel: str,
    ann_accuracy: float | None = None,
    num_samples: int | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot accuracy against steps or operations, one line with marks for each entry.

    Costs are logarithmic, and the accuracy axis is stretched towards 100 %.

    Args:
        curves: For each label something with ``cost`` and ``accuracy``, as attributes or keys: the
            costs, rising and above 0, and the fractions of samples classified rightly at these,
            (num_points,) each. Pairs of the two still work, and warn.
        xlabel: What the cost is, with its unit.
        ann_accuracy: Accuracy of the ReLU network, a fraction; a dashed line if given.
        num_samples: Samples that it is of, for a grey band: its 95 % interval over test sets of
            that size (Wilson's).
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument does not hold numbers.
        ValueError: There is nothing to draw, lengths differ, or a number is out of its range.
    """
    check_entries(curves, "curves")
    lines = {}
    for label, curve in curves.items():
        cost, accuracy = _named(curve, f"curves[{label!r}]")
        x = as_vector(cost, f"curves[{label!r}].cost", "num_points")
        y = as_vector(accuracy, f"curves[{label!r}].accuracy", "num_points")
        if len(x) != len(y):
            raise ValueError(f"curves[{label!r}] has {len(x)} costs, but {len(y)} accuracies")
        check_fractions(y, f"curves[{label!r}].accuracy")
        lines[label] = x, y
    if ann_accuracy is not None and not 0 <= as_finite_float(ann_accuracy, "ann_accuracy") <= 1:
        raise ValueError(f"ann_accuracy is {ann_accuracy}, but must be in [0, 1]")
    count = None if num_samples is None else as_positive_int(num_samples, "num_samples")
    num_lines = len(lines) + (ann_accuracy is not None)
    axes = new_axes(ax, figsize=(6.0, 3.2 + 0.22 * num_lines))
    for i, (label, (x, y)) in enumerate(lines.items()):
        # What costs nothing has no place on a logarithmic axis.
        shown = np.where(x > 0, x, np.nan)
        axes.plot(shown, 100 * y, label=label, marker=_MARKERS[i % 5], ms=4, **line_style(i))
    best = max(float(y.max()) for _, y in lines.values())
    if ann_accuracy is not None:
        best = max(best, ann_accuracy)
        label = f"ReLU network ({100 * ann_accuracy:.2f} %)"
        axes.axhline(100 * ann_accuracy, color="0.25", linestyle="dashed", lw=1, label=label)
        if count is not None:
            low, high = 100 * share_interval(ann_accuracy, count)
            axes.axhspan(low, high, color="0.88", zorder=0, linewidth=0)
            best = max(best, float(high) / 100)
    axes.set_xscale("log")
    _set_cost_ticks(axes, {float(cost) for x, _ in lines.values() for cost in x if cost > 0})
    lowest = min(float(y.min()) for _, y in lines.values())
    set_accuracy_axis(axes, 100 * lowest, 100 * best)
    axes.set_xlabel(xlabel)
    if title is not None:
        axes.set_title(title)
    axes.grid(color="0.9")
    legend_below(axes)
    return axes


def _named(curve: CostCurve | Mapping[str, ArrayLike], name: str) -> tuple[ArrayLike, ArrayLike]:
    if isinstance(curve, Mapping):
        missing = [key for key in ("cost", "accuracy") if key not in curve]
        if missing:
            raise ValueError(f"{name} has {list(curve)}, but must have 'cost' and 'accuracy'")
        return curve["cost"], curve["accuracy"]
    if hasattr(curve, "cost") and hasattr(curve, "accuracy"):
        return curve.cost, curve.accuracy
    if isinstance(curve, tuple | list) and len(curve) == 2:
        new = "something with 'cost' and 'accuracy'"
        warn_old_name(f"a pair as {name}", new, stacklevel=2)
        return curve[0], curve[1]
    raise TypeError(f"{name} is a {type(curve).__name__}, but must have cost and accuracy")


def _set_cost_ticks(axes: Axes, costs: set[float]) -> None:
    """Label the costs themselves where they are few, those alone that stand apart."""
    if not 0 < len(costs) <= _MOST_TICKS:
        return
    # The ends matter most.
    ticks = sorted(costs)
    ticks = [ticks[0], *ticks[:0:-1]]
    low, high = np.log(axes.get_xlim())
    width, _ = axes_inches(axes)
    labels = [short_count(tick) for tick in ticks]
    places = [float(width * (np.log(tick) - low) / (high - low)) for tick in ticks]
    kept = apart(places, [width_of(label) for label in labels])
    axes.set_xticks([ticks[i] for i in kept], labels=[labels[i] for i in kept])
    axes.set_xticks([], minor=True)
