"""The specification of the simulator: slow, obvious NumPy, step by step over all populations.

Nothing here is shared with the package. A projection is an explicit matrix, a step's current is one
float32 matmul, and the random numbers come from a Philox of its own. On weights that were rounded
to the grid every sum is exact in float32, so that a matmul, whatever order BLAS adds in, must agree
with the core in every bit; on other weights it would not (``test_rounding.py`` shows it).
``reference_neurons.py`` has the neuron models, ``reference_network.py`` the matrices,
``reference_rounding.py`` the grid and ``reference_poisson.py`` the inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from reference_network import from_description, from_network, scaled_bias
from reference_neurons import (
    Counts,
    Floats,
    Mask,
    Neurons,
    Spikes,
    State,
    Step,
    Synapses,
    advance,
    advance_max_pool,
)
from reference_poisson import InputRange, unit_input

__all__ = [
    "Charges",
    "InputRange",
    "Neurons",
    "Synapses",
    "Trace",
    "constant_currents",
    "from_description",
    "from_network",
    "simulate",
    "stop_early",
    "stopped_steps",
    "stopped_steps_of_potentials",
]


@dataclass(frozen=True)
class Charges:
    """What became of a population's charge: in float64, (num_samples, num_neurons) each."""

    received: NDArray[np.float64]  # currents of all steps
    dropped: NDArray[np.float64]  # those of refractory steps, and what leaks took
    excess: NDArray[np.float64]  # potential above the threshold at positive spikes
    rounding: NDArray[np.float64]  # what float32 took off
    multi_spikes: NDArray[np.int64]  # positive spikes at twice the threshold or more


@dataclass(frozen=True)
class Trace:
    """Everything that a simulation did."""

    num_input_spikes: Counts  # (num_samples,)
    spike_trains: Mapping[str, Spikes]  # (num_steps, num_samples, num_neurons) each: -1, 0, 1
    potentials: Mapping[str, Floats]  # the same shape, at the end of each step; of no max pool
    synaptic_operations: Counts  # (num_samples, num_populations)
    charges: Mapping[str, Charges]  # of no max pool and no readout
    predictions_over_time: Counts  # (num_steps, num_samples)
    readout_delay: int | None  # of a readout at the end

    @property
    def num_spikes(self) -> Counts:
        """Spikes of either sign per sample and population, (num_samples, num_populations)."""
        trains = self.spike_trains.values()
        return np.stack([np.count_nonzero(train, axis=(0, 2)) for train in trains], axis=1)

    @property
    def output_spikes(self) -> Spikes:
        """Spike train of the last population, (num_steps, num_samples, num_classes)."""
        return list(self.spike_trains.values())[-1]

    @property
    def output_potentials(self) -> Floats:
        """Potentials of the last population, (num_steps, num_samples, num_classes)."""
        return self.potentials[list(self.spike_trains)[-1]]

    def outputs(self, scale: float, stopped: Counts | None = None) -> NDArray[np.float64]:
        """Return a readout's mean of what it received, (num_samples, num_classes).

        Args:
            scale: What a potential is multiplied by.
            stopped: As `stopped_steps` says; None where every sample ran to its end.
        """
        potentials, delay = self.output_potentials, self.readout_delay
        assert delay is not None
        num_steps, num_samples, _ = potentials.shape
        ends = np.full(num_samples, num_steps) if stopped is None else stopped
        added = np.maximum(ends - delay, 1)[:, np.newaxis]
        final = potentials[ends - 1, np.arange(num_samples)].astype(np.float64)
        result: NDArray[np.float64] = np.where((ends > delay)[:, np.newaxis], final, 0.0)
        return result * scale / added


