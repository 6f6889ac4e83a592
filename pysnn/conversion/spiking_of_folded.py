"""Spiking networks from folded ones and the scales of their populations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..network import INPUT
from ..nodes import AvgPool2d, MaxPool2d
from ..nodes.registry import AnySynapses
from ..spiking import Precision, Reset, SpikingNetwork
from ..spiking.neuron import Neuron
from .folding import FoldedNetwork, FoldedPopulation, FoldedProjection
from .folding.linear_map import Doubles
from .input_range import InputRange


@dataclass(frozen=True)
class NeuronSettings:
    """Settings of all neurons that are not told otherwise by what they stand for.

    Attributes:
        threshold: Membrane potential at which neurons fire.
        reset: What a spike does to the membrane potential.
        refractory_period: Time in s after a spike during which input is dropped.
        initial_potential: Membrane potential before the first step.
        precision: That of the network.
        rectifier: Neuron model of what is cut off at 0.
        negative_threshold: Of ``"signed"``: below minus this potential they fire -1.
    """

    threshold: float
    reset: Reset
    refractory_period: float
    initial_potential: float
    precision: Precision
    rectifier: Neuron = "if"
    negative_threshold: float = 0.0


def empty_network(
    folded: FoldedNetwork, inputs: InputRange, settings: NeuronSettings
) -> SpikingNetwork:
    """Return a network of the folded one's shape that has no population yet.

    Populations are checked when they are added, which takes their biases and so their scales;
    settings are checked here, so that a wrong one costs no time.

    Raises:
        TypeError: A setting has the wrong type.
        ValueError: A setting is out of its range.
    """
    probe = SpikingNetwork(folded.input_shape, precision=settings.precision)
    probe.add_population(
        "probe",
        1,
        threshold=settings.threshold,
        reset=settings.reset,
        refractory_period=settings.refractory_period,
        initial_potential=settings.initial_potential,
        neuron=settings.rectifier,
        negative_threshold=settings.negative_threshold,
    )
    affine = None if inputs.affine is None else (inputs.affine.scale, inputs.affine.shift)
    return SpikingNetwork(
        folded.input_shape,
        precision=settings.precision,
        input_scale=inputs.scale,
        input_affine=affine,
    )


def fill_network(
    snn: SpikingNetwork,
    folded: FoldedNetwork,
    scales: Mapping[str, Doubles],
    settings: NeuronSettings,
) -> SpikingNetwork:
    """Return the spiking network.

    Weights are multiplied by the source's scale and divided by the target's, biases divided by the
    target's, in float64, and rounded once.

    Args:
        snn: What `empty_network` gave.
        folded: The populations.
        scales: By population, what a spike in every step stands for: one number, (1,), or one per
            channel.
        settings: Settings of neurons.
    """
    known = {INPUT: np.ones(1), **scales}
    for population in folded.populations:
        _add_population(snn, population, known[population.name], settings)
        for each in population.projections:
            layer = scaled_synapses(each, known[each.source], known[population.name])
            snn.connect(each.source, population.name, layer)
    found = [scales[each.name] for each in folded.populations]
    return snn._with_scales([each.tolist() if each.size > 1 else float(each[0]) for each in found])


def _add_population(
    snn: SpikingNetwork, population: FoldedPopulation, scale: Doubles, settings: NeuronSettings
) -> None:
    bias = None if population.bias is None else scaled_bias(population, scale)
    # Weights of a pool are not divided by its scale, which is another than the input's.
    unit = float(scale[0]) if population.is_pool and _reads_input(population) else 1.0
    if population.neuron == "if":
        snn.add_population(
            population.name,
            population.shape,
            threshold=unit * settings.threshold,
            reset=settings.reset,
            refractory_period=settings.refractory_period,
            initial_potential=unit * settings.initial_potential,
            neuron=settings.rectifier,
            negative_threshold=unit * settings.negative_threshold,
            bias=bias,
        )
        return
    threshold = unit * settings.threshold if population.neuron == "bipolar" else 1.0
    snn.add_population(
        population.name,
        population.shape,
        neuron=population.neuron,
        threshold=threshold,
        bias=bias,
    )


def _reads_input(population: FoldedPopulation) -> bool:
    return any(each.source == INPUT for each in population.projections)


def scaled_synapses(projection: FoldedProjection, source: Doubles, target: Doubles) -> AnySynapses:
    """Return a projection's weights on the scales of its ends, rounded to float32."""
    match projection.map:
        case AvgPool2d() | MaxPool2d():
            return projection.map
        case _:
            return projection.map.scaled(source, 1 / target).to_node()


def scaled_bias(population: FoldedPopulation, scale: Doubles) -> Doubles:
    """Return a population's bias on its scale."""
    assert population.bias is not None
    if population.bias.size == population.shape[0]:
        return population.bias / scale
    by_channel = population.bias.reshape(population.shape[0], -1) / scale.reshape(-1, 1)
    return by_channel.reshape(population.shape)
