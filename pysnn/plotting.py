"""Figures of results; every function draws into ``ax`` and returns it.

matplotlib is imported when a function is called, so that the package works without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._validation import as_finite_float, as_positive_float, as_real_array, check_finite

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_accuracy_over_time"]

# Okabe and Ito's colours, which stay apart for every kind of colour vision; the dashes and
# widths keep the lines apart in print without colour.
_LINE_STYLES: tuple[dict[str, Any], ...] = (
    {"color": "#D55E00", "linestyle": (0, (1, 1))},
    {"color": "#0072B2", "linestyle": (0, (5, 1.5))},
    {"color": "#CC79A7", "linestyle": (0, (3, 1, 1, 1))},
    {"color": "#009E73", "linestyle": "solid"},
    {"color": "#E69F00", "linestyle": (0, (8, 2))},
    {"color": "#56B4E9", "linestyle": (0, (1, 2.5))},
)
_ACCURACY_TICKS = (0.0, 10.0, 50.0, 80.0, 90.0, 95.0, 98.0, 99.0, 99.5, 99.8)  # percent
_TIME_TICKS: tuple[float, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)  # ms
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
            (num_steps,), as ``SimulationResult.accuracy`` returns it.
        dt: Time step in s.
        ann_accuracy: Accuracy of the ReLU network, a fraction; a dashed line if given.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument is not a number or an array of numbers.
        ValueError: An accuracy is empty, not one-dimensional or not in [0, 1].
    """
    step = as_positive_float(dt, "dt")
    curves = {label: _as_accuracy(values, label) for label, values in accuracy.items()}
    if not curves:
        raise ValueError("accuracy is empty, but must have at least one entry")
    if ann_accuracy is not None and not 0 <= as_finite_float(ann_accuracy, "ann_accuracy") <= 1:
        raise ValueError(f"ann_accuracy is {ann_accuracy}, but must be in [0, 1]")
    require_matplotlib()
    axes = _new_axes() if ax is None else ax
    for i, (label, values) in enumerate(curves.items()):
        time = 1000 * step * np.arange(1, len(values) + 1)
        style = _LINE_STYLES[i % len(_LINE_STYLES)]
        axes.plot(time, 100 * values, label=label, linewidth=2, **style)
    if ann_accuracy is not None:
        label = f"ReLU network ({100 * ann_accuracy:.2f} %)"
        style = {"color": "0.25", "linestyle": "dashed", "linewidth": 1}
        axes.axhline(100 * ann_accuracy, label=label, zorder=1, **style)
    longest = max(len(values) for values in curves.values())
    lowest = min(float(values.min()) for values in curves.values())
    best = max(float(values.max()) for values in curves.values())
    _set_time_axis(axes, 1000 * step, 1000 * step * longest)
    _set_accuracy_axis(axes, 100 * lowest, 100 * max(best, ann_accuracy or 0.0))
    if title is not None:
        axes.set_title(title)
    axes.grid(color="0.9")
    # Below the axes, where no curve can run under it.
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), frameon=False)
    return axes


def require_matplotlib() -> None:
    """Raise an ImportError that says how to get matplotlib where it is missing."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "figures need matplotlib, which is not installed: pip install '.[report]'"
        ) from error


def _as_accuracy(values: ArrayLike, label: str) -> NDArray[np.float64]:
    name = f"accuracy[{label!r}]"
    array = as_real_array(values, name).astype(np.float64)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}, but must be (num_steps,)")
    check_finite(array, name)
    bad = (array < 0) | (array > 1)
    if bad.any():
        first = int(np.argmax(bad))
        raise ValueError(f"{name}[{first}] is {array[first]}, but must be in [0, 1]")
    return array


def _new_axes() -> Axes:
    from matplotlib import pyplot

    _, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
    return axes


def _set_time_axis(axes: Axes, first: float, last: float) -> None:
    axes.set_xscale("log")
    axes.set_xlim(first, max(last, 1.01 * first))
    # A short axis between two of the usual ticks still needs one.
    ticks = [time for time in _TIME_TICKS if first <= time <= 1.001 * last] or [first]
    axes.set_xticks(ticks, labels=[f"{time:g}" for time in ticks])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("simulated time (ms)")


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