def simulate(
    network: Sequence[Neurons],
    spikes: ArrayLike,
    *,
    dt: float = 1e-3,
    bias_factor: float = 1.0,
    currents: Mapping[str, Floats] | None = None,
) -> Trace:
    """Simulate a network under given spike trains, or under constant currents.

    Args:
        network: Populations in topological order, the output last.
        spikes: Input, -1, 0 or 1, (num_steps, num_samples, num_inputs).
        dt: Step in s.
        bias_factor: What stored biases are multiplied by: max_rate * dt, or bias_scale.
        currents: What `constant_currents` says, to be added in every step; spikes are then 0.
    """
    input_train = np.asarray(spikes).astype(np.int8)
    num_steps, num_samples = input_train.shape[:2]
    input_train = input_train.reshape(num_steps, num_samples, -1)
    states = {p.name: State.initial(p, num_samples) for p in network}
    bias = {p.name: scaled_bias(p.bias, p.grid, bias_factor) for p in network}
    trains: dict[str, list[Spikes]] = {p.name: [] for p in network}
    potentials: dict[str, list[Floats]] = {p.name: [] for p in network if p.neuron != "max_pool"}
    charges = {
        p.name: empty_charges((num_samples, p.bias.size))
        for p in network
        if p.neuron not in ("max_pool", "readout")
    }

    for step in range(num_steps):
        fired: dict[str, Spikes] = {"input": input_train[step]}
        for p in network:
            if p.neuron == "max_pool":
                source = p.synapses[0].source
                fired[p.name] = advance_max_pool(p, states[p.name], fired[source])
                trains[p.name].append(fired[p.name])
                continue
            current = np.tile(bias[p.name], (num_samples, 1))
            for s in p.synapses:
                current += fired[s.source].astype(np.float32) @ s.weight.T
            if currents is not None:
                current += currents[p.name]
            before = states[p.name].potential
            done = advance(p, states[p.name], current, step=step, dt=dt)
            if p.name in charges:
                count_charge(charges[p.name], p, before, current, done)
            fired[p.name] = done.spikes
            trains[p.name].append(done.spikes)
            potentials[p.name].append(done.potential)

    spike_trains = {name: np.stack(train) for name, train in trains.items()}
    final_potentials = {name: np.stack(values) for name, values in potentials.items()}
    last = network[-1]
    return Trace(
        num_input_spikes=np.count_nonzero(input_train, axis=(0, 2)),
        spike_trains=spike_trains,
        potentials=final_potentials,
        synaptic_operations=count_operations(network, {"input": input_train, **spike_trains}),
        charges=charges,
        predictions_over_time=(
            predict_by_potential(final_potentials[last.name], last.delay)
            if last.neuron == "readout"
            else predict_by_counts(spike_trains[last.name])
        ),
        readout_delay=last.delay if last.neuron == "readout" else None,
    )


def predict_by_counts(train: Spikes) -> Counts:
    """Return the class with most spikes so far, (num_steps, num_samples); ties to the lowest."""
    classes: Counts = np.argmax(np.cumsum(train, axis=0, dtype=np.int64), axis=2)
    return classes


def predict_by_potential(potentials: Floats, delay: int) -> Counts:
    """Return the class of the largest potential, 0 in the steps of the delay."""
    classes: Counts = np.argmax(potentials, axis=2)
    classes[:delay] = 0
    return classes


def empty_charges(shape: tuple[int, ...]) -> Charges:
    """Return zeros."""
    zeros = [np.zeros(shape) for _ in range(4)]
    return Charges(*zeros, multi_spikes=np.zeros(shape, dtype=np.int64))


def count_charge(
    charges: Charges, neurons: Neurons, before: Floats, current: Floats, done: Step
) -> None:
    """Book one step, before which the potential was ``before``."""
    v, threshold = done.compared.astype(np.float64), neurons.threshold.astype(np.float64)
    fires, leaked = done.spikes > 0, done.leaked.astype(np.float64)
    charges.received[:] += current
    charges.dropped[:] += np.where(done.drops, current, np.float32(0.0))
    charges.dropped[:] += before.astype(np.float64) - leaked
    charges.excess[:] += np.where(fires, v - threshold, 0.0)
    charges.multi_spikes[:] += fires & (v >= 2 * threshold)
    charges.rounding[:] += np.where(done.drops, 0.0, leaked + current - v)
    if neurons.reset == "subtract":
        moved = v - done.spikes * threshold - done.potential
        charges.rounding[:] += np.where(done.spikes != 0, moved, 0.0)


def constant_currents(
    network: Sequence[Neurons],
    x: ArrayLike,
    *,
    probability_of_one: float = 1.0,
    input_range: InputRange | None = None,
) -> dict[str, Floats]:
    """Return what inputs without spikes add in every step, (num_samples, num_neurons) each.

    In integers: inputs are multiples of 2^-24 of their range, weights of their grid, and the sum of
    the products is rounded to the grid once, half to even.
    """
    unit = unit_input(x, input_range or InputRange())
    units = np.rint(unit * probability_of_one * 2.0**24).astype(np.int64)
    currents = {}
    for p in network:
        total = np.zeros((len(units), p.bias.size), dtype=np.int64)
        grid = p.grid.astype(np.float64)
        for s in p.synapses:
            if s.source == "input":
                weight = np.rint(s.weight / grid[:, np.newaxis]).astype(np.int64)
                total += units @ weight.T
        # Below 2^49: float64 holds it, and the division by a power of two.
        currents[p.name] = (np.rint(total / 2.0**24) * grid).astype(np.float32)
    return currents


