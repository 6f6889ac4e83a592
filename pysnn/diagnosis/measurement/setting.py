"""How a diagnosis drives the networks that it simulates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..._base.numbers import as_positive_int
from ...spiking import Encoding, Record, SimulationResult, SpikingNetwork, Stimulus, simulate


@dataclass(frozen=True, eq=False)
class Setting:
    """Time, rate and seeds of all simulations.

    Attributes:
        stimulus: Steps and rate; the simulations choose their own encoding, seed and samples.
        num_steps: Steps of each simulation.
        seeds: Seeds of Poisson input.
        num_threads: Threads; None for the default.
    """

    stimulus: Stimulus
    num_steps: int
    seeds: tuple[int, ...]
    num_threads: int | None

    @classmethod
    def of(
        cls, stimulus: Stimulus, num_steps: int, num_seeds: int, num_threads: int | None
    ) -> Setting:
        """Check the arguments that `diagnose` explains.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: A value is out of its range, or a rate of 0 shows nothing.
        """
        stimulus.check_rate()
        if stimulus.max_rate == 0:
            raise ValueError("max_rate is 0 Hz, but must be above 0: no input would spike")
        count = as_positive_int(num_seeds, "num_seeds")
        if stimulus.seed + count > 1 << 64:
            raise ValueError(f"seed is {stimulus.seed}, but seed + num_seeds must be at most 2^64")
        return cls(
            stimulus=stimulus,
            num_steps=num_steps,
            seeds=tuple(range(stimulus.seed, stimulus.seed + count)),
            num_threads=num_threads,
        )

    @property
    def input_spikes_per_step(self) -> float:
        """Spikes in a step that an intensity of 1 stands for, at most 1."""
        return self.stimulus.max_rate * self.stimulus.dt

    @property
    def spikes_per_unit(self) -> float:
        """Spikes that an intensity or an ideal rate of 1 stands for in the whole time."""
        return self.num_steps * self.stimulus.max_rate * self.stimulus.dt

    def run_poisson(
        self,
        snn: SpikingNetwork,
        x: NDArray[np.float32],
        *,
        seed: int,
        sample_ids: NDArray[np.uint64],
        record: Record,
    ) -> SimulationResult:
        """Simulate samples under Poisson spikes."""
        stimulus = self.stimulus.changed(seed=seed, sample_ids=sample_ids, scale=None)
        return self._run(snn, x, stimulus, record)

    def run_without_chance(
        self,
        snn: SpikingNetwork,
        x: NDArray[np.float32],
        encoding: Encoding,
        *,
        record: Record = (),
    ) -> SimulationResult:
        """Simulate samples under an encoding that draws nothing."""
        return self._run(snn, x, self.stimulus.changed(encoding=encoding, scale=None), record)

    def _run(
        self, snn: SpikingNetwork, x: NDArray[np.float32], stimulus: Stimulus, record: Record
    ) -> SimulationResult:
        return simulate(
            snn,
            x,
            num_steps=self.num_steps,
            record=record,
            num_threads=self.num_threads,
            progress=False,
            **stimulus.options(),
        )
