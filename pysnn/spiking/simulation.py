"""Simulation of a batch of samples call by call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_array
from .._base.numbers import as_int, as_str
from .encoding import Encoding, as_sample_ids
from .result import SimulationResult, population_sizes
from .settings import (
    Record,
    SimulationSettings,
    as_intensities,
    as_spike_trains,
    check_network,
    check_spike_arguments,
    reporter,
)
from .spiking_network import SpikingNetwork

_SHORT = 200  # steps times samples of a call that shows no progress


class Simulation:
    """A batch of samples whose membrane potentials are kept from one call to the next.

    Two calls give the spikes of one call as long as both. A call that fails or is interrupted
    leaves the state as it was. Arguments are those of `simulate`, and hold for every call; there is
    no ``stop_margin``, as a sample that ended early has no state to go on from. One thread at a
    time may use it; a second one gets a RuntimeError.

    Args:
        snn: The spiking network; later changes to it are not seen.
        num_samples: Samples that are simulated side by side.
        dt: Length of a step in s.
        max_rate: Firing rate in Hz that an intensity of 1 stands for.
        seed: Seed of the input.
        encoding: What intensities become, as in `simulate`; spike trains are taken as they are.
        sample_ids: Number of each sample for the generator, (num_samples,).
        bias_scale: Factor in [0, 1] on biases where spike trains are given; 1 unless given.
        scale: Factor for the numbers of ``x``.
        record: What to keep beyond the output's spikes.
        num_threads: Threads; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range.
        MemoryError: The state would not fit in memory.
    """

    def __init__(
        self,
        snn: SpikingNetwork,
        num_samples: int,
        *,
        dt: float = 1e-3,
        max_rate: float = 1000.0,
        seed: int = 0,
        encoding: Encoding = "poisson",
        sample_ids: ArrayLike | None = None,
        bias_scale: float | None = None,
        scale: float | None = None,
        record: Record = (),
        num_threads: int | None = None,
        progress: bool | None = None,
    ) -> None:
        check_network(snn)
        self._num_samples = as_int(num_samples, "num_samples")
        if self._num_samples < 0:
            raise ValueError(f"num_samples is {num_samples}, but must be at least 0")
        self._snn = SpikingNetwork.from_core(snn.core)
        self._scale = scale
        settings = SimulationSettings(
            snn, dt, max_rate, seed, bias_scale, record, num_threads, progress, None, encoding
        )
        self._sizes = population_sizes(self._snn)
        self._dt = settings.dt
        self._record = settings.record
        self._progress = progress
        self._bar: Callable[[float], None] | None = None
        ids = as_sample_ids(sample_ids, self._num_samples)
        options = settings.core_options(ids, self._report)
        self._core = _core.Simulation(snn.core, self._num_samples, options)

    def run(
        self,
        x: ArrayLike | None = None,
        *,
        spikes: ArrayLike | None = None,
        duration: float | None = None,
    ) -> SimulationResult:
        """Simulate further steps.

        Args:
            x: Intensities in [0, 1], (num_samples, *input_shape) or flat.
            spikes: In place of ``x``: spike trains, (num_steps, num_samples, *input_shape) or
                flat, bool or uint8 0/1.
            duration: Time in s, with ``x``.

        Returns:
            What happened in these steps; its ``first_step`` says where they begin.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: A value is out of its range, or shapes do not fit.
            MemoryError: The result would not fit in memory.
        """
        if (x is None) == (spikes is None):
            raise ValueError("x or spikes must be given, and not both")
        if spikes is not None:
            check_spike_arguments(duration, None)
            trains = as_spike_trains(spikes, self._snn)
            with self._progress_shown(len(trains)):
                result = self._core.run_spikes(trains)
        else:
            assert x is not None
            samples, steps = as_intensities(x, self._snn, duration, self._dt, self._scale, None)
            with self._progress_shown(steps):
                result = self._core.run(samples, steps)
        return SimulationResult(result, self._sizes, self._dt, self._record)

    def step(self, spikes: ArrayLike) -> SimulationResult:
        """Simulate one step.

        Args:
            spikes: Which inputs spike, (num_samples, *input_shape) or flat, bool or uint8 0/1.

        Returns:
            What happened in this step.

        Raises:
            TypeError: ``spikes`` has the wrong type.
            ValueError: Its shape does not fit, or it holds other values.
        """
        trains = as_spike_trains(as_array(spikes, "spikes")[np.newaxis], self._snn)
        result = self._core.run_spikes(trains)
        return SimulationResult(result, self._sizes, self._dt, self._record)

    def reset(self) -> None:
        """Go back to step 0 and the initial membrane potentials."""
        self._core.reset()

    @property
    def num_samples(self) -> int:
        """Samples that are simulated side by side."""
        return self._num_samples

    @property
    def next_step(self) -> int:
        """The step that the next call begins with."""
        return self._core.next_step

    @property
    def spike_counts(self) -> NDArray[np.uint32]:
        """Spikes of each output neuron since step 0, (num_samples, num_classes)."""
        return self._core.spike_counts()

    @property
    def predictions(self) -> NDArray[np.int64]:
        """Class with most output spikes since step 0, (num_samples,); ties go to the lowest."""
        classes: NDArray[np.int64] = self.spike_counts.argmax(axis=1).astype(np.int64, copy=False)
        return classes

    def membrane_potential(self, population: str) -> NDArray[np.float32]:
        """Return the membrane potentials of a population, (num_samples, num_neurons).

        Raises:
            TypeError: ``population`` is not a str.
            ValueError: The network has no population of that name.
        """
        population = as_str(population, "population")
        names = [each.name for each in self._snn.populations]
        if population not in names:
            raise ValueError(f"population is {population!r}, but must be one of {names}")
        return self._core.membrane_potential(names.index(population))

    def _report(self, fraction: float) -> None:
        if self._bar is not None:
            self._bar(fraction)

    def _progress_shown(self, num_steps: int) -> AbstractContextManager[None]:
        # What is over before a bar could be seen should not wait for one to be made.
        is_short = num_steps * self._num_samples < _SHORT
        return nullcontext() if is_short else self._bar_shown()

    @contextmanager
    def _bar_shown(self) -> Iterator[None]:
        with reporter(self._num_samples, self._progress) as self._bar:
            yield
        self._bar = None
