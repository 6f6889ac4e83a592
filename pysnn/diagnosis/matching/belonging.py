"""Whether a spiking network was made of a ReLU network: weight for weight, not by shapes alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ... import _core
from ...conversion.folding import FoldedNetwork, input_affine
from ...conversion.input_range import InputRange
from ...conversion.neuron_settings import NeuronSettings
from ...conversion.spiking_of_folded import Memory, add_population, empty_network, with_scales
from ...network import INPUT, Network
from ...nodes import Identity
from ...spiking import Population, Projection, SpikingNetwork
from .mapping import Stage

_SCAN_ELEMENTS = 1 << 18  # weights that are compared at a time


def check_weights(network: Network, snn: SpikingNetwork, stages: Sequence[Stage]) -> None:
    """Raise a ValueError unless the weights of ``snn`` are those of ``network`` on its scales.

    Weights may differ by the rounding to the grid of each neuron, and biases that a calibration
    changed by anything. Thresholds and the other
    settings of neurons are not looked at: they may be whatever they are.

    Args:
        network: The ReLU network, before normalization.
        snn: The spiking network.
        stages: Its populations, as `match` returns them.
    """
    expected = (
        _converted(network, snn, stages)
        if all(stage.folded is None for stage in stages)
        else _filled(network, snn, stages)
    )
    for stage, population in zip(stages, expected.populations, strict=True):
        grid = np.maximum(stage.population.grid, population.grid)
        if stage.folded is not None:
            has_biases = snn.recipe.get("calibration") != "bias"
            _check_folded(stage, population, grid, has_biases=has_biases)
            continue
        pairs = zip(stage.population.projections, population.projections, strict=True)
        for given, wanted in pairs:
            _check_array(stage, "weight", given.weight, wanted.weight, grid)
            num_biases = len(wanted.weight)
            _check_array(stage, "bias", _bias(given, num_biases), _bias(wanted, num_biases), grid)


def _check_folded(
    stage: Stage, wanted: Population, grid: NDArray[np.float32], *, has_biases: bool
) -> None:
    """Raise a ValueError unless a population has the sources, weights and biases of another."""
    pairs = [(each.source, type(each.layer)) for each in stage.population.projections]
    if pairs != [(each.source, type(each.layer)) for each in wanted.projections]:
        raise ValueError(
            f"snn and network do not belong together: population {wanted.name!r} reads "
            f"{_sources_text(stage.population)}, but that of network {_sources_text(wanted)}"
        )
    for one, other in zip(stage.population.projections, wanted.projections, strict=True):
        if one.weight.shape != other.weight.shape:
            raise ValueError(
                f"snn and network do not belong together: population {wanted.name!r} has weights "
                f"of shape {one.weight.shape} from {one.source!r}, but that of network "
                f"{other.weight.shape}"
            )
        if other.weight.size:
            _check_array(stage, "weight", one.weight, other.weight, _grid_of(other, grid))
    if not has_biases:
        return
    zeros = np.zeros(wanted.num_neurons, dtype=np.float32)
    given, expected = (
        zeros if each.bias is None else each.bias for each in (stage.population, wanted)
    )
    _check_array(stage, "bias", given, expected, grid)


def _sources_text(population: Population) -> str:
    return ", ".join(each.layer.projection_text(each.source) for each in population.projections)


def _grid_of(projection: Projection, grid: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the grids of a projection's rows of weights, which those of its targets are."""
    if not isinstance(projection.layer, Identity):
        return grid
    layer = projection.layer
    by_channel: NDArray[np.float32] = grid.reshape(layer.out_channels, -1).max(axis=1)
    return by_channel[layer.first_channel : layer.first_channel + layer.in_channels]


def _filled(network: Network, snn: SpikingNetwork, stages: Sequence[Stage]) -> SpikingNetwork:
    """Return the folded network's populations on the scales of ``snn``, on their grids."""
    affine, _ = input_affine(network.graph)
    populations = tuple(stage.folded for stage in stages if stage.folded is not None)
    folded = FoldedNetwork(network.input_shape, network.output_shape, affine, populations)
    settings = NeuronSettings("subtract", 0.0, snn.precision, "if")
    made = empty_network(folded, InputRange(snn.input_scale, affine), settings)
    scales = {stage.population.name: stage.channel_scale for stage in stages}
    for population in populations:
        add_population(made, population, scales, settings)
    return with_scales(made, folded, scales, Memory())


def _converted(network: Network, snn: SpikingNetwork, stages: Sequence[Stage]) -> SpikingNetwork:
    """Return populations of the network's weights on the scales of ``snn``, on their grids."""
    scaled = Network.from_core(_core.apply_scales(network.to_core(), _scales(network, stages)))
    made = SpikingNetwork(snn.input_shape, precision=snn.precision)
    for stage in stages:
        made.add_population(stage.population.name, stage.population.shape)
        for source in stage.sources:
            made.connect(source, stage.population.name, scaled.layers[stage.position])
    return made


def _scales(network: Network, stages: Sequence[Stage]) -> list[list[float]]:
    """Return the scales of every node, one for all channels or one per channel."""
    scales = {INPUT: np.ones(1), **{stage.node.name: stage.channel_scale for stage in stages}}
    for each in network.graph.nodes:
        if each.name not in scales:
            before = scales[each.inputs[0]]
            # What has no synapses lays channels out as more channels, or leaves them as they are.
            length = 1 if len(before) == 1 else each.output_shape[0]
            scales[each.name] = np.repeat(before, length // len(before))
    return [scales[name].tolist() for name in network.layer_names]


def _bias(projection: Projection, count: int) -> NDArray[np.float32]:
    """Return the biases, which are 0 where there are none."""
    none = np.zeros(count, dtype=np.float32)
    return none if projection.bias is None else projection.bias


def _check_array(
    stage: Stage,
    name: str,
    given: NDArray[np.float32],
    wanted: NDArray[np.float32],
    grid: NDArray[np.float32],
) -> None:
    # Neurons that share weights are next to each other, and have one grid.
    step = grid.reshape(len(given), -1).max(axis=1)
    length = max(1, _SCAN_ELEMENTS * len(given) // given.size)
    for start in range(0, len(given), length):
        rows = slice(start, start + length)
        difference = np.abs(given[rows].astype(np.float64) - wanted[rows])
        bad = difference > step[rows].reshape(-1, *[1] * (given.ndim - 1))
        if not bad.any():
            continue
        first = [int(i) for i in np.unravel_index(int(bad.argmax()), bad.shape)]
        first[0] += start
        index = tuple(first)
        # As text: formatted, a float32 would have the digits of the float64 that it is equal to.
        raise ValueError(
            f"snn and network do not belong together: {name}[{', '.join(map(str, index))}] of "
            f"population {stage.population.name!r} is {given[index]!s}, but that of layer "
            f"{stage.node.name!r} is {wanted[index]!s} on the scale factors of snn; expected the "
            f"network that snn was made of, as it was before normalization"
        )
