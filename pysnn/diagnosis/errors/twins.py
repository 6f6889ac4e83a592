"""Neurons beside those of a network that receive the same spikes and lose no charge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ... import _core
from ...nodes import Conv2d, Linear, Node
from ...spiking import INPUT, Population, SpikingNetwork


def loses_charge(population: Population) -> bool:
    """Return whether resets to zero, a refractory period or a leak take charge."""
    return population.neuron in ("if", "leaky") and (
        population.reset == "zero"
        or population.refractory_period > 0
        or population.neuron == "leaky"
    )


def with_twins(snn: SpikingNetwork) -> tuple[SpikingNetwork | None, dict[str, str]]:
    """Return the network with a twin beside each population that loses charge.

    A twin reads what its population reads, subtracts the threshold, and nothing reads it. A
    readout, which must be the last, is left out.

    Returns:
        The network, None where no population loses charge, and names of twins by population.
    """
    losing = [each for each in snn.populations if loses_charge(each)]
    if not losing:
        return None, {}
    core = snn.core
    count = len(snn.populations) - (snn.populations[-1].neuron == "readout")
    network = SpikingNetwork.from_core(
        _core.SpikingNetwork(
            input_shape=core.input_shape,
            precision=core.precision,
            populations=core.populations[:count],
            scale_factors=core.scale_factors[:count],
            input=core.input,
        )
    )
    twins = {each.name: f"twin of {each.name}" for each in losing}
    for each in losing:
        _add_twin(network, each, twins[each.name], snn.input_range.scale)
    return network, twins


def _add_twin(
    network: SpikingNetwork, population: Population, name: str, input_scale: float
) -> None:
    network.add_population(
        name,
        population.shape,
        threshold=population.threshold,
        reset="subtract",
        initial_potential=population.initial_potential,
        bias=population.bias,
    )
    for projection in population.projections:
        layer = projection.layer
        if projection.source == INPUT:
            layer = _unscaled(layer, input_scale)
        network.connect(projection.source, name, layer)


def _unscaled(layer: Node, input_scale: float) -> Node:
    """Return synapses of the input as they were before `connect` multiplied them by its scale."""
    factor = np.float64(1 / input_scale)

    def divided(weight: NDArray[np.float32]) -> NDArray[np.float64]:
        return weight * factor

    match layer:
        case Linear():
            return Linear(divided(layer.weight), layer.bias)
        case Conv2d():
            geometry = (layer.stride, layer.sides, layer.dilation, layer.groups)
            return Conv2d(divided(layer.weight), layer.bias, *geometry)
        case _:
            return layer
