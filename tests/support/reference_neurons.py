"""The specification of the neuron models: what one step makes of the neurons of a population."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Spikes = NDArray[np.int8]
Floats = NDArray[np.float32]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Synapses:
    """A projection as explicit matrices."""

    source: str
    weight: Floats  # (num_neurons, num_source), 0 where there is no synapse
    connected: Mask  # (num_neurons, num_source), True where there is one, be its weight 0 or not


@dataclass(frozen=True)
class Neurons:
    """A population with everything per neuron."""

    name: str
    synapses: tuple[Synapses, ...]
    bias: Floats  # (num_neurons,)
    grid: Floats  # (num_neurons,)
    threshold: Floats  # (num_neurons,)
    initial_potential: Floats  # (num_neurons,)
    reset: str
    refractory_period: float  # s
    neuron: str
    negative_threshold: Floats  # (num_neurons,)
    leak: Floats  # (num_neurons,)
    delay: int  # steps


@dataclass
class State:
    """Where the neurons of a population stand, (num_samples, num_neurons) each."""

    potential: Floats
    refractory_steps_left: Counts
    sent: Counts  # net
    source_counts: Counts  # (num_samples, num_source), net; of a max pool alone

    @classmethod
    def initial(cls, neurons: Neurons, num_samples: int) -> State:
        """Return the state before the first step."""
        shape = (num_samples, neurons.bias.size)
        num_source = neurons.synapses[0].connected.shape[1]
        return cls(
            potential=np.tile(neurons.initial_potential, (num_samples, 1)),
            refractory_steps_left=np.zeros(shape, dtype=np.int64),
            sent=np.zeros(shape, dtype=np.int64),
            source_counts=np.zeros((num_samples, num_source), dtype=np.int64),
        )


@dataclass(frozen=True)
class Step:
    """What a step did to a population, (num_samples, num_neurons) each."""

    leaked: Floats  # potential behind the leak
    drops: Mask  # whether the current was thrown away
    compared: Floats  # potential that is compared with the threshold
    spikes: Spikes
    potential: Floats  # at the end of the step


def advance(neurons: Neurons, state: State, current: Floats, *, step: int, dt: float) -> Step:
    """Update a population that has membranes.

    Args:
        neurons: The population; no max pool.
        state: Where it stands; changed.
        current: Bias and weights of spikes, (num_samples, num_neurons).
        step: Number of the step, from 0.
        dt: Its length in s.
    """
    before, waiting = state.potential, state.refractory_steps_left
    leaked = neurons.leak * before if neurons.neuron == "leaky" else before
    drops = waiting > 0
    if neurons.neuron == "readout" and step < neurons.delay:
        drops = np.ones_like(drops)
    v = np.where(drops, leaked, leaked + current)
    spikes, after = fire(neurons, v, state.sent)
    period = round(neurons.refractory_period / dt)
    state.refractory_steps_left = np.where(spikes != 0, period, np.maximum(waiting - 1, 0))
    state.potential = after
    state.sent = state.sent + spikes
    return Step(leaked, drops, v, spikes, after)


def fire(neurons: Neurons, v: Floats, sent: Counts) -> tuple[Spikes, Floats]:
    """Return spikes of -1, 0 or 1, and the potential that they leave."""
    above = v >= neurons.threshold
    below = np.zeros_like(above)
    match neurons.neuron:
        case "if" | "leaky":
            pass
        case "signed":
            below = ~above & (v < -neurons.negative_threshold) & (sent > 0)
        case "bipolar":
            below = v <= -neurons.threshold
        case "readout":
            above = below
        case _:
            raise ValueError(neurons.neuron)
    falls = np.zeros_like(v) if neurons.reset == "zero" else v - neurons.threshold
    after = np.where(above, falls, np.where(below, v + neurons.threshold, v))
    return above.astype(np.int8) - below.astype(np.int8), after


def advance_max_pool(neurons: Neurons, state: State, source_spikes: Spikes) -> Spikes:
    """Update a max pool: it sends the change of the largest count of each window.

    Args:
        neurons: The population.
        state: Where it stands; changed.
        source_spikes: Of this step, (num_samples, num_source).
    """
    state.source_counts = state.source_counts + source_spikes
    largest = np.stack(
        [state.source_counts[:, window].max(axis=1) for window in neurons.synapses[0].connected],
        axis=1,
    )
    spikes = np.sign(largest - state.sent).astype(np.int8)
    state.sent = state.sent + spikes
    return spikes
