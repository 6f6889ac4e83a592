"""Whether a spiking network was made of a ReLU network: weight for weight, not by shapes alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ... import _core
from ...network import INPUT, Network
from ...spiking import Projection, SpikingNetwork
from .mapping import Stage

_SCAN_ELEMENTS = 1 << 18  # weights that are compared at a time


def check_weights(network: Network, snn: SpikingNetwork, stages: Sequence[Stage]) -> None:
    """Raise a ValueError unless the weights of ``snn`` are those of ``network`` on its scales.

    Weights may differ by the rounding to the grid of each neuron. Thresholds and the other
    settings of neurons are not looked at: they may be whatever they are.

    Args:
        network: The ReLU network, before normalization.
        snn: The spiking network.
        stages: Its populations, as `match` returns them.
    """
    expected = _converted(network, snn, stages)
    for stage, population in zip(stages, expected.populations, strict=True):
        grid = np.maximum(stage.population.grid, population.grid)
        pairs = zip(stage.population.projections, population.projections, strict=True)
        for given, wanted in pairs:
            _check_array(stage, "weight", given.weight, wanted.weight, grid)
            num_biases = len(wanted.weight)
            _check_array(stage, "bias", _bias(given, num_biases), _bias(wanted, num_biases), grid)


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
