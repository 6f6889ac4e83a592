"""The parts of a conversion's error, and how they follow from each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ...nodes import AvgPool2d
from ...spiking import INPUT, SpikingNetwork
from ..matching.mapping import Stage
from .runs import Sent
from .synapses import Synapses
from .transfer import Transfer

Doubles = NDArray[np.float64]
Part = Literal[
    "clipping",
    "threshold",
    "quantization",
    "inherited",
    "delay",
    "unevenness",
    "reset",
    "noise",
]
PARTS: tuple[Part, ...] = get_args(Part)


class Decomposition:
    """The errors of a population's neurons, part by part.

    Each part is the difference of two neighbours in a row of values that begins with the
    activation of the ReLU network and ends with what the neurons sent, so that they add up to the
    error.

    Args:
        snn: The network.
        stage: The population, and the node that it stands for.
        scales: Scales of all populations by name, (num_neurons,) each.
        num_steps: Number of steps.
        input_spikes: Spikes in a step that the largest input stands for.
    """

    def __init__(
        self,
        snn: SpikingNetwork,
        stage: Stage,
        scales: Mapping[str, Doubles],
        num_steps: int,
        input_spikes: float,
    ) -> None:
        self._stage = stage
        self._population = stage.population
        self._scales = scales
        self._synapses = Synapses(snn, stage.population, input_spikes)
        self._transfer = Transfer(stage.population, num_steps)
        self._num_steps = num_steps
        self._due = num_steps * input_spikes  # spikes of an ideal rate of 1
        self._unit = scales[stage.population.name] / self._due  # activation that a spike stands for
        self._last_unit = self._unit
        if self._is_readout:
            added = max(1, num_steps - stage.population.delay)
            self._last_unit = self._unit * (num_steps / added)

    def of(
        self, x: NDArray[np.float32], activations: Mapping[str, Doubles], sent: Sent
    ) -> tuple[Doubles, dict[str, Doubles]]:
        """Return the activations of some samples, and the parts of their errors.

        Args:
            x: The samples, (num_samples, *input_shape).
            activations: Activations of the ReLU network by population.
            sent: What the populations sent.

        Returns:
            (num_samples, num_neurons) each, in the unit of the activation.
        """
        name = self._population.name
        steady = self._synapses.steady(x)
        ideal = {
            source: activations[source] / self._scales[source] * self._due for source in sent.first
        }
        passed = steady * self._num_steps
        charge = passed + self._synapses.received(ideal)
        given = passed + self._synapses.received(sent.constant)
        a = self._activation(activations[name], charge)
        within = self._clipped(self._unclipped(a, charge))
        scaled = self._clipped(a * self._gain) if self._has_gain else within
        quantized = self._transfer.even(charge) * self._unit
        inherited = self._transfer.even(given) * self._unit
        late = self._late(steady, given, sent)
        lossless = self._sent(sent.lossless.get(name, sent.constant[name]))
        constant = self._sent(sent.constant[name])
        row = (a, within, scaled, quantized, inherited, late, lossless, constant)
        values = (*row, self._sent(sent.spikes[name]))
        parts: dict[str, Doubles] = {
            part: after - before
            for part, before, after in zip(PARTS, values[:-1], values[1:], strict=True)
        }
        return a, parts

    @property
    def _is_readout(self) -> bool:
        return self._population.neuron == "readout"

    @property
    def _has_gain(self) -> bool:
        return self._transfer.counts and bool((self._gain != 1).any())

    @property
    def _gain(self) -> Doubles:
        """What a spike should stand for by its threshold, over what it stands for."""
        unit = np.ones(1)
        if self._stage.folded is not None and self._pools_input:
            # Its weights are not divided by its scale, which its threshold is in place of 1.
            unit = self._scales[self._population.name].astype(np.float32).astype(np.float64)
        gain: Doubles = unit / self._population.threshold.astype(np.float64)
        return gain

    @property
    def _pools_input(self) -> bool:
        return any(
            each.source == INPUT and isinstance(each.layer, AvgPool2d)
            for each in self._population.projections
        )

    def _activation(self, a: Doubles, charge: Doubles) -> Doubles:
        """Return the activations, those of a readout as they are in front of a ReLU."""
        if not self._is_readout:
            return a
        return np.where(a == 0, np.minimum(charge * self._unit, 0.0), a)

    def _unclipped(self, a: Doubles, charge: Doubles) -> Doubles:
        """Return the activations without the ceiling that the ReLU itself has."""
        ceiling = None if self._stage.folded is None else self._stage.folded.max
        if ceiling is None:
            return a
        return np.where(a >= np.float32(ceiling), np.maximum(a, charge * self._unit), a)

    def _clipped(self, a: Doubles) -> Doubles:
        """Return values cut off at a spike in every step."""
        if not self._transfer.counts:
            return a
        most = self._num_steps * self._unit
        return np.clip(a, -most, most)

    def _late(self, steady: Doubles, given: Doubles, sent: Sent) -> Doubles:
        if self._is_readout and self._population.delay > 0:
            return self._sent(sent.constant[self._population.name])
        arrival = self._synapses.arrivals(sent.first)
        return self._transfer.late(steady, given, arrival) * self._unit

    def _sent(self, spikes: Doubles) -> Doubles:
        return spikes * self._last_unit
