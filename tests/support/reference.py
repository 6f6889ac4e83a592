"""The specification of the simulator: slow, obvious NumPy, step by step over all populations.

Nothing here is shared with the package. A projection is an explicit matrix, a step's current is one
float32 matmul, and the random numbers come from a Philox of its own. On weights that were rounded
to the grid every sum is exact in float32, so that a matmul, whatever order BLAS adds in, must agree
with the core in every bit; on other weights it would not (``test_rounding.py`` shows it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import reference_rounding
from numpy.typing import ArrayLike, NDArray

Spikes = NDArray[np.bool_]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Synapses:
    """A projection as explicit matrices."""

    source: str
    weight: Floats  # (num_neurons, num_source), 0 where there is no synapse
    connected: Spikes  # (num_neurons, num_source), True where there is one, be its weight 0 or not


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


@dataclass(frozen=True)
class Charges:
    """What became of a population's charge: in float64, (num_samples, num_neurons) each."""

    received: NDArray[np.float64]  # currents of all steps
    dropped: NDArray[np.float64]  # those of refractory steps
    excess: NDArray[np.float64]  # potential above the threshold at spikes
    rounding: NDArray[np.float64]  # what float32 took off
    multi_spikes: NDArray[np.int64]  # spikes at twice the threshold or more


