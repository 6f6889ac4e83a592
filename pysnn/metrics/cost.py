"""What a classification has cost so far, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.numbers import as_positive_int
from .._base.progress import check_progress, progress_bar
from ..spiking import Simulation, SpikingNetwork, Stimulus, StimulusOptions
from ..spiking.settings import check_network
from ..spiking.stimulus import DEFAULT_NUM_STEPS


@dataclass(frozen=True, eq=False)
class CostOverTime:
    """Means per sample of what has happened up to each of some times.

    Attributes:
        population_names: Names of the populations, from input to output.
        time: Simulated time in s, (num_times,).
        input_spikes: Spikes of the input so far, (num_times,).
        spikes: Spikes of each population so far, (num_times, num_populations).
        synaptic_operations: Synaptic operations so far, as `SimulationResult.synaptic_operations`
            counts them, (num_times, num_populations).
        seed: Seed of the Poisson input, given or drawn; None where there was none.
    """

    population_names: tuple[str, ...]
    time: NDArray[np.float64]
    input_spikes: NDArray[np.float64]
    spikes: NDArray[np.float64]
    synaptic_operations: NDArray[np.float64]
    seed: int | None = None

    @property
    def total_spikes(self) -> NDArray[np.float64]:
        """Spikes of all populations so far, without the input's, (num_times,)."""
        total: NDArray[np.float64] = self.spikes.sum(axis=1)
        return total

    @property
    def total_synaptic_operations(self) -> NDArray[np.float64]:
        """Synaptic operations of the whole network so far, (num_times,)."""
        total: NDArray[np.float64] = self.synaptic_operations.sum(axis=1)
        return total

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            "population_names": list(self.population_names),
            "time": self.time.tolist(),
            "input_spikes": self.input_spikes.tolist(),
            "spikes": self.spikes.tolist(),
            "synaptic_operations": self.synaptic_operations.tolist(),
        }


def cost_over_time(
    snn: SpikingNetwork,
    x: ArrayLike,
    *,
    num_steps: int = DEFAULT_NUM_STEPS,
    duration: float | None = None,
    interval: int = 1,
    batch_size: int = 1000,
    num_threads: int | None = None,
    progress: bool | None = None,
    **stimulus: Unpack[StimulusOptions],
) -> CostOverTime:
    """Simulate and count spikes and synaptic operations as time goes on.

    The spikes are those of `simulate` with the same arguments.

    Args:
        snn: The spiking network.
        x: Samples in [0, 1], at least one.
        num_steps: Number of steps.
        duration: In place of ``num_steps``: simulated time in s.
        interval: Steps from one count to the next; the last one is at the end in any case.
        batch_size: Samples that are simulated at a time; numbers do not depend on it.
        num_threads: Threads; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.
        stimulus: ``dt``, ``max_rate``, ``seed``, ``encoding`` (that of the network unless given),
            ``sample_ids`` and ``scale``, as `simulate` explains them.

    Returns:
        Cumulative means per sample.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, or there is no sample.

    Example:
        >>> snn = pysnn.SpikingNetwork(1)
        >>> snn.add_population("output", 1)
        >>> snn.connect("input", "output", pysnn.Linear([[0.5]]))
        >>> cost_over_time(snn, [[1.0]], num_steps=4).total_spikes
        array([0., 1., 1., 2.])
    """
    check_network(snn)
    given = Stimulus.of(**stimulus, of_network=snn.encoding)
    interval = as_positive_int(interval, "interval")
    batch_size = as_positive_int(batch_size, "batch_size")
    steps = given.num_steps(duration, num_steps)
    samples = given.intensities(x, snn.input_shape, snn.input_range)
    if len(samples) == 0:
        raise ValueError("x has no samples, but a mean needs at least one")
    check_progress(progress)
    driven = given.changed(scale=None)
    names = tuple(population.name for population in snn.populations)
    ends = np.append(np.arange(interval, steps, interval), steps)
    # Column 0 is the input; whole numbers, so that sums do not depend on the batch.
    spikes = np.zeros((len(ends), 1 + len(names)), dtype=np.int64)
    operations = np.zeros((len(ends), len(names)), dtype=np.int64)
    with progress_bar(len(samples), "cost over time", progress=progress, unit="sample") as bar:
        for start in range(0, len(samples), batch_size):
            rows = slice(start, min(start + batch_size, len(samples)))
            part = driven.part(rows, len(samples))
            simulation = Simulation(
                snn,
                rows.stop - rows.start,
                num_threads=num_threads,
                progress=False,
                **part.options(),
            )
            for i, end in enumerate(ends):
                result = simulation.run(samples[rows], num_steps=end - simulation.next_step)
                spikes[i, 0] += result.num_input_spikes.sum()
                spikes[i, 1:] += result.num_spikes.sum(axis=0)
                operations[i] += result.synaptic_operations.sum(axis=0)
            bar.advance(rows.stop - rows.start)
    so_far = spikes.cumsum(axis=0) / len(samples)
    return CostOverTime(
        population_names=names,
        time=ends * given.dt,
        input_spikes=so_far[:, 0],
        spikes=so_far[:, 1:],
        synaptic_operations=operations.cumsum(axis=0) / len(samples),
        seed=given.drawn_seed,
    )
