"""Membrane potentials of one sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .._base.foreign import wrong_type
from .._base.numbers import as_finite_float, as_int
from ..spiking import SimulationResult
from ._recorded import as_sample, potentials_of
from ._style import legend_below, line_style, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FEW = 5


def plot_potential(
    result: SimulationResult,
    *,
    sample: int | None = None,
    population: str | None = None,
    neurons: Sequence[int] | None = None,
    threshold: float | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot membrane potentials of one sample over time, a line for each neuron.

    Potentials are those at the end of each step, after the reset. Where the population's spikes
    were recorded as well, triangles mark them, down for negative ones.

    Args:
        result: A simulation with ``record="potentials"``, or one that ends in a readout.
        sample: Number of the sample, from 0; None: the first.
        population: Name of the population; None: the readout, or the last one that was recorded.
        neurons: Which neurons; None: those whose potentials move most, 5 at most.
        threshold: A dashed line at the threshold, where given.
        title: Title of the axes.
        ax: Axes to draw into; new ones if None.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: An argument has the wrong type.
        ValueError: A sample, a population or a neuron is not there, or nothing was recorded.
        KeyError: The population's potentials were not recorded.

    Example:
        >>> snn = pysnn.SpikingNetwork(1)
        >>> snn.add_population("output", 1)
        >>> snn.connect("input", "output", pysnn.Linear([[0.25]]))
        >>> result = pysnn.simulate(snn, [[1.0]], num_steps=12, record="potentials")
        >>> ax = pysnn.plotting.plot_potential(result, threshold=1)  # doctest: +SKIP
    """
    if not isinstance(result, SimulationResult):
        raise wrong_type("result", result, "a pysnn.SimulationResult")
    number = as_sample(sample, result)
    name, whole = potentials_of(result, population)
    potentials = whole[:, number].reshape(len(whole), -1)
    rows = _as_neurons(neurons, potentials)
    level = None if threshold is None else as_finite_float(threshold, "threshold")
    spikes = result.spikes(name)[:, number] if name in result.spikes else None
    time = 1000 * result.dt * (result.first_step + np.arange(1, len(potentials) + 1))
    axes = new_axes(ax, figsize=(7.0, 3.2 + 0.22 * len(rows)))
    for i, row in enumerate(rows):
        style = line_style(i)
        axes.plot(time, potentials[:, row], label=f"{name} {row}", linewidth=1.2, **style)
        if spikes is not None:
            _mark(axes, time, potentials[:, row], spikes[:, row], style["color"])
    if level is not None:
        axes.axhline(level, color="0.25", linestyle="dashed", linewidth=1, label="threshold")
    axes.set_xlim(time[0] - 1000 * result.dt, time[-1])
    axes.set_xlabel("simulated time (ms)")
    axes.set_ylabel("membrane potential")
    if title is not None:
        axes.set_title(title)
    axes.grid(color="0.9")
    legend_below(axes)
    return axes


def _mark(
    axes: Axes,
    time: NDArray[np.floating],
    potentials: NDArray[np.float32],
    spikes: NDArray[np.bool_] | NDArray[np.int8],
    colour: str,
) -> None:
    for sign, marker in ((1, "^"), (-1, "v")):
        at = np.flatnonzero(spikes == sign)
        if len(at):
            axes.plot(time[at], potentials[at], marker, color=colour, markersize=4)


def _as_neurons(neurons: Sequence[int] | None, potentials: NDArray[np.float32]) -> list[int]:
    count = potentials.shape[1]
    if neurons is None:
        moved = np.abs(np.diff(potentials, axis=0, prepend=0)).sum(axis=0)
        most = np.argsort(-moved, kind="stable")[:_FEW]
        return sorted(int(row) for row in most)
    rows = [as_int(row, f"neurons[{i}]") for i, row in enumerate(neurons)]
    if not rows:
        raise ValueError("neurons is empty, but must have at least one entry")
    for i, row in enumerate(rows):
        if not 0 <= row < count:
            raise ValueError(f"neurons[{i}] is {row}, but must be in [0, {count})")
    return rows
