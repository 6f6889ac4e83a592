"""Spikes of one sample, neuron by neuron."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_array, as_real_array
from .._base.defaults import default, is_given, resolved
from .._base.interface.old_names import old_keyword
from .._base.numbers import as_int, as_positive_float, as_positive_int
from ..spiking import SimulationResult
from ._labels import apart, axes_inches, height_of
from ._recorded import as_sample, spikes_of
from ._style import check_entries, line_style, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FEW = 16  # neurons of a population that get a line, a tick and a height of their own
_ROW = 6.0  # height of such a line, in rows of larger populations
_GAP = 6.0  # between populations
# Rows of a small population that are named before others: evenly few, then more.
_RANKS = {0: 0, 8: 2, 4: 2, 12: 2}

DEFAULT_DT: float = default(1e-3)


@old_keyword("spike_trains", "result")
def plot_raster(
    result: SimulationResult | Mapping[str, ArrayLike],
    *,
    sample: int | None = None,
    population: str | Sequence[str] | None = None,
    dt: float = DEFAULT_DT,
    image: ArrayLike | None = None,
    max_neurons: int = 100,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the spikes of one sample, a mark for each, populations one above the other.

    Negative spikes lie, the others stand.

    Args:
        result: A simulation with ``record="spikes"``, or any for the spikes of its output. Or, for
            each population, from input to output, its spikes, bool or -1/0/1: (num_steps,
            num_samples, num_neurons), with ``sample``; or those of one sample, (num_steps,
            num_neurons).
        sample: Number of the sample, from 0; None: the first one of a result.
        population: Names of populations of a result, or one; None: all that were recorded.
        dt: Time step in s of spikes that are no result's, 0.001 unless given.
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
    most = as_positive_int(max_neurons, "max_neurons")
    if isinstance(result, SimulationResult):
        if is_given(dt):
            raise ValueError(f"dt is {dt}, but a result has its own, {result.dt}; leave it out")
        step, start = result.dt, result.first_step
        number = as_sample(sample, result)
        trains = {
            name: _as_train(values, name, number)
            for name, values in spikes_of(result, population).items()
        }
    else:
        if population is not None:
            raise ValueError("population is given, but goes with a result alone; leave it out")
        step, start = as_positive_float(resolved(dt), "dt"), 0
        trains = {name: _as_train(values, name, sample) for name, values in result.items()}
    check_entries(trains, "spikes")
    lengths = {name: len(train) for name, train in trains.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"spikes have {lengths} steps, but must have equally many")
    picture = None if image is None else _as_image(image)
    axes = new_axes(ax, figsize=(7.5, 5.0))
    bottom = 0.0
    labels: list[_Label] = []
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
                1000 * step * (start + steps + 1),
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
            last = len(shown) - 1
            labels += [
                _Label(
                    bottom + height * (row + 0.5),
                    f"{name} {row}" if row in (0, last) else f"{row}",
                    rank=_RANKS.get(row, 3) if row != last else 1,
                )
                for row in range(len(shown))
            ]
        else:
            part = "" if len(shown) == num_neurons else f"\n{len(shown)} of {num_neurons:,}"
            labels.append(_Label((bottom + top) / 2, f"{name}{part}", rank=0))
        if i < len(trains) - 1:
            axes.axhline(top + _GAP / 2, color="0.8", linewidth=0.8)
        bottom = top + _GAP
    axes.set_ylim(-_GAP / 2, bottom - _GAP / 2)
    num_steps = next(iter(lengths.values()))
    axes.set_xlim(1000 * step * start, 1000 * step * (start + num_steps + 1))
    _write(axes, labels)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("simulated time (ms)")
    if title is not None:
        axes.set_title(title)
    if picture is not None:
        inset = axes.inset_axes((1.03, 0.68, 0.24, 0.32))
        inset.imshow(picture, cmap="gray_r", vmin=0, interpolation="nearest")
        inset.set(xticks=[], yticks=[])
    return axes


@dataclass(frozen=True)
class _Label:
    """What stands beside some rows.

    Attributes:
        place: Where, on the axis.
        text: Its lines.
        rank: What comes first where there is no room for all.
    """

    place: float
    text: str
    rank: int


def _write(axes: Axes, labels: list[_Label]) -> None:
    """Write the labels that have room, the names of populations first."""
    kept = _with_room(axes, labels)
    if sum(label.rank == 0 for label in kept) < sum(label.rank == 0 for label in labels):
        # Names alone take a line, and how many neurons are shown a second one.
        names = [replace(label, text=label.text.partition("\n")[0]) for label in labels]
        kept = _with_room(axes, names)
    axes.set_yticks(
        [label.place for label in kept], labels=[label.text for label in kept], fontsize="small"
    )


def _with_room(axes: Axes, labels: list[_Label]) -> list[_Label]:
    low, high = axes.get_ylim()
    _, height = axes_inches(axes)
    ranked = sorted(labels, key=lambda label: label.rank)
    places = [height * (label.place - low) / (high - low) for label in ranked]
    return [ranked[i] for i in apart(places, [height_of(label.text) for label in ranked])]


def _as_train(values: ArrayLike, name: str, sample: int | None) -> NDArray[np.int8]:
    array = as_array(values, f"spikes[{name!r}]")
    if array.dtype.kind not in "bu" and not np.isin(array, (-1, 0, 1)).all():
        raise TypeError(
            f"spikes[{name!r}] has dtype {array.dtype}, but must hold bools or -1, 0 and 1"
        )
    due = "(num_steps, num_neurons)"
    if sample is not None:
        due = "(num_steps, num_samples, num_neurons) with sample"
    elif array.ndim == 3:
        due += "; sample= takes one of (num_steps, num_samples, num_neurons)"
    if array.ndim != (2 if sample is None else 3) or array.size == 0:
        raise ValueError(f"spikes[{name!r}] has shape {array.shape}, but must be {due}")
    if sample is not None:
        number = as_int(sample, "sample")
        if not 0 <= number < array.shape[1]:
            raise ValueError(
                f"sample is {number}, but must be in [0, {array.shape[1]}), the samples of "
                f"spikes[{name!r}]"
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
