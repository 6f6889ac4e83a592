"""What errors are made of, as stacked bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ._style import as_vector, check_entries, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours with hatches, which keep parts apart in print without colour.
_FILLS = (
    ("#0072B2", ""),
    ("#56B4E9", "//"),
    ("#E69F00", ""),
    ("#999999", "\\\\"),
    ("#CC79A7", ".."),
    ("#D55E00", "xx"),
    ("#009E73", "--"),
    ("#F0E442", "oo"),
)
_WIDTH_PER_BAR = 0.4  # inches


def plot_error_parts(
    parts: Mapping[str, ArrayLike],
    names: Sequence[str],
    *,
    label: str = "mean size (% of the mean activation)",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the parts of errors, a stacked bar for each population.

    Args:
        parts: For each label the sizes of a part, (num_populations,), at least 0.
        names: Names of the populations.
        label: What the sizes are, for the axis.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: A part does not hold real numbers.
        ValueError: There is no name, a part has another size than ``names``, or a number is
            negative or not finite.
    """
    check_entries(names, "names")
    sizes = {part: as_vector(values, part, "num_populations") for part, values in parts.items()}
    for part, values in sizes.items():
        if len(values) != len(names):
            raise ValueError(f"{part} has {len(values)} sizes, but there are {len(names)} names")
        if (values < 0).any():
            raise ValueError(f"{part} is {values.min()}, but must be at least 0")
    axes = new_axes(ax, figsize=(max(6.0, 1.5 + _WIDTH_PER_BAR * len(names)), 4.5))
    below = np.zeros(len(names))
    places = np.arange(len(names))
    for i, (part, values) in enumerate(sizes.items()):
        colour, hatch = _FILLS[i % len(_FILLS)]
        axes.bar(
            places, values, bottom=below, label=part, color=colour, hatch=hatch, edgecolor="white"
        )
        below = below + values
    axes.set_xticks(places, labels=list(names), rotation=45, ha="right")
    axes.set_ylabel(label)
    axes.set_axisbelow(True)
    if title is not None:
        axes.set_title(title)
    if sizes:
        axes.legend(frameon=False)
    return axes
