"""Populations of a spiking network and the synapses between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Self, assert_never

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.numbers import as_choice
from ..nodes import Node, Shape, node_from_core
from ..nodes.node import CoreSynapses

Reset = Literal["zero", "subtract"]
RESETS: tuple[Reset, ...] = ("zero", "subtract")


@dataclass(frozen=True, eq=False)
class Projection:
    """Synapses from one source onto a population.

    Attributes:
        source: ``"input"`` or the name of an earlier population.
        layer: Kind and geometry, with the rounded weights.
        weight: Rounded weights: those of the layer, or for an `AvgPool2d` the weight of one
            synapse by channel, (channels,).
        bias: Rounded biases for ``max_rate * dt = 1``, or None.
    """

    source: str
    layer: Node
    weight: NDArray[np.float32]
    bias: NDArray[np.float32] | None

    @classmethod
    def from_core(cls, source: str, synapses: CoreSynapses) -> Self:
        """Return the projection that the core holds."""
        match synapses:
            case _core.Linear() | _core.Conv2d():
                bias = synapses.bias
            case _core.PoolSynapses():
                bias = None
            case _:
                assert_never(synapses)
        return cls(source=source, layer=node_from_core(synapses), weight=synapses.weight, bias=bias)


@dataclass(frozen=True, eq=False)
class Population:
    """Integrate-and-fire neurons that share their reset and their sources.

    Attributes:
        name: Unique in the network.
        shape: (num_neurons,) or (channels, height, width).
        threshold: Membrane potential at which a neuron fires, (num_neurons,).
        initial_potential: Membrane potential before the first step, (num_neurons,).
        reset: ``"zero"`` or ``"subtract"``.
        refractory_period: Time in s after a spike during which input is dropped.
        grid: Power of two that a neuron's weights and bias are multiples of, (num_neurons,).
        scale_factor: Activation of the ReLU network that a spike in every step stands for; None
            where the population does not come from a conversion.
        projections: Its sources.
    """

    name: str
    shape: Shape
    threshold: NDArray[np.float32]
    initial_potential: NDArray[np.float32]
    reset: Reset
    refractory_period: float
    grid: NDArray[np.float32]
    scale_factor: float | None
    projections: tuple[Projection, ...]

    @property
    def num_neurons(self) -> int:
        """Number of neurons."""
        return math.prod(self.shape)

    @classmethod
    def from_core(cls, population: _core.Population, scale_factor: float | None) -> Self:
        """Return the population that the core holds, whose scale the network knows."""
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
            grid=per_neuron(population.grid),
            scale_factor=scale_factor,
            projections=tuple(
                Projection.from_core(source, synapses)
                for source, synapses in population.projections
            ),
        )
