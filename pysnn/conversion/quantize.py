"""Spiking networks in integers of few bits, as neuromorphic chips have them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.foreign import wrong_type
from .._base.numbers import as_choice, as_int
from ..nodes import AvgPool2d, Conv2d, Identity, Linear, MaxPool2d, Node, Shape
from ..spiking import INPUT, Population, Projection, SpikingNetwork

Step = Literal["power_of_two", "real"]

_Doubles = NDArray[np.float64]


class QuantizedNetwork(SpikingNetwork):
    """A spiking network whose weights, biases, thresholds and potentials are integers.

    It simulates what the integers do, to the bit: its potentials are whole numbers under spikes of
    any kind. Pools of a power of two keep weights below 1, with thresholds to match, which is the
    same as weights of 1.

    Attributes:
        weight_bits: Bits of a weight, the sign included.
        threshold_bits: Bits of thresholds, initial potentials and biases, the sign included.
        scales: By population, what 1 stands for in the network that was quantized.
    """

    weight_bits: int
    threshold_bits: int
    scales: Mapping[str, float]

    @classmethod
    def _of(cls, snn: SpikingNetwork, bits: tuple[int, int], scales: Mapping[str, float]) -> Self:
        network = cls.from_core(snn.core)
        network.weight_bits, network.threshold_bits = bits
        network.scales = scales
        return network

    def __reduce__(self) -> Any:
        bits = (self.weight_bits, self.threshold_bits)
        return _again, (super().__reduce__()[1], bits, dict(self.scales))


def _again(
    data: tuple[bytes], bits: tuple[int, int], scales: Mapping[str, float]
) -> QuantizedNetwork:
    """Return the network of a pickle."""
    core = _core.from_bytes(*data)
    assert isinstance(core, _core.SpikingNetwork)
    return QuantizedNetwork._of(SpikingNetwork.from_core(core), bits, scales)


def quantize(
    snn: SpikingNetwork,
    *,
    weight_bits: int = 8,
    threshold_bits: int = 16,
    scale: Step = "power_of_two",
) -> QuantizedNetwork:
    """Return a network with integer weights of few bits, and integer thresholds and biases.

    Each population has one scale: the least that keeps its largest weight within ``weight_bits``
    and its threshold, initial potential and bias within ``threshold_bits``; nothing is cut off.
    Numbers are divided by it and rounded, half to even.

    Args:
        snn: The network; it is not changed.
        weight_bits: Bits of a weight, the sign included, in [2, 16].
        threshold_bits: Bits of thresholds, initial potentials and biases, in [2, 24].
        scale: ``"power_of_two"`` for scales that are one, or ``"real"`` for the least ones.

    Returns:
        The network, which `pysnn.to_integers` writes for other programs. Biases are integers for
        ``max_rate * dt = 1``.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A number of bits is out of its range, or a population (which is named) has
            something that integers can't express, or more synapses than sums of 24 bits hold.
    """
    if not isinstance(snn, SpikingNetwork):
        raise wrong_type("snn", snn, "a pysnn.SpikingNetwork")
    as_choice(scale, "scale", get_args(Step))
    limits = _Limits(
        _as_bits(weight_bits, "weight_bits", 16), _as_bits(threshold_bits, "threshold_bits", 24)
    )
    affine = snn.input_affine
    result = SpikingNetwork(snn.input_shape, input_scale=snn.input_scale, input_affine=affine)
    steps: dict[str, float] = {}
    for population in snn.populations:
        integers = _Integers(population, limits, scale)
        steps[population.name] = integers.step
        integers.add_to(result, snn)
    _check(result)
    scales = [
        np.asarray(each.scale_factor) * (steps[each.name] if each.neuron == "readout" else 1.0)
        for each in snn.populations
        if each.scale_factor is not None
    ]
    finished = result._finished(
        scales if len(scales) == len(snn.populations) else [],
        encoding=snn.encoding,
        recipe=snn.recipe,
    )
    return QuantizedNetwork._of(finished, (weight_bits, threshold_bits), steps)


@dataclass(frozen=True)
class _Limits:
    weight_bits: int
    threshold_bits: int

    @property
    def weight(self) -> int:
        return int(2 ** (self.weight_bits - 1)) - 1

    @property
    def threshold(self) -> int:
        return int(2 ** (self.threshold_bits - 1)) - 1


class _Integers:
    """A population in whole numbers of its step."""

    def __init__(self, population: Population, limits: _Limits, scale: Step) -> None:
        self._population = population
        if population.neuron == "leaky":
            raise ValueError(
                f"population {population.name!r} leaks, by a factor that is no integer"
            )
        self._pool = next(
            (each for each in population.projections if isinstance(each.layer, AvgPool2d)), None
        )
        self._size = np.ones(population.num_neurons)
        if self._pool is not None:
            self._size = self._weights_of_pool(self._pool)
            self.step = float(self._size[0])
        else:
            self.step = self._found_step(limits, scale)
        self._check_range(limits)

    def _weights_of_pool(self, pool: Projection) -> _Doubles:
        """Return the weight of a pool's synapses, which whole numbers count in."""
        if np.unique(pool.weight).size != 1 or len(self._population.projections) > 1:
            raise ValueError(
                f"population {self._population.name!r} is a pool with several divisors or sources, "
                f"whose weights are no multiples of one"
            )
        return np.full(self._population.num_neurons, float(pool.weight.ravel()[0]))

    def _found_step(self, limits: _Limits, scale: Step) -> float:
        population = self._population
        weights = [float(np.abs(each.weight).max(initial=0)) for each in population.projections]
        largest = max(weights, default=0.0) / limits.weight
        for values in self._large_values():
            largest = max(largest, float(np.abs(values).max()) / limits.threshold)
        if largest == 0:
            return 1.0
        if scale == "real":
            return largest
        significand, exponent = math.frexp(largest)
        return math.ldexp(1.0, exponent - 1 if significand == 0.5 else exponent)

    def _large_values(self) -> list[_Doubles]:
        population = self._population
        values = [population.initial_potential.astype(np.float64), self._bias()]
        if population.neuron not in ("readout", "max_pool"):
            values.append(population.threshold.astype(np.float64))
        if population.neuron == "signed":
            values.append(population.negative_threshold.astype(np.float64))
        return values

    def _bias(self) -> _Doubles:
        population = self._population
        total = np.zeros(population.num_neurons)
        if population.bias is not None:
            total += population.bias
        for each in population.projections:
            if each.bias is not None:
                total += np.repeat(each.bias, population.num_neurons // each.bias.size)
        return total

    def _check_range(self, limits: _Limits) -> None:
        """Raise a ValueError for a pool's threshold that does not fit."""
        if self._pool is None:
            return
        largest = max(float(np.abs(values).max()) for values in self._large_values())
        if largest / self.step > limits.threshold:
            raise ValueError(
                f"population {self._population.name!r} has thresholds of up to "
                f"{largest / self.step:g} spikes, more than {limits.threshold_bits} bits hold"
            )

    def _rounded(self, values: NDArray[Any]) -> _Doubles:
        result: _Doubles = np.rint(values.astype(np.float64) / self.step)
        return result

    def _thresholds(self) -> _Doubles:
        threshold = self._population.threshold
        if self._pool is None:
            return np.maximum(self._rounded(threshold), 1.0)
        # So many spikes reach it.
        step = Fraction(self.step)
        return np.array([float(-(-Fraction(float(each)) // step)) for each in threshold])

    def add_to(self, result: SpikingNetwork, snn: SpikingNetwork) -> None:
        """Add the population and its projections to a network."""
        population = self._population
        shapes = {INPUT: snn.input_shape, **{each.name: each.shape for each in snn.populations}}
        # Pools of a power of two stay pools, whose weights the core finds: all else in its unit.
        unit = 1.0
        if self._pool is not None and math.frexp(self.step)[0] == 0.5:
            unit = self.step
        settings: dict[str, Any] = {"neuron": population.neuron}
        if population.neuron not in ("readout", "max_pool"):
            settings["threshold"] = unit * self._thresholds()
            settings["reset"] = population.reset
        if population.neuron == "if":
            settings["refractory_period"] = population.refractory_period
        if population.neuron == "signed":
            settings["negative_threshold"] = self._rounded(population.negative_threshold)
        if population.neuron == "readout":
            settings["delay"] = population.delay
        if population.neuron != "max_pool":
            settings["initial_potential"] = unit * self._rounded(population.initial_potential)
            bias = self._rounded(self._bias())
            settings["bias"] = unit * bias if bias.any() else None
        result.add_population(population.name, population.shape, **settings)
        for each in population.projections:
            # The network multiplies what reads the input by its scale.
            scale = (snn.input_scale or 1.0) if each.source == INPUT else 1.0
            layer = self._layer(each, shapes[each.source], scale, in_place=unit != 1.0)
            result.connect(each.source, population.name, layer)

    def _layer(
        self, projection: Projection, source: Shape, scale: float, *, in_place: bool
    ) -> Node:
        """Return a projection in whole numbers over a scale."""
        layer = projection.layer
        weight = self._rounded(projection.weight) / scale
        match layer:
            case AvgPool2d() if in_place:
                return layer
            case AvgPool2d():
                ones = np.full((source[0], 1, *layer.kernel_size), 1 / scale)
                return Conv2d(ones, None, layer.stride, layer.sides, groups=source[0])
            case MaxPool2d():
                return layer
            case Linear():
                return Linear(weight)
            case Conv2d():
                return layer.with_parameters(weight)
            case Identity():
                places = layer.out_channels, layer.first_channel
                return Identity(weight, layer.stride, layer.sides, *places)
            case _:
                raise AssertionError("projections are of these kinds")


def _check(snn: SpikingNetwork) -> None:
    """Raise a ValueError where a grid of the core is too coarse for the integers."""
    for population in snn.populations:
        if any(isinstance(each.layer, AvgPool2d) for each in population.projections):
            continue
        if (population.grid > 1).any():
            raise ValueError(
                f"population {population.name!r} has so many synapses that sums of 24 bits do not "
                f"hold them: take fewer weight_bits"
            )
        # Also of weights that were divided by the input's scale: the grid rounds them back.
        assert not any((each.weight % 1).any() for each in population.projections)


def _as_bits(value: int, name: str, most: int) -> int:
    bits = as_int(value, name)
    if not 2 <= bits <= most:
        raise ValueError(f"{name} is {value}, but must be in [2, {most}]")
    return bits
