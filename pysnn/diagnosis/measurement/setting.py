"""How a diagnosis drives the networks that it simulates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..._base.defaults import is_given, resolved
from ..._base.numbers import as_positive_int
from ...spiking import Encoding, Record, SimulationResult, SpikingNetwork, Stimulus, simulate


@dataclass(frozen=True, eq=False)
class Setting:
    """Time, input and seeds of all simulations.

    Attributes:
        stimulus: How samples drive the network; some simulations choose their own encoding.
        num_steps: Steps of each simulation.
        seeds: Seeds of an input that is drawn; none of one that is not.
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
        count = as_positive_int(resolved(num_seeds), "num_seeds")
        if not stimulus.is_random:
            if is_given(num_seeds):
                raise ValueError(
                    f"num_seeds is given, but the encoding {stimulus.encoding!r} draws nothing at "
                    f"random; leave it out"
                )
            return cls(stimulus, num_steps, (), num_threads)
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

    @property
    def runs(self) -> tuple[int | None, ...]:
        """Seeds of the simulations of the whole network; one without a seed where none is drawn."""
        return self.seeds or (None,)

    @property
    def without_chance(self) -> Encoding:
        """The network's encoding, or what stands for it where that draws."""
        return "regular" if self.stimulus.is_random else self.stimulus.encoding

    def run(
        self,
        snn: SpikingNetwork,
        x: NDArray[np.float32],
        *,
        seed: int | None,
        sample_ids: NDArray[np.uint64],
        record: Record,
    ) -> SimulationResult:
        """Simulate samples as they drive the network, with a seed where it draws."""
        stimulus = self.stimulus.changed(scale=None)
        if seed is not None:
            stimulus = stimulus.changed(seed=seed, sample_ids=sample_ids)
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
