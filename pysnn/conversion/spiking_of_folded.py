"""Spiking networks from folded ones and the scales of their populations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ..network import INPUT
from ..nodes import AvgPool2d, MaxPool2d
from ..nodes.registry import AnySynapses
from ..spiking import SpikingNetwork
from ..spiking.encoding import Encoding
from .folding import FoldedNetwork, FoldedPopulation, FoldedProjection
from .folding.linear_map import Doubles
from .input_range import InputRange
from .neuron_settings import NeuronSettings


@dataclass(frozen=True, eq=False)
class Memory:
    """What a network remembers of its conversion.

    Attributes:
        encoding: What samples are meant to become; None: nothing is said.
        recipe: Choices by name; empty: nothing is said.
    """

    encoding: Encoding | None = None
    recipe: Mapping[str, str] = field(default_factory=dict)

    def noting(self, raised: str) -> Memory:
        """Return it with a note on channels whose scales were raised, if there is one."""
        if not raised or not self.recipe:
            return self
        return replace(self, recipe={**self.recipe, "raised_channels": raised})


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
    settings.check_names(folded)
    probe = SpikingNetwork(folded.input_shape, precision=settings.precision)
    probe.add_population(
        "probe",
        1,
        threshold=settings.threshold,
        reset=settings.reset,
        refractory_period=settings.refractory_period,
        initial_potential=settings.initial_potential_of("probe"),
        neuron=settings.rectifier,
        negative_threshold=settings.negative_threshold_of("probe"),
    )
    affine = None if inputs.affine is None else (inputs.affine.scale, inputs.affine.shift)
    return SpikingNetwork(
        folded.input_shape,
        precision=settings.precision,
        input_scale=inputs.scale,
        input_affine=affine,
    )


def with_scales(
    snn: SpikingNetwork, folded: FoldedNetwork, scales: Mapping[str, Doubles], memory: Memory
) -> SpikingNetwork:
    """Return the finished network.

    Args:
        snn: The network with all its populations.
        folded: The populations.
        scales: By population, what a spike in every step stands for: one number, (1,), or one per
            channel.
        memory: What it remembers of the conversion.
    """
    found = [scales[each.name] for each in folded.populations]
    numbers = [each.tolist() if each.size > 1 else float(each[0]) for each in found]
    return snn._finished(numbers, encoding=memory.encoding, recipe=memory.recipe)


def add_population(
    snn: SpikingNetwork,
    population: FoldedPopulation,
    scales: Mapping[str, Doubles],
    settings: NeuronSettings,
    *,
    start: Doubles | None = None,
) -> None:
    """Add a population behind those that it reads.

    Weights are multiplied by the source's scale and divided by the target's, biases divided by the
    target's, in float64, and rounded once.

    Args:
        snn: The network so far.
        population: What is added.
        scales: As for `with_scales`.
        settings: As there.
        start: In thresholds: what each neuron's initial potential has beyond that of ``settings``,
            (num_neurons,); only of populations that read no input as a pool.
    """
    scale = scales[population.name]
    _add_neurons(snn, population, scale, settings, start)
    for each in population.projections:
        source = np.ones(1) if each.source == INPUT else scales[each.source]
        snn.connect(each.source, population.name, scaled_synapses(each, source, scale))


def _add_neurons(
    snn: SpikingNetwork,
    population: FoldedPopulation,
    scale: Doubles,
    settings: NeuronSettings,
    start: Doubles | None,
) -> None:
    bias = None if population.bias is None else scaled_bias(population, scale)
    # Weights of a pool are not divided by its scale, which is another than the input's.
    unit = float(scale[0]) if population.is_pool and _reads_input(population) else 1.0
    name = population.name
    threshold = settings.threshold_of(name)
    extra: Doubles | float = 0.0 if start is None else start * threshold
    if population.neuron == "if":
        snn.add_population(
            name,
            population.shape,
            threshold=unit * threshold,
            reset=settings.reset,
            refractory_period=settings.refractory_period,
            initial_potential=unit * settings.initial_potential_of(name) + extra,
            neuron=settings.rectifier,
            negative_threshold=unit * settings.negative_threshold_of(name),
            bias=bias,
        )
        return
    fires = population.neuron == "bipolar"
    snn.add_population(
        name,
        population.shape,
        neuron=population.neuron,
        threshold=unit * threshold if fires else 1.0,
        initial_potential=extra,
        delay=population.delay,
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
