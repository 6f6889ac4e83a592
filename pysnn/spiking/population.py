"""Populations of a spiking network and the synapses between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Self, assert_never

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.numbers import as_choice
from ..nodes import Node, Shape, synapses_from_core
from ..nodes.node import CoreSynapses
from .neuron import NEURONS, Neuron

Reset = Literal["zero", "subtract"]
RESETS: tuple[Reset, ...] = ("zero", "subtract")


@dataclass(frozen=True, eq=False, repr=False)
class Projection:
    """Synapses from one source onto a population.

    Attributes:
        source: ``"input"`` or the name of an earlier population.
        layer: Kind and geometry, with the rounded weights.
        weight: Rounded weights: those of the layer, or for an `AvgPool2d` the weight of one
            synapse by channel, (channels,), or by neuron, (channels, height, width), where windows
            have different divisors; of a `MaxPool2d` none, (0,).
        bias: Rounded biases for ``max_rate * dt = 1``, or None.
    """

    source: str
    layer: Node
    weight: NDArray[np.float32]
    bias: NDArray[np.float32] | None

    def __repr__(self) -> str:
        """Show source and kind, without the weights."""
        return f"Projection({self.layer.projection_text(self.source)!r})"

    @classmethod
    def from_core(cls, source: str, synapses: CoreSynapses, shape: Shape) -> Self:
        """Return the projection that the core holds, onto a population of a shape."""
        bias = None
        match synapses:
            case _core.Linear() | _core.Conv2d():
                weight, bias = synapses.weight, synapses.bias
            case _core.PoolSynapses():
                weight = synapses.weight
                weight = weight if weight.size == shape[0] else weight.reshape(shape)
            case _core.IdentitySynapses():
                weight = synapses.weight
            case _core.MaxPoolSynapses():
                weight = np.zeros(0, dtype=np.float32)
            case _:
                assert_never(synapses)
        return cls(source=source, layer=synapses_from_core(synapses), weight=weight, bias=bias)


@dataclass(frozen=True, eq=False, repr=False)
class Population:
    """Spiking neurons that share their model and their sources.

    Attributes:
        name: Unique in the network.
        shape: (num_neurons,) or (channels, height, width).
        threshold: Membrane potential at which a neuron fires, (num_neurons,); 1 where there is
            none.
        initial_potential: Membrane potential before the first step, (num_neurons,).
        reset: ``"zero"`` or ``"subtract"``.
        refractory_period: Time in s after a spike during which input is dropped.
        neuron: Model, ``"if"``, ``"signed"``, ``"bipolar"``, ``"leaky"``, ``"readout"`` or
            ``"max_pool"``.
        negative_threshold: How far below 0 the potential of a ``"signed"`` neuron is when it takes
            a spike back, (num_neurons,); 0 for the others.
        leak: What a step leaves of the potential of a ``"leaky"`` neuron, (num_neurons,); 1 for the
            others.
        delay: Steps before a ``"readout"`` begins to add its input; 0 for the others.
        bias: Bias of the population's own, beside those of its projections, (num_neurons,), or
            None; rounded, for ``max_rate * dt = 1``.
        sends_negative: Whether its spikes may be -1.
        grid: Power of two that a neuron's weights and biases are multiples of, (num_neurons,).
        scale_factor: Activation of the ReLU network that a spike in every step stands for: one
            number, or one per channel, (channels,); None where the population does not come from a
            conversion.
        projections: Its sources.
    """

    name: str
    shape: Shape
    threshold: NDArray[np.float32]
    initial_potential: NDArray[np.float32]
    reset: Reset
    refractory_period: float
    neuron: Neuron
    negative_threshold: NDArray[np.float32]
    leak: NDArray[np.float32]
    delay: int
    bias: NDArray[np.float32] | None
    sends_negative: bool
    grid: NDArray[np.float32]
    scale_factor: float | NDArray[np.float64] | None
    projections: tuple[Projection, ...]

    def __repr__(self) -> str:
        """Show what it is, without its arrays."""
        return (
            f"Population({self.name!r}, {self.shape}, neuron={self.neuron!r}, "
            f"projections={self.projections})"
        )

    @property
    def num_neurons(self) -> int:
        """Number of neurons."""
        return math.prod(self.shape)

    @classmethod
    def from_core(
        cls,
        population: _core.Population,
        *,
        scale_factor: float | NDArray[np.float64] | None,
        sends_negative: bool,
    ) -> Self:
        """Return the population that the core holds, with what the network knows of it."""
        num_neurons = math.prod(population.shape)

        def per_neuron(values: NDArray[np.float32]) -> NDArray[np.float32]:
            return np.repeat(values, num_neurons // values.size)

        return cls(
            name=population.name,
            shape=population.shape,
            threshold=per_neuron(population.threshold),
            initial_potential=per_neuron(population.initial_potential),
            reset=as_choice(population.reset, "reset", RESETS),
            refractory_period=population.refractory_period,
            neuron=as_choice(population.neuron, "neuron", NEURONS),
            negative_threshold=per_neuron(population.negative_threshold),
            leak=per_neuron(population.leak),
            delay=population.delay,
            bias=per_neuron(population.bias) if population.bias.size else None,
            sends_negative=sends_negative,
            grid=per_neuron(population.grid),
            scale_factor=scale_factor,
            projections=tuple(
                Projection.from_core(source, synapses, population.shape)
                for source, synapses in population.projections
            ),
        )
