"""Scales of the populations of a folded network, one for all neurons of each.

The methods are those of `normalize`, for populations that may have several sources.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..network import INPUT, Network
from ..network.forward import ForwardPass
from ..nodes import AvgPool2d, MaxPool2d
from .folding import FoldedNetwork, FoldedPopulation
from .folding.channels import Channels
from .folding.convolution import Convolution
from .folding.dense import Dense
from .folding.folded_network import AnyMap, spread_bias
from .input_range import InputRange
from .scales import Method, ScaleSettings
from .scales.data import forward_pass, largest_activations

_BLOCK = 64  # samples whose activations are in memory at a time


@dataclass(frozen=True, eq=False)
class _Range:
    """Lowest and highest value of a node on samples."""

    low: float
    high: float


def population_scales(
    network: Network,
    folded: FoldedNetwork,
    inputs: InputRange,
    method: Method,
    settings: ScaleSettings,
) -> dict[str, float]:
    """Return what a spike in every step stands for, by population.

    - ``"data"``: the largest value on samples or the largest positive weight of a convolution or
      matrix, whichever is larger; of populations that may be negative the largest absolute value.
    - ``"model"``: the largest value that any input can cause.
    - ``"none"``: 1.

    Pools have their source's.

    Args:
        network: The network that was folded.
        folded: Its populations.
        inputs: What inputs may be.
        method: ``"data"``, ``"model"`` or ``"none"``.
        settings: What the method reads.

    Raises:
        ValueError: A scale would be 0 (names the population), or ``include_last`` is False and the
            sources of the last population have several scales.
    """
    ranges = _ranges(network, folded, settings) if method == "data" else {}
    scales: dict[str, float] = {INPUT: 1.0}
    # What a source can be at most, which for the input is not what its weights are divided by.
    bounds: dict[str, float] = {INPUT: inputs.largest}
    signed = {INPUT} if inputs.is_signed else set[str]()
    for population in folded.populations:
        source = population.projections[0].source
        if population.is_pool:
            # Of the input, whose weights the core multiplies by what a spike of it stands for.
            scale = inputs.largest if source == INPUT else scales[source]
            bounds[population.name] = bounds[source]
        elif method == "none":
            scale = 1.0
        else:
            found = (
                _largest_on_samples(population, ranges[population.node])
                if method == "data"
                else _largest_possible(population, bounds, signed)
            )
            scale = found if population.max is None else min(found, population.max)
            bounds[population.name] = scale
        if source in signed if population.is_pool else not population.is_rectified:
            signed.add(population.name)
        scales[population.name] = _checked(population, scale)
    if not settings.include_last:
        last = folded.populations[-1]
        scales[last.name] = _scale_of_sources(last, scales)
    del scales[INPUT]
    return scales


def _checked(population: FoldedPopulation, scale: float) -> float:
    if not (scale > 0 and math.isfinite(scale)):
        raise ValueError(
            f"population {population.name!r} would have the scale {scale}, but needs one above 0: "
            f"nothing makes it fire"
        )
    return scale


def _scale_of_sources(last: FoldedPopulation, scales: Mapping[str, float]) -> float:
    found = {each.source: scales[each.source] for each in last.projections}
    if len(set(found.values())) != 1:
        raise ValueError(
            f"include_last is False, but {last.name!r} has sources of several scales, {found}, by "
            f"which its weights must be multiplied"
        )
    return next(iter(found.values()))


def _ranges(network: Network, folded: FoldedNetwork, settings: ScaleSettings) -> dict[str, _Range]:
    """Return lowest and highest values of nodes; the lowest only of those that need it."""
    samples = settings.x
    assert samples is not None, "convert hands over samples where x is read"
    forward = forward_pass(network, settings)
    highest = largest_activations(forward, settings)
    signed = {each.node for each in folded.populations if not each.is_rectified}
    lowest = _lowest(forward, network.layer_names, signed, samples)
    return {
        name: _Range(lowest.get(name, 0.0), float(high.max()))
        for name, high in zip(network.layer_names, highest, strict=True)
    }


def _lowest(
    forward: ForwardPass,
    names: tuple[str, ...],
    wanted: set[str],
    samples: NDArray[np.float32],
) -> dict[str, float]:
    if wanted <= {names[-1]}:
        return {names[-1]: float(forward.predict(samples).min())} if wanted else {}
    lowest = dict.fromkeys(wanted, math.inf)
    for start in range(0, len(samples), _BLOCK):
        outputs = forward.activations(samples[start : start + _BLOCK])
        for name, values in zip(names, outputs, strict=True):
            if name in wanted:
                lowest[name] = min(lowest[name], float(values.min()))
    return lowest


def _largest_on_samples(population: FoldedPopulation, found: _Range) -> float:
    largest = found.high if population.is_rectified else max(found.high, -found.low)
    weights = [
        float(each.map.weight.max())
        for each in population.projections
        if isinstance(each.map, Convolution | Dense)
    ]
    return max([largest, *weights])


def _largest_possible(
    population: FoldedPopulation, bounds: Mapping[str, float], signed: Set[str]
) -> float:
    """Return the largest value that a neuron can reach, by the signs of its weights."""
    size = math.prod(population.shape)
    positive, negative = np.zeros(size), np.zeros(size)
    for each in population.projections:
        up, down = _sums(each.map)
        if each.source in signed:
            up = down = up + down
        for total, part in ((positive, up), (negative, down)):
            total += bounds[each.source] * np.repeat(part, size // len(part))
    if population.bias is not None:
        bias = np.broadcast_to(spread_bias(population.bias, population.shape), population.shape)
        positive += np.maximum(bias, 0).reshape(-1)
        negative += np.maximum(-bias, 0).reshape(-1)
    largest = float(positive.max())
    return largest if population.is_rectified else max(largest, float(negative.max()))


def _sums(linear_map: AnyMap) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return sums of positive weights and of negative ones' sizes by output channel or element."""
    match linear_map:
        case Channels():
            weight = np.zeros(linear_map.out_channels)
            first = linear_map.first_channel
            weight[first : first + len(linear_map.weight)] = linear_map.weight
            rows = weight.reshape(-1, 1)
        case Convolution() | Dense():
            rows = linear_map.weight.reshape(len(linear_map.weight), -1)
        case AvgPool2d() | MaxPool2d():
            raise AssertionError("pools have their source's scale")
    return np.maximum(rows, 0).sum(axis=1), np.maximum(-rows, 0).sum(axis=1)
