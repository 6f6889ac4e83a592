"""When something happens in each sample, such as the first output spike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_array
from .._base.numbers import as_positive_float, as_positive_int
from ._style import check_entries, legend_below, line_style, new_axes, set_time_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GROWTH = 1.05  # from the border of a bin to the next, where that is more than a step
_LEAD = 0.6  # where the axis begins, as a share of the earliest time


def plot_time_histogram(
    steps: Mapping[str, ArrayLike],
    *,
    num_steps: int | None = None,
    dt: float = 1e-3,
    what: str = "first output spike",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot in which step something happens, a histogram line for each entry.

    Bins have equal widths on the logarithmic time axis, but at least one step. Labels name the
    share of samples in which it never happens.

    Args:
        steps: For each label the step of each sample, (num_samples,), -1 for never: such as
            ``SimulationResult.first_spike_step``.
        num_steps: Steps that were simulated, the end of the axis; None ends it at the last event.
        dt: Time step in s.
        what: What happens, for the axis and the labels.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument has the wrong type.
        ValueError: There is nothing to draw, or a step is below -1.
    """
    step = as_positive_float(dt, "dt")
    entries, last = _checked(steps, num_steps)
    edges = _step_edges(last)
    axes = new_axes(ax)
    for i, (label, values) in enumerate(entries.items()):
        happened = values[values >= 0]
        counts, _ = np.histogram(happened + 1, edges)
        never = 100 * (1 - len(happened) / len(values))
        axes.stairs(
            # Per step, so that wide bins do not look fuller than they are.
            100 * counts / len(values) / np.diff(edges),
            1000 * step * edges,
            label=label if never == 0 else f"{label} ({never:.1f} % never)",
            linewidth=1.8,
            **line_style(i),
        )
    earliest = min(
        (int(values[values >= 0].min()) for values in entries.values() if (values >= 0).any()),
        default=0,
    )
    # The empty time before the first event would push what there is to see aside.
    first = max(0.5, _LEAD * (earliest + 1))
    set_time_axis(axes, 1000 * step * first, 1000 * step * (last + 0.5))
    axes.set_xlabel(f"time of the {what} (ms)")
    axes.set_ylabel("samples per step (%)")
    axes.set_ylim(bottom=0)
    axes.set_axisbelow(True)
    if title is not None:
        axes.set_title(title)
    axes.grid(color="0.9")
    legend_below(axes)
    return axes


def plot_time_shares(
    steps: Mapping[str, ArrayLike],
    *,
    num_steps: int | None = None,
    dt: float = 1e-3,
    ylabel: str = "samples (%)",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot in which share of samples something has happened by a time, a line for each entry.

    Args:
        steps: For each label the step of each sample, (num_samples,), -1 for never.
        num_steps: Steps that were simulated, the end of the axis; None ends it at the last event.
        dt: Time step in s.
        ylabel: What the shares are of.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument has the wrong type.
        ValueError: There is nothing to draw, or a step is below -1.
    """
    step = as_positive_float(dt, "dt")
    entries, last = _checked(steps, num_steps)
    axes = new_axes(ax)
    time = 1000 * step * np.arange(1, last + 1)
    for i, (label, values) in enumerate(entries.items()):
        so_far = np.bincount(values[values >= 0], minlength=last).cumsum()
        share = 100 * so_far / len(values)
        axes.step(time, share, where="post", label=label, linewidth=2, **line_style(i))
    set_time_axis(axes, 1000 * step, 1000 * step * last)
    axes.set_ylabel(ylabel)
    axes.set_ylim(-2, 102)
    if title is not None:
        axes.set_title(title)
    axes.grid(color="0.9")
    legend_below(axes)
    return axes


def _checked(
    steps: Mapping[str, ArrayLike], num_steps: int | None
) -> tuple[dict[str, NDArray[np.int64]], int]:
    """Return the steps by label, and the number of steps that the axis shows."""
    entries = {label: _as_steps(values, label) for label, values in steps.items()}
    check_entries(entries, "steps")
    last = max(1, *(int(values.max()) + 1 for values in entries.values()))
    if num_steps is not None:
        last = max(last, as_positive_int(num_steps, "num_steps"))
    return entries, last


def _as_steps(values: ArrayLike, label: str) -> NDArray[np.int64]:
    name = f"steps[{label!r}]"
    array = as_array(values, name)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} has dtype {array.dtype}, but must hold integers")
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}, but must be (num_samples,)")
    steps = array.astype(np.int64)
    if steps.min() < -1:
        raise ValueError(f"{name}[{int(steps.argmin())}] is {steps.min()}, but must be at least -1")
    return steps


def _step_edges(last: int) -> NDArray[np.float64]:
    """Return bin borders between whole steps from 0.5 to at least ``last`` + 0.5, from 1 on."""
    borders = [1]
    while borders[-1] <= last:
        borders.append(max(borders[-1] + 1, round(_GROWTH * borders[-1])))
    return np.array(borders) - 0.5
