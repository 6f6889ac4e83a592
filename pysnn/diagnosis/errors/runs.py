"""The simulations that errors are taken from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...spiking import Population, Record, SimulationResult, SpikingNetwork, Stimulus, simulate
from .twins import with_twins

Doubles = NDArray[np.float64]
ByPopulation = dict[str, Doubles]

_MOST_BYTES = 1 << 28  # of spike trains that are kept at a time


@dataclass(frozen=True, eq=False)
class Sent:
    """What the populations sent, by name, (num_samples, num_neurons) each.

    Attributes:
        spikes: Net spikes under the encoding asked for; of a readout its potential.
        constant: The same under constant input.
        first: First step with a spike under constant input, inf without one.
        lossless: Spikes of the twins under constant input, where populations lose charge.
    """

    spikes: ByPopulation
    constant: ByPopulation
    first: ByPopulation
    lossless: ByPopulation


class Runs:
    """Simulates samples under constant input, and under another encoding if asked.

    Args:
        snn: The network.
        stimulus: How samples drive it.
        num_steps: Number of steps.
        num_threads: Threads; None for the default.
    """

    def __init__(
        self, snn: SpikingNetwork, stimulus: Stimulus, num_steps: int, num_threads: int | None
    ) -> None:
        self._snn = snn
        # Samples come as they are after its scale.
        self._stimulus = stimulus.changed(scale=None)
        self._constant = self._stimulus.changed(encoding="constant")
        self._num_steps = num_steps
        self._num_threads = num_threads
        self._twin_network, self._twins = with_twins(snn)
        read = {each.source for population in snn.populations for each in population.projections}
        self._sources = [each.name for each in snn.populations if each.name in read]

    def samples_at_a_time(self) -> int:
        """Return how many samples' spike trains may be kept at a time."""
        sources = set(self._sources)
        neurons = sum(each.num_neurons for each in self._snn.populations if each.name in sources)
        return max(1, _MOST_BYTES // max(1, neurons * self._num_steps))

    def run(self, x: NDArray[np.float32], sample_ids: NDArray[np.uint64]) -> Sent:
        """Simulate samples.

        Args:
            x: (num_samples, *input_shape).
            sample_ids: Their numbers for the generator of random input.
        """
        record: Record = {
            "spikes": self._sources,
            "counts": [each.name for each in self._snn.populations],
        }
        result = self._simulate(self._snn, x, self._constant, record)
        constant = {each.name: _sent(result, each) for each in self._snn.populations}
        first = {name: _first_steps(result.spikes(name)) for name in self._sources}
        spikes = constant
        if self._stimulus.encoding != "constant":
            stimulus = self._stimulus
            if stimulus.is_random:
                stimulus = stimulus.changed(sample_ids=sample_ids)
            result = self._simulate(self._snn, x, stimulus, "counts")
            spikes = {each.name: _sent(result, each) for each in self._snn.populations}
        return Sent(spikes, constant, first, self._lossless(x))

    def _lossless(self, x: NDArray[np.float32]) -> ByPopulation:
        if self._twin_network is None:
            return {}
        record: Record = {"counts": list(self._twins.values())}
        result = self._simulate(self._twin_network, x, self._constant, record)
        return {name: result.counts(twin).astype(float) for name, twin in self._twins.items()}

    def _simulate(
        self, snn: SpikingNetwork, x: NDArray[np.float32], stimulus: Stimulus, record: Record
    ) -> SimulationResult:
        return simulate(
            snn,
            x,
            num_steps=self._num_steps,
            record=record,
            num_threads=self._num_threads,
            progress=False,
            **stimulus.options(),
        )


def _sent(result: SimulationResult, population: Population) -> Doubles:
    if population.neuron == "readout":
        last: Doubles = result.output_potentials[-1].astype(np.float64)
        return last
    return result.counts(population.name).astype(np.float64)


def _first_steps(trains: NDArray[np.bool_] | NDArray[np.int8]) -> Doubles:
    fired = trains.view(np.bool_)  # which is true for -1 as well
    first = fired.argmax(axis=0)
    silent = ~np.take_along_axis(fired, first[None], axis=0)[0]
    steps: Doubles = np.where(silent, np.inf, first)
    return steps
