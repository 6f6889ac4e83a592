"""What a classification costs: spikes and synaptic operations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from .._base.numbers import as_rate
from ._labels import LINE, axes_inches, name_places
from ._style import (
    as_vector,
    check_entries,
    legend_below,
    line_styles,
    new_axes,
    set_time_axis,
    short_count,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROOM_FOR_NUMBERS = 1.3  # inches of a pair of bars


def plot_cost_over_time(
    cost: Mapping[str, ArrayLike],
    *,
    time: ArrayLike,
    ann_cost: Mapping[str, float] | None = None,
    ylabel: str = "synaptic operations per sample",
    styles: Mapping[str, int] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot a cost so far against simulated time, one line for each entry, both logarithmic.

    Args:
        cost: For each label the cost from the beginning to each time, (num_times,).
        time: Those times in s, rising and above 0, (num_times,).
        ann_cost: Costs of the ReLU network, by label: level lines.
        ylabel: What the cost is, with its unit.
        styles: Numbers of the colours and dashes of labels, as `plot_accuracy_over_time` has them.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument does not hold numbers.
        ValueError: There is nothing to draw, lengths differ, or a number is negative.
    """
    times = as_vector(time, "time", "num_times")
    if times[0] <= 0 or not (np.diff(times) > 0).all():
        raise ValueError(f"time is {times.tolist()}, but must be above 0 and rising")
    curves = {
        label: as_vector(values, f"cost[{label!r}]", "num_times") for label, values in cost.items()
    }
    check_entries(curves, "cost")
    for label, values in curves.items():
        if len(values) != len(times) or values.min() < 0:
            raise ValueError(
                f"cost[{label!r}] has {len(values)} values from {values.min()}, but must have "
                f"{len(times)} of at least 0"
            )
    levels = {
        label: as_rate(value, f"ann_cost[{label!r}]") for label, value in (ann_cost or {}).items()
    }
    axes = new_axes(ax)
    looks = line_styles(curves, styles)
    for label, values in curves.items():
        # Nothing has a place on a logarithmic axis.
        shown = np.where(values > 0, values, np.nan)
        axes.plot(1000 * times, shown, label=label, linewidth=2, **looks[label])
    for i, (label, value) in enumerate(levels.items()):
        dashes = ("dashed", "dashdot", "dotted")[i % 3]
        axes.axhline(value, color="0.25", linestyle=dashes, linewidth=1, zorder=1, label=label)
    axes.set_yscale("log")
    set_time_axis(axes, 1000 * times[0], 1000 * times[-1])
    axes.set_ylabel(ylabel)
    if title is not None:
        axes.set_title(title)
    axes.grid(color="0.9")
    legend_below(axes)
    return axes


def plot_layer_cost(
    spikes: Mapping[str, float],
    *,
    synaptic_operations: Mapping[str, float],
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot spikes and synaptic operations of each population as pairs of bars.

    Args:
        spikes: Spikes per sample of each population, from input to output.
        synaptic_operations: Synaptic operations per sample that are booked on each population;
            names of ``spikes`` that are missing here (the input) get no second bar.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: A value is not a number.
        ValueError: There is no population, a value is negative, or ``synaptic_operations`` names a
            population that ``spikes`` does not.
    """
    check_entries(spikes, "spikes")
    unknown = sorted(set(synaptic_operations) - set(spikes))
    if unknown:
        raise ValueError(f"synaptic_operations has {unknown}, but spikes has {list(spikes)}")
    bars = [
        ("spikes", {n: as_rate(v, f"spikes[{n!r}]") for n, v in spikes.items()}, "#E69F00", ""),
        (
            "synaptic operations",
            {n: as_rate(v, f"synaptic_operations[{n!r}]") for n, v in synaptic_operations.items()},
            "#0072B2",
            "//",
        ),
    ]
    axes = new_axes(ax, figsize=(max(6.0, 1.0 + 0.7 * len(spikes)), 4.0))
    places = np.arange(len(spikes))
    axes.set_xlim(-0.6, len(spikes) - 0.4)
    # Numbers of neighbouring bars stand upright where they would not fit side by side.
    room = axes_inches(axes)[0] / len(spikes)
    is_narrow = room < _ROOM_FOR_NUMBERS
    for k, (label, values, colour, hatch) in enumerate(bars):
        heights = [values.get(name, 0.0) for name in spikes]
        drawn = axes.bar(
            places + 0.4 * (k - 0.5),
            heights,
            width=0.38,
            label=label,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.5,
        )
        texts = [short_count(values[name]) if name in values else "" for name in spikes]
        axes.bar_label(drawn, texts, fontsize="small", padding=2, rotation=90 if is_narrow else 0)
    axes.set_yscale("symlog", linthresh=1, linscale=0.3)
    above = 100 if is_narrow else 10
    axes.set_ylim(0, above * max(max(values.values(), default=0.0) for _, values, *_ in bars) + 1)
    _set_decades(axes)
    distance = name_places(axes, [float(place) for place in places], list(spikes))
    axes.set_ylabel("per sample")
    if title is not None:
        axes.set_title(title)
    axes.set_axisbelow(True)
    axes.grid(color="0.9", axis="y")
    legend_below(axes, columns=2, distance=distance)
    return axes


def _set_decades(axes: Axes) -> None:
    """Label 0 and powers of ten that leave each other room; 1 would run into 0."""
    num_decades = math.floor(math.log10(max(10.0, axes.get_ylim()[1])))
    _, height = axes_inches(axes)
    step = math.ceil(2 * LINE * num_decades / height)
    axes.set_yticks([0, *(10.0**decade for decade in range(1, num_decades + 1, step))])
    axes.set_yticks([], minor=True)
