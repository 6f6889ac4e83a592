"""Firing rates, alone and against the activations of the ReLU network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_real_array, check_finite
from .._base.formats import all_digits
from .._base.numbers import as_positive_float, as_positive_int
from ._style import COLOUR_MAP, check_entries, legend_below, line_style, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_activation_against_rate(
    activation: ArrayLike,
    *,
    rate: ArrayLike,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the firing rate of each neuron against the rate that its activation stands for.

    Where conversion loses nothing, all lie on the dashed diagonal; below it neurons fire too
    little. Shades say how many neurons lie in a place.

    Args:
        activation: Rates in Hz that the ReLU network's activations stand for: activation over the
            population's scale factor, times the input's ``max_rate``; any shape.
        rate: Firing rates of the same neurons and samples in Hz, in the same shape.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument does not hold numbers.
        ValueError: The shapes differ, there is nothing to draw, or a number is not finite.
    """
    expected, measured = _as_flat(activation, "activation"), _as_flat(rate, "rate")
    if np.shape(activation) != np.shape(rate):
        raise ValueError(
            f"rate has shape {np.shape(rate)}, but must have that of activation, "
            f"{np.shape(activation)}"
        )
    axes = new_axes(ax, figsize=(5.0, 4.2))
    top = 1.02 * max(float(expected.max()), float(measured.max()), 1e-9)
    cells = axes.hexbin(
        expected,
        measured,
        gridsize=50,
        extent=(0, top, 0, top),
        bins="log",
        mincnt=1,
        cmap=f"{COLOUR_MAP}_r",
        linewidths=0.1,
        rasterized=True,
    )
    axes.figure.colorbar(cells, ax=axes, label="neurons x samples")
    axes.plot([0, top], [0, top], color="0.25", linestyle="dashed", linewidth=1)
    axes.set(xlim=(0, top), ylim=(0, top))
    axes.set_xlabel("activation of the ReLU network, as a rate (Hz)")
    axes.set_ylabel("firing rate (Hz)")
    if title is not None:
        axes.set_title(title)
    return axes


def plot_rate_histogram(
    rates: Mapping[str, ArrayLike],
    *,
    max_rate: float = 1000.0,
    num_bins: int = 50,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot how firing rates are distributed, one line for each entry.

    The share of neurons is logarithmic; the label names the share of those that never fired.

    Args:
        rates: For each label firing rates in Hz, of any shape.
        max_rate: Highest rate that a neuron can have in Hz, 1 / dt: the end of the axis.
        num_bins: Bins from 0 to ``max_rate``.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument has the wrong type.
        ValueError: There is nothing to draw, or a number is negative, above ``max_rate`` or not
            finite.
    """
    highest = as_positive_float(max_rate, "max_rate")
    bins = np.linspace(0, highest, as_positive_int(num_bins, "num_bins") + 1)
    flat = {label: _as_flat(values, f"rates[{label!r}]") for label, values in rates.items()}
    check_entries(flat, "rates")
    for label, values in flat.items():
        # A rate is a count over a time: both ends may be off by rounding.
        if values.min() < 0 or values.max() > highest * (1 + 1e-9):
            raise ValueError(
                f"rates[{label!r}] lie in [{all_digits(values.min())}, "
                f"{all_digits(values.max())}] Hz, but must lie in [0, {all_digits(highest)}]"
            )
    axes = new_axes(ax)
    for i, (label, values) in enumerate(flat.items()):
        counts, _ = np.histogram(np.minimum(values, highest), bins)
        silent = np.count_nonzero(values == 0) / values.size
        axes.stairs(
            100 * counts / values.size,
            bins,
            label=f"{label} ({100 * silent:.1f} % never fired)",
            linewidth=1.6,
            **line_style(i),
        )
    axes.set_yscale("log")
    axes.set_xlim(0, highest)
    axes.set_xlabel("firing rate (Hz)")
    axes.set_ylabel("neurons x samples (%)")
    if title is not None:
        axes.set_title(title)
    axes.grid(color="0.9")
    legend_below(axes)
    return axes


def _as_flat(values: ArrayLike, name: str) -> NDArray[np.float64]:
    array = as_real_array(values, name).astype(np.float64)
    if array.size == 0:
        raise ValueError(f"{name} is empty, but must have at least one value")
    check_finite(array, name)
    return array.ravel()
