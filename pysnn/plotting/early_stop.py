"""What ending samples early costs and saves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._style import (
    as_vector,
    check_entries,
    check_fractions,
    legend_below,
    line_style,
    new_axes,
    short_count,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS = "osD^vP"
_NARROW = 3.0  # every axis from a number to its triple has one of 1, 2 and 5
_WIDE = 3e3  # from the lowest cost to the highest: too far for three labels per decade


def plot_early_stop(
    accuracy: Mapping[str, ArrayLike],
    *,
    cost: Mapping[str, ArrayLike],
    names: Sequence[str],
    xlabel: str = "synaptic operations per sample",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot accuracy against cost for several ways to end a sample, a line for each entry.

    Args:
        accuracy: For each label the fraction of samples classified rightly in each way,
            (num_ways,).
        cost: For each label the mean cost in each way, above 0, (num_ways,).
        names: What is written beside the points, such as margins, one per way.
        xlabel: What the cost is, with its unit.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument does not hold numbers.
        ValueError: There is nothing to draw, lengths or labels differ, or a number is out of its
            range.
    """
    lines = {
        label: as_vector(values, f"accuracy[{label!r}]", "num_ways")
        for label, values in accuracy.items()
    }
    check_entries(lines, "accuracy")
    if list(cost) != list(lines):
        raise ValueError(f"cost has the labels {list(cost)}, but accuracy has {list(lines)}")
    costs = {
        label: as_vector(values, f"cost[{label!r}]", "num_ways") for label, values in cost.items()
    }
    for label, values in lines.items():
        check_fractions(values, f"accuracy[{label!r}]")
        if len(values) != len(names):
            raise ValueError(
                f"accuracy[{label!r}] has {len(values)} values, but there are {len(names)} names"
            )
        _check_cost(costs[label], label, len(names))
    axes = new_axes(ax, figsize=(6.0, 3.4 + 0.22 * len(lines)))
    # Names of the upper line stand above it, those of the others below theirs.
    upper = max(lines, key=lambda label: float(lines[label].mean()))
    for i, (label, values) in enumerate(lines.items()):
        style = line_style(i)
        marker = _MARKERS[i % len(_MARKERS)]
        axes.plot(costs[label], 100 * values, label=label, marker=marker, linewidth=1.5, **style)
        _write_names(axes, costs[label], values, names, side=1 if label == upper else -1)
    axes.margins(x=0.08, y=0.18)
    _set_log_axis(axes)
    axes.set_xlabel(xlabel)
    axes.set_ylabel("accuracy (%)")
    # 98.8 % must not read as an offset from 98.7.
    axes.ticklabel_format(axis="y", useOffset=False, style="plain")
    if title is not None:
        axes.set_title(title)
    axes.grid(color="0.9")
    legend_below(axes)
    return axes


def _write_names(
    axes: Axes,
    cost: NDArray[np.float64],
    accuracy: NDArray[np.float64],
    names: Sequence[str],
    *,
    side: int,
) -> None:
    for x, y, name in zip(cost, accuracy, names, strict=True):
        axes.annotate(
            name,
            (float(x), float(100 * y)),
            xytext=(0, 6 * side),
            textcoords="offset points",
            ha="center",
            va="bottom" if side > 0 else "top",
            fontsize="small",
        )


def _set_log_axis(axes: Axes) -> None:
    """Make the x axis logarithmic, with a label at 1, 2 and 5 of each decade at most."""
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    if high / low < _NARROW:
        middle = math.sqrt(low * high)
        low, high = middle / math.sqrt(_NARROW), middle * math.sqrt(_NARROW)
        axes.set_xlim(low, high)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)))
    digits = (1,) if high / low > _WIDE else (1, 2, 5)
    numbers = [10.0**decade * digit for decade in decades for digit in digits]
    ticks = [number for number in numbers if low <= number <= high]
    axes.set_xticks(ticks, labels=[short_count(tick) for tick in ticks])
    axes.set_xticks([], minor=True)


def _check_cost(cost: NDArray[np.float64], label: str, num_names: int) -> None:
    if len(cost) != num_names:
        raise ValueError(f"cost[{label!r}] has {len(cost)} values, but there are {num_names} names")
    if cost.min() <= 0:
        raise ValueError(f"cost[{label!r}] has {cost.min()}, but must be above 0")
