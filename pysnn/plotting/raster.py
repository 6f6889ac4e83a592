"""Spikes of one sample, neuron by neuron."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_array, as_real_array
from .._base.numbers import as_int, as_positive_float, as_positive_int
from ._style import check_entries, line_style, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FEW = 16  # neurons of a population that get a line, a tick and a height of their own
_ROW = 6.0  # height of such a line, in rows of larger populations
_GAP = 6.0  # between populations


def plot_raster(
    spike_trains: Mapping[str, ArrayLike],
    *,
    sample: int | None = None,
    dt: float = 1e-3,
    image: ArrayLike | None = None,
    max_neurons: int = 100,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the spikes of one sample, a mark for each, populations one above the other.

    Negative spikes lie, the others stand.

    Args:
        spike_trains: For each population, from input to output, its spikes, bool or -1/0/1:
            (num_steps, num_samples, num_neurons), as `SimulationResult.spikes`, with
            ``sample``; or those of one sample, (num_steps, num_neurons).
        sample: Number of the sample in ``spike_trains``, from 0.
        dt: Time step in s.
        image: The sample, (height, width) or (1, height, width), drawn beside the spikes.
        max_neurons: Neurons of a population that are shown; of larger ones, so many are taken at
            equal distances.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument has the wrong type.
        ValueError: There is no population, or shapes do not fit.
    """
    step = as_positive_float(dt, "dt")
    most = as_positive_int(max_neurons, "max_neurons")
    trains = {name: _as_train(values, name, sample) for name, values in spike_trains.items()}
    check_entries(trains, "spike_trains")
    lengths = {name: len(train) for name, train in trains.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"spike_trains have {lengths} steps, but must have equally many")
    picture = None if image is None else _as_image(image)
    axes = new_axes(ax, figsize=(7.5, 5.0))
    bottom = 0.0
    ticks: list[float] = []
    labels: list[str] = []
    for i, (name, train) in enumerate(trains.items()):
        num_neurons = train.shape[1]
        shown = np.unique(np.linspace(0, num_neurons - 1, min(num_neurons, most)).astype(int))
        is_small = num_neurons <= _FEW
        height = _ROW if is_small else 1.0
        for spike, marker in ((1, "|"), (-1, "_")):
            steps, rows = np.nonzero(train[:, shown] == spike)
            if spike < 0 and len(steps) == 0:
                continue
            axes.plot(
                1000 * step * (steps + 1),
                bottom + height * (rows + 0.5),
                linestyle="none",
                marker=marker,
                markersize=5.0 if is_small else 3.5,
                markeredgewidth=1.6 if is_small else 1.2,
                color=line_style(i + 1)["color"],
                rasterized=True,
            )
        top = bottom + height * len(shown)
        if is_small:
            ticks += [bottom + height * (row + 0.5) for row in range(len(shown))]
            labels += [f"{name} {row}" if row in (0, len(shown) - 1) else f"{row}" for row in shown]
        else:
            part = "" if len(shown) == num_neurons else f"\n{len(shown)} of {num_neurons:,}"
            ticks.append((bottom + top) / 2)
            labels.append(f"{name}{part}")
        if i < len(trains) - 1:
            axes.axhline(top + _GAP / 2, color="0.8", linewidth=0.8)
        bottom = top + _GAP
    axes.set_ylim(-_GAP / 2, bottom - _GAP / 2)
    axes.set_xlim(0, 1000 * step * (next(iter(lengths.values())) + 1))
    axes.set_yticks(ticks, labels=labels, fontsize="small")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("simulated time (ms)")
    if title is not None:
        axes.set_title(title)
    if picture is not None:
        inset = axes.inset_axes((1.03, 0.68, 0.24, 0.32))
        inset.imshow(picture, cmap="gray_r", vmin=0, interpolation="nearest")
        inset.set(xticks=[], yticks=[])
    return axes


def _as_train(values: ArrayLike, name: str, sample: int | None) -> NDArray[np.int8]:
    array = as_array(values, f"spike_trains[{name!r}]")
    if array.dtype.kind not in "bu" and not np.isin(array, (-1, 0, 1)).all():
        raise TypeError(
            f"spike_trains[{name!r}] has dtype {array.dtype}, but must hold bools or -1, 0 and 1"
        )
    due = "(num_steps, num_neurons)"
    if sample is not None:
        due = "(num_steps, num_samples, num_neurons) with sample"
    elif array.ndim == 3:
        due += "; sample= takes one of (num_steps, num_samples, num_neurons)"
    if array.ndim != (2 if sample is None else 3) or array.size == 0:
        raise ValueError(f"spike_trains[{name!r}] has shape {array.shape}, but must be {due}")
    if sample is not None:
        number = as_int(sample, "sample")
        if not 0 <= number < array.shape[1]:
            raise ValueError(
                f"sample is {number}, but must be in [0, {array.shape[1]}), the samples of "
                f"spike_trains[{name!r}]"
            )
        array = array[:, number]
    return (array != 0 if array.dtype.kind in "bu" else array).astype(np.int8)


def _as_image(image: ArrayLike) -> NDArray[np.float64]:
    array = as_real_array(image, "image").astype(np.float64)
    if array.ndim == 3 and array.shape[0] == 1:
        array = array[0]
    if array.ndim != 2:
        raise ValueError(
            f"image has shape {array.shape}, but must be (height, width) or (1, height, width)"
        )
    return array
