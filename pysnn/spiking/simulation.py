"""Simulation of a batch of samples call by call."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_array
from .._base.numbers import as_count, as_str
from .encoding import Encoding
from .given_spikes import GivenTrains, check_no_time_axis
from .results import Record, SimulationResult
from .settings import (
    EarlyStop,
    Report,
    SimulationSettings,
    check_network,
    check_one_input,
    check_without_effect,
    reporter,
)
from .spiking_network import SpikingNetwork
from .stimulus import DEFAULT_DT, DEFAULT_ENCODING, DEFAULT_MAX_RATE, DEFAULT_SEED, Stimulus

_SHORT = 200  # steps times samples of a call that shows no progress


class Simulation:
    """A batch of samples whose membrane potentials are kept from one call to the next.

    Two calls give the spikes of one call as long as both. A call that fails or is interrupted
    leaves the state as it was. Arguments are those of `simulate`, and hold for every call; there is
    no ``stop_margin``, as a sample that ended early has no state to go on from. One thread at a
    time may use it; a second one gets a RuntimeError. A copy, or what a pickle gives in whatever
    process, goes on from the step that the simulation was at.

    Args:
        snn: The spiking network; later changes to it are not seen.
        num_samples: Samples that are simulated side by side.
        dt: Length of a step in s.
        max_rate: Firing rate in Hz that an intensity of 1 stands for.
        seed: Seed of Poisson input; None draws one, which `seed` keeps.
        encoding: What intensities become, as in `simulate`; spike trains are taken as they are.
        sample_ids: Number of each sample for the generator, (num_samples,).
        bias_scale: Factor in [0, 1] on biases where spike trains are given; 1 unless given.
        scale: Factor for the numbers of ``x``.
        record: What to keep beyond the output's spikes.
        num_threads: Threads; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.

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
        dt: float = DEFAULT_DT,
        max_rate: float = DEFAULT_MAX_RATE,
        seed: int | None = DEFAULT_SEED,
        encoding: Encoding = DEFAULT_ENCODING,
        sample_ids: ArrayLike | None = None,
        bias_scale: float | None = None,
        scale: float | None = None,
        record: Record = (),
        num_threads: int | None = None,
        progress: bool | None = None,
    ) -> None:
        check_network(snn)
        self._num_samples = as_count(num_samples, "num_samples")
        stimulus = Stimulus.of(
            dt=dt,
            max_rate=max_rate,
            seed=seed,
            encoding=encoding,
            sample_ids=sample_ids,
            scale=scale,
            of_network=snn.encoding,
        )
        self._settings = SimulationSettings.of(
            snn,
            stimulus,
            bias_scale=bias_scale,
            record=record,
            num_threads=num_threads,
            progress=progress,
            early_stop=EarlyStop(),
        )
        self._snn = SpikingNetwork.from_core(snn.core)
        self._core = self._make_core()

    def _make_core(self) -> _core.Simulation:
        options = self._settings.core_options(self._num_samples)
        return _core.Simulation(self._snn.core, self._num_samples, options)

    def __getstate__(self) -> dict[str, object]:
        return {
            "snn": self._snn,
            "num_samples": self._num_samples,
            "settings": self._settings,
            "state": self._core.state(),
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._snn = state["snn"]
        self._num_samples = state["num_samples"]
        self._settings = state["settings"]
        self._core = self._make_core()
        self._core.restore(state["state"])

    def run(
        self,
        x: ArrayLike | None = None,
        *,
        spikes: ArrayLike | None = None,
        time_axis: int | None = None,
        num_steps: int | None = None,
        duration: float | None = None,
    ) -> SimulationResult:
        """Simulate further steps.

        Args:
            x: Intensities, (num_samples, *input_shape) or flat, as for `simulate`.
            spikes: In place of ``x``: spike trains, (num_steps, num_samples, *input_shape) or
                flat, of 0 and 1, or -1, 0 and 1, in any type.
            time_axis: Axis of ``spikes`` that steps are on, as for `simulate`.
            num_steps: Number of steps, with ``x``.
            duration: In place of ``num_steps``: time in s.

        Returns:
            What happened in these steps; its ``first_step`` says where they begin.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: A value is out of its range, or shapes do not fit.
            MemoryError: The result would not fit in memory.
        """
        check_one_input(x, spikes)
        if spikes is not None:
            check_without_effect(num_steps=num_steps, duration=duration)
            given = GivenTrains.of(spikes, self._snn, time_axis, num_samples=self.num_samples)
            trains = given.whole()
            with self._progress_shown(len(trains)) as report:
                result = self._core.run_spikes(trains, report)
        else:
            assert x is not None
            check_no_time_axis(time_axis)
            stimulus = self._settings.stimulus
            steps = stimulus.num_steps(duration, num_steps)
            samples = stimulus.intensities(x, self._snn.input_shape, self._snn.input_range)
            with self._progress_shown(steps) as report:
                result = self._core.run(samples, steps, report)
        return self._settings.result(result, drawn=spikes is None)

    def step(self, spikes: ArrayLike) -> SimulationResult:
        """Simulate one step.

        Args:
            spikes: Which inputs spike, (num_samples, *input_shape) or flat, of 0 and 1, or -1, 0
                and 1, in any type.

        Returns:
            What happened in this step.

        Raises:
            TypeError: ``spikes`` has the wrong type.
            ValueError: Its shape does not fit, or it holds other values.
        """
        trains = GivenTrains.of(as_array(spikes, "spikes")[np.newaxis], self._snn, 0).whole()
        return self._settings.result(self._core.run_spikes(trains, None), drawn=False)

    def reset(self) -> None:
        """Go back to step 0 and the initial membrane potentials."""
        self._core.reset()

    @property
    def num_samples(self) -> int:
        """Samples that are simulated side by side."""
        return self._num_samples

    @property
    def seed(self) -> int | None:
        """Seed of the Poisson input, given or drawn; None where nothing is drawn."""
        return self._settings.stimulus.drawn_seed

    @property
    def next_step(self) -> int:
        """The step that the next call begins with."""
        return self._core.next_step

    @property
    def spike_counts(self) -> NDArray[np.int32]:
        """Net spikes of each output neuron since step 0, (num_samples, num_classes)."""
        return self._core.spike_counts()

    @property
    def predictions(self) -> NDArray[np.int64]:
        """Class with most output spikes since step 0, (num_samples,); ties go to the lowest.

        Of a readout, the class of the largest potential; 0 before its delay is over.
        """
        output = self._snn.populations[-1]
        values: NDArray[np.int32] | NDArray[np.float32] = self.spike_counts
        if output.neuron == "readout":
            if self.next_step <= output.delay:
                return np.zeros(self._num_samples, dtype=np.int64)
            values = self.membrane_potential(output.name)
        classes: NDArray[np.int64] = values.argmax(axis=1).astype(np.int64, copy=False)
        return classes

    def membrane_potential(self, population: str) -> NDArray[np.float32]:
        """Return the membrane potentials of a population, (num_samples, num_neurons).

        Raises:
            TypeError: ``population`` is not a str.
            ValueError: The network has no population of that name, or it is a max pool, which has
                none.
        """
        population = as_str(population, "population")
        names = [each.name for each in self._snn.populations]
        if population not in names:
            raise ValueError(f"population is {population!r}, but must be one of {names}")
        if self._snn.populations[names.index(population)].neuron == "max_pool":
            raise ValueError(f"population is {population!r}, a max pool, which has no potential")
        return self._core.membrane_potential(names.index(population))

    def _progress_shown(self, num_steps: int) -> AbstractContextManager[Report | None]:
        # What is over before a bar could be seen should not wait for one to be made.
        is_short = num_steps * self._num_samples < _SHORT
        return nullcontext() if is_short else reporter(self._num_samples, self._settings.progress)

    def __repr__(self) -> str:
        """Show the samples, the time so far, and the settings."""
        settings, now = self._settings, self.next_step
        stimulus = settings.stimulus
        drive = f"{stimulus.encoding} input of {stimulus.max_rate:g} Hz"
        if stimulus.is_random:
            drive += f", seed {stimulus.seed}"
        lines = [
            f"Simulation: {self.num_samples:,} samples, {now:,} steps of {stimulus.dt:g} s so far "
            f"({now * stimulus.dt:g} s)",
            f"{len(settings.populations)} populations, {drive}",
        ]
        kept = [what for what, names in settings.recorded.items() if names]
        if kept:
            lines.append(f"records {', '.join(kept)}")
        return "\n".join(lines)