def stopped_steps(output_spikes: ArrayLike, *, margin: float, interval: int) -> Counts:
    """Return the first step that early stop leaves out, (num_samples,); num_steps for none.

    Args:
        output_spikes: Of all steps, (num_steps, num_samples, num_classes).
        margin: Lead in spikes over the runner-up at which a sample ends.
        interval: Steps from one look at it to the next.
    """
    counts = np.cumsum(np.asarray(output_spikes), axis=0, dtype=np.int64)
    return _first_leads(counts.astype(np.float64), margin, interval, first=0)


def stopped_steps_of_potentials(
    potentials: Floats, *, scale: float, delay: int, margin: float, interval: int
) -> Counts:
    """Return the same for a readout.

    Args:
        potentials: Of all steps, (num_steps, num_samples, num_classes).
        scale: What a difference of potentials is multiplied by.
        delay: Steps in which nothing is looked at.
        margin: Lead of the leader over the runner-up at which a sample ends.
        interval: Steps from one look at it to the next.
    """
    return _first_leads(potentials.astype(np.float64), margin, interval, first=delay, scale=scale)


def _first_leads(
    values: NDArray[np.float64], margin: float, interval: int, *, first: int, scale: float = 1.0
) -> Counts:
    num_steps, num_samples, num_classes = values.shape
    stopped = np.full(num_samples, num_steps, dtype=np.int64)
    for sample in range(num_samples):
        for step in range(first, num_steps):
            # A single class has no runner-up; 0 stands for it.
            ranked = sorted(values[step, sample].tolist(), reverse=True)
            runner_up = ranked[1] if num_classes > 1 else 0.0
            if (step + 1) % interval == 0 and (ranked[0] - runner_up) * scale >= margin:
                stopped[sample] = step + 1
                break
    return stopped


def stop_early(
    network: Sequence[Neurons],
    spikes: ArrayLike,
    trace: Trace,
    *,
    margin: float,
    interval: int,
    scale: float = 1.0,
) -> tuple[Trace, Counts]:
    """Leave out of a simulation of all steps what early stop does not simulate.

    Args:
        network: The network.
        spikes: Its input, (num_steps, num_samples, num_inputs).
        trace: What `simulate` gave for them.
        margin: As for `stopped_steps`.
        interval: As for `stopped_steps`.
        scale: As for `stopped_steps_of_potentials`.

    Returns:
        The trace without what comes after each sample's end, and `stopped_steps`.
    """
    if trace.readout_delay is None:
        stopped = stopped_steps(trace.output_spikes, margin=margin, interval=interval)
    else:
        stopped = stopped_steps_of_potentials(
            trace.output_potentials,
            scale=scale,
            delay=trace.readout_delay,
            margin=margin,
            interval=interval,
        )
    num_steps, num_samples, _ = trace.output_spikes.shape
    runs: Mask = (np.arange(num_steps)[:, np.newaxis] < stopped)[:, :, np.newaxis]
    input_train = np.asarray(spikes).astype(np.int8).reshape(num_steps, num_samples, -1) * runs
    trains = {name: train * runs for name, train in trace.spike_trains.items()}
    zero = np.float32(0.0)
    last_step = np.minimum(np.arange(num_steps)[:, np.newaxis], stopped - 1)
    stopped_trace = replace(
        trace,
        num_input_spikes=np.count_nonzero(input_train, axis=(0, 2)),
        spike_trains=trains,
        potentials={name: np.where(runs, v, zero) for name, v in trace.potentials.items()},
        synaptic_operations=count_operations(network, {"input": input_train, **trains}),
        charges={},
        predictions_over_time=trace.predictions_over_time[last_step, np.arange(num_samples)],
    )
    return stopped_trace, stopped


def count_operations(network: Sequence[Neurons], trains: Mapping[str, Spikes]) -> Counts:
    """Count the synapses that all spikes reach, (num_samples, num_populations of the target)."""
    num_samples = trains["input"].shape[1]
    operations = np.zeros((num_samples, len(network)), dtype=np.int64)
    for i, p in enumerate(network):
        for s in p.synapses:
            fan_out: Counts = s.connected.sum(axis=0)
            operations[:, i] += np.count_nonzero(trains[s.source], axis=0) @ fan_out
    return operations