@dataclass(frozen=True)
class Trace:
    """Everything that a simulation did."""

    input_spikes: NDArray[np.int64]  # (num_samples,)
    spike_trains: Mapping[str, Spikes]  # (num_steps, num_samples, num_neurons) each
    potentials: Mapping[str, Floats]  # the same shape, at the end of each step
    synaptic_operations: NDArray[np.int64]  # (num_samples, num_populations)
    charges: Mapping[str, Charges]

    @property
    def spikes(self) -> NDArray[np.int64]:
        """Spikes per sample and population, (num_samples, num_populations)."""
        return np.stack([train.sum(axis=(0, 2)) for train in self.spike_trains.values()], axis=1)

    @property
    def output_spikes(self) -> Spikes:
        """Spike train of the last population, (num_steps, num_samples, num_classes)."""
        return list(self.spike_trains.values())[-1]

    @property
    def predictions_over_time(self) -> NDArray[np.int64]:
        """Class with most spikes so far, (num_steps, num_samples); ties go to the lowest."""
        classes: NDArray[np.int64] = np.argmax(np.cumsum(self.output_spikes, axis=0), axis=2)
        return classes


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
        spikes: Input, 0/1, (num_steps, num_samples, num_inputs).
        dt: Step in s.
        bias_factor: What stored biases are multiplied by: max_rate * dt, or bias_scale.
        currents: What `constant_currents` says, to be added in every step; spikes are then 0.
    """
    input_train = np.asarray(spikes, dtype=np.bool_)
    num_steps, num_samples = input_train.shape[:2]
    input_train = input_train.reshape(num_steps, num_samples, -1)
    membrane = {p.name: np.tile(p.initial_potential, (num_samples, 1)) for p in network}
    countdown = {p.name: np.zeros(membrane[p.name].shape, dtype=np.int64) for p in network}
    bias = {p.name: scaled_bias(p.bias, p.grid, bias_factor) for p in network}
    trains: dict[str, list[Spikes]] = {p.name: [] for p in network}
    potentials: dict[str, list[Floats]] = {p.name: [] for p in network}
    charges = {p.name: empty_charges(membrane[p.name].shape) for p in network}

    for step in range(num_steps):
        fired: dict[str, Floats] = {"input": input_train[step].astype(np.float32)}
        for p in network:
            current = np.tile(bias[p.name], (num_samples, 1))
            for s in p.synapses:
                current += fired[s.source] @ s.weight.T
            if currents is not None:
                current += currents[p.name]
            before, waiting = membrane[p.name], countdown[p.name]
            rests = waiting > 0
            v = np.where(rests, before, before + current)
            waiting = np.maximum(waiting - 1, 0)
            fires = v >= p.threshold
            after = np.zeros_like(v) if p.reset == "zero" else v - p.threshold
            membrane[p.name] = np.where(fires, after, v)
            count_charge(charges[p.name], p, before, current, rests, v, membrane[p.name])
            countdown[p.name] = np.where(fires, round(p.refractory_period / dt), waiting)
            fired[p.name] = fires.astype(np.float32)
            trains[p.name].append(fires)
            potentials[p.name].append(membrane[p.name])

    spike_trains = {name: np.stack(train) for name, train in trains.items()}
    return Trace(
        input_spikes=input_train.sum(axis=(0, 2)),
        spike_trains=spike_trains,
        potentials={name: np.stack(values) for name, values in potentials.items()},
        synaptic_operations=count_operations(network, {"input": input_train, **spike_trains}),
        charges=charges,
    )


def empty_charges(shape: tuple[int, ...]) -> Charges:
    """Return zeros."""
    zeros = [np.zeros(shape) for _ in range(4)]
    return Charges(*zeros, multi_spikes=np.zeros(shape, dtype=np.int64))


def count_charge(
    charges: Charges,
    neurons: Neurons,
    before: Floats,
    current: Floats,
    rests: Spikes,
    v: Floats,
    after: Floats,
) -> None:
    """Book one step: ``v`` is the potential that is compared, ``after`` what the step ends with."""
    wide_v, threshold = v.astype(np.float64), neurons.threshold.astype(np.float64)
    fires = v >= neurons.threshold
    charges.received[:] += current
    charges.dropped[:] += np.where(rests, current, np.float32(0.0))
    charges.excess[:] += np.where(fires, wide_v - threshold, 0.0)
    charges.multi_spikes[:] += fires & (wide_v >= 2 * threshold)
    charges.rounding[:] += np.where(rests, 0.0, before.astype(np.float64) + current - wide_v)
    if neurons.reset == "subtract":
        charges.rounding[:] += np.where(fires, wide_v - threshold - after, 0.0)


def constant_currents(
    network: Sequence[Neurons], x: ArrayLike, *, probability_of_one: float = 1.0
) -> dict[str, Floats]:
    """Return what inputs without spikes add in every step, (num_samples, num_neurons) each.

    In integers: intensities are multiples of 2^-24, weights of their grid, and the sum of the
    products is rounded to the grid once, half to even.
    """
    intensity = np.asarray(x, dtype=np.float32).astype(np.float64)
    units = np.rint(intensity.reshape(len(intensity), -1) * probability_of_one * 2.0**24)
    currents = {}
    for p in network:
        total = np.zeros((len(units), p.bias.size), dtype=np.int64)
        grid = p.grid.astype(np.float64)
        for s in p.synapses:
            if s.source == "input":
                weight = np.rint(s.weight / grid[:, np.newaxis]).astype(np.int64)
                total += units.astype(np.int64) @ weight.T
        # Below 2^49: float64 holds it, and the division by a power of two.
        currents[p.name] = (np.rint(total / 2.0**24) * grid).astype(np.float32)
    return currents


def stopped_steps(output_spikes: Spikes, *, margin: int, interval: int) -> NDArray[np.int64]:
    """Return the first step that early stop leaves out, (num_samples,); num_steps for none.

    Args:
        output_spikes: Of all steps, (num_steps, num_samples, num_classes).
        margin: Lead in spikes over the runner-up at which a sample ends.
        interval: Steps from one look at it to the next.
    """
    num_steps, num_samples, num_classes = output_spikes.shape
    stopped = np.full(num_samples, num_steps, dtype=np.int64)
    for sample in range(num_samples):
        counts = np.zeros(num_classes, dtype=np.int64)
        for step in range(num_steps):
            counts += output_spikes[step, sample]
            # The 0 is the runner-up of a single class, and changes nothing for several.
            leader, runner_up = sorted([*counts.tolist(), 0], reverse=True)[:2]
            if (step + 1) % interval == 0 and leader - runner_up >= margin:
                stopped[sample] = step + 1
                break
    return stopped


def stop_early(
    network: Sequence[Neurons], spikes: ArrayLike, trace: Trace, *, margin: int, interval: int
) -> tuple[Trace, NDArray[np.int64]]:
    """Leave out of a simulation of all steps what early stop does not simulate.

    Args:
        network: The network.
        spikes: Its input, (num_steps, num_samples, num_inputs).
        trace: What `simulate` gave for them.
        margin: As for `stopped_steps`.
        interval: As for `stopped_steps`.

    Returns:
        The trace without what comes after each sample's end, and `stopped_steps`.
    """
    stopped = stopped_steps(trace.output_spikes, margin=margin, interval=interval)
    num_steps, num_samples, _ = trace.output_spikes.shape
    runs = (np.arange(num_steps)[:, np.newaxis] < stopped)[:, :, np.newaxis]
    input_train = np.asarray(spikes, dtype=np.bool_).reshape(num_steps, num_samples, -1) & runs
    trains = {name: train & runs for name, train in trace.spike_trains.items()}
    zero = np.float32(0.0)
    stopped_trace = Trace(
        input_spikes=input_train.sum(axis=(0, 2)),
        spike_trains=trains,
        potentials={name: np.where(runs, v, zero) for name, v in trace.potentials.items()},
        synaptic_operations=count_operations(network, {"input": input_train, **trains}),
        charges={},
    )
    return stopped_trace, stopped


def count_operations(network: Sequence[Neurons], trains: Mapping[str, Spikes]) -> NDArray[np.int64]:
    """Count the synapses that all spikes reach, (num_samples, num_populations of the target)."""
    num_samples = trains["input"].shape[1]
    operations = np.zeros((num_samples, len(network)), dtype=np.int64)
    for i, p in enumerate(network):
        for s in p.synapses:
            fan_out: NDArray[np.int64] = s.connected.sum(axis=0)
            operations[:, i] += trains[s.source].sum(axis=0, dtype=np.int64) @ fan_out
    return operations


def scaled_bias(bias: Floats, grid: Floats, factor: float) -> Floats:
    """Scale biases and round them to their grid again, half to even."""
    g = grid.astype(np.float64)
    result: Floats = (np.rint(bias.astype(np.float64) / g * factor) * g).astype(np.float32)
    return result


def from_network(snn: Any) -> list[Neurons]:
    """Read the rounded weights of a ``pysnn.SpikingNetwork``."""
    shapes = {"input": snn.input_shape} | {p.name: p.shape for p in snn.populations}
    return [
        Neurons(
            name=p.name,
            synapses=tuple(
                to_synapses(projection.source, projection.layer, projection.weight, shapes, p.shape)
                for projection in p.projections
            ),
            bias=total_bias([projection.bias for projection in p.projections], p.shape),
            grid=p.grid,
            threshold=p.threshold,
            initial_potential=p.initial_potential,
            reset=p.reset,
            refractory_period=p.refractory_period,
        )
        for p in snn.populations
    ]


def from_description(description: Any, *, rounded: bool = True) -> list[Neurons]:
    """Make neurons of a ``random_networks.Description``, rounding its weights to our own grid.

    Args:
        description: Original weights.
        rounded: False leaves the weights as they are (pools get the float32 next to 1 / window).
    """
    shapes = {"input": description.input_shape} | {p.name: p.shape for p in description.populations}
    network = []
    for p in description.populations:
        layers = [layer for _, layer in p.projections]
        grid, weights, biases = reference_rounding.round_population(
            layers, p.shape, description.precision, rounded=rounded
        )
        size = int(np.prod(p.shape))
        network.append(
            Neurons(
                name=p.name,
                synapses=tuple(
                    to_synapses(source, layer, weight, shapes, p.shape)
                    for (source, layer), weight in zip(p.projections, weights, strict=True)
                ),
                bias=total_bias(biases, p.shape),
                grid=grid,
                threshold=per_neuron(p.threshold, size),
                initial_potential=per_neuron(p.initial_potential, size),
                reset=p.reset,
                refractory_period=p.refractory_period,
            )
        )
    return network


def per_neuron(value: ArrayLike, num_neurons: int) -> Floats:
    """Spread a scalar over all neurons, or flatten an array that has one value for each."""
    flat = np.asarray(value, dtype=np.float32).reshape(-1)
    return np.ascontiguousarray(np.broadcast_to(flat, (num_neurons,)))


def total_bias(biases: Sequence[NDArray[Any] | None], shape: Sequence[int]) -> Floats:
    """Add the biases of all projections; one of a convolution holds for its whole channel."""
    total = np.zeros(shape, dtype=np.float32)
    for bias in biases:
        if bias is not None and bias.size == total.size:
            total += bias.reshape(shape)
        elif bias is not None:
            total += bias.reshape(-1, 1, 1)
    return total.reshape(-1)


def to_synapses(
    source: str, layer: Any, weight: Floats, shapes: Mapping[str, Any], shape: Sequence[int]
) -> Synapses:
    """Write a layer as a matrix, synapse by synapse."""
    kind = type(layer).__name__
    if kind == "Linear":
        return Synapses(source, weight, np.ones(weight.shape, dtype=np.bool_))
    channels_in, height, width = shapes[source]
    matrix = np.zeros((*shape, channels_in, height, width), dtype=np.float32)
    connected = np.zeros(matrix.shape, dtype=np.bool_)
    stride = layer.stride
    padding, dilation, size = (0, 0), (1, 1), layer.kernel_size
    if kind == "Conv2d":
        padding, dilation, size = layer.padding, layer.dilation, weight.shape[2:]
    for y, x, ky, kx in np.ndindex(*shape[1:], *size):
        row = y * stride[0] + ky * dilation[0] - padding[0]
        column = x * stride[1] + kx * dilation[1] - padding[1]
        if not (0 <= row < height and 0 <= column < width):
            continue
        if kind == "Conv2d":
            outputs, inputs = shape[0] // layer.groups, channels_in // layer.groups
            for g in range(layer.groups):
                out = slice(g * outputs, (g + 1) * outputs)
                into = slice(g * inputs, (g + 1) * inputs)
                matrix[out, y, x, into, row, column] = weight[out, :, ky, kx]
                connected[out, y, x, into, row, column] = True
        else:
            for c in range(channels_in):
                matrix[c, y, x, c, row, column] = weight[c]
                connected[c, y, x, c, row, column] = True
    flat = (int(np.prod(shape)), channels_in * height * width)
    return Synapses(source, matrix.reshape(flat), connected.reshape(flat))
