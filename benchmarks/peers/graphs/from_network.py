"""Turns a spiking network and its images into the problem that peers get as a file. Needs pysnn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from graphs.graph import INPUT, GraphProblem, Population, Projection
from numpy.typing import NDArray
from problem import Floats

import pysnn
from pysnn.spiking import Population as OwnPopulation
from pysnn.spiking import Projection as OwnProjection

NUM_REPLAYED = 4  # images of the test of equality
ONE = 2.0**24  # what stands for a rate of 1 in constant currents


def populations_of(snn: pysnn.SpikingNetwork) -> tuple[Population, ...]:
    """Return the populations of a network.

    Raises:
        ValueError: One has something that `Population` has no word for.
    """
    shapes = {INPUT: snn.input_shape} | {each.name: each.shape for each in snn.populations}
    return tuple(_population(each, shapes) for each in snn.populations)


def constant_problem(
    name: str,
    snn: pysnn.SpikingNetwork,
    x: Floats,
    labels: NDArray[np.int64],
    num_steps: int,
    extra: dict[str, NDArray[Any]] | None = None,
) -> GraphProblem:
    """Return a network that ends in a readout, and reads currents, as a problem.

    Args:
        name: Name of the network.
        snn: The network.
        x: Images as the network takes them, (num_images, *input_shape).
        labels: Right answers, (num_images,).
        num_steps: Steps that each image is shown for.
        extra: Further arrays of the problem.

    Raises:
        ValueError: The network is none that a problem can describe.
    """
    call: dict[str, Any] = {"num_steps": num_steps, "encoding": "constant"}
    result = pysnn.simulate(snn, x, **call)
    replayed = pysnn.simulate(snn, x[:NUM_REPLAYED], **call, record="potentials")
    populations = populations_of(snn)
    reads_input = [each.reads_input for each in populations]
    if populations[-1].fires or sum(reads_input) != 1 or len(populations[0].projections) != 1:
        raise ValueError("the network must end in a readout, and one population read the input")
    final = replayed.potentials[populations[-1].name][-1]
    return GraphProblem(
        name=name,
        populations=populations,
        inputs=_rates(snn, x),
        grid=fewest(snn.populations[0].grid.reshape(populations[0].shape)),
        labels=labels,
        predictions=result.predictions.astype(np.int64),
        num_steps=num_steps,
        expected=final.astype(np.float64),
        extra=extra or {},
    )


def spikes_problem(name: str, snn: pysnn.SpikingNetwork, trains: NDArray[Any]) -> GraphProblem:
    """Return a network whose output fires, and given spike trains, as a problem.

    Labels are what pysnn predicts.

    Args:
        name: Name of the network.
        snn: The network.
        trains: Bool, (num_steps, num_images, *input_shape).
    """
    result = pysnn.simulate(snn, spikes=trains)
    inputs = np.ascontiguousarray(np.swapaxes(trains, 0, 1))
    counts = result.output_spikes.sum(axis=0)[:NUM_REPLAYED]
    return GraphProblem(
        name=name,
        populations=populations_of(snn),
        inputs=inputs,
        grid=np.ones((), dtype=np.float32),
        labels=result.predictions.astype(np.int64),
        predictions=result.predictions.astype(np.int64),
        num_steps=len(trains),
        expected=counts.astype(np.float64),
        extra={},
    )


def _population(population: OwnPopulation, shapes: Mapping[str, tuple[int, ...]]) -> Population:
    plain = (
        population.neuron in ("if", "readout")
        and population.refractory_period == 0
        and population.delay == 0
        and (population.threshold == population.threshold[0]).all()
    )
    if not plain:
        raise ValueError(f"{population.name} is more than a peer's problem can describe")
    shape = population.shape
    bias = np.zeros(shape, dtype=np.float32)
    for values in (population.bias, *(each.bias for each in population.projections)):
        if values is not None and values.size:
            # Of a projection, one per channel.
            bias += values.reshape(shape if values.size == bias.size else (-1, 1, 1))
    return Population(
        name=population.name,
        shape=shape,
        fires=population.neuron == "if",
        subtracts=population.reset == "subtract",
        threshold=float(population.threshold[0]),
        initial_potential=fewest(population.initial_potential.reshape(shape)),
        bias=fewest(bias),
        projections=tuple(
            _projection(each, shape, shapes[each.source]) for each in population.projections
        ),
    )


def fewest(values: Floats) -> Floats:
    """Return one number where all are the same, one per channel where channels have one each."""
    if (values == values.flat[0]).all():
        return np.asarray(values.flat[0])
    if values.ndim == 3 and (values == values[:, :1, :1]).all():
        return np.ascontiguousarray(values[:, :1, :1])
    return values


def _projection(
    projection: OwnProjection, shape: tuple[int, ...], source_shape: tuple[int, ...]
) -> Projection:
    layer, weight = projection.layer, projection.weight
    given: dict[str, Any] = {
        "source": projection.source,
        "weight": weight,
        "output_shape": shape,
        "kind": layer.kind,
    }
    match layer:
        case pysnn.Linear():
            return Projection(**given)
        case pysnn.Conv2d() if layer.groups == 1 and layer.dilation == (1, 1):
            window: dict[str, Any] = {
                "stride": layer.stride,
                "padding": _padding(layer, source_shape),
            }
            return Projection(**given | {"kind": "conv"}, kernel_size=weight.shape[2:], **window)
        case pysnn.AvgPool2d() if weight.ndim == 1 and not any(layer.padding):
            window = {"stride": layer.stride, "kernel_size": layer.kernel_size}
            return Projection(**given | {"kind": "pool"}, **window)
        case pysnn.Identity() if not any(layer.padding):
            return Projection(**given, stride=layer.stride, first_channel=layer.first_channel)
    raise ValueError(f"synapses {layer!r} are more than a peer's problem can describe")


def _padding(layer: pysnn.Conv2d, source_shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the padding of two opposite sides, at the end of which windows may leave a rest."""
    top, bottom, left, right = layer.sides
    same = pysnn.Conv2d(layer.weight, stride=layer.stride, padding=(top, left))
    covered = bottom <= top and right <= left
    if not covered or same.output_shape(source_shape) != layer.output_shape(source_shape):
        raise ValueError(f"padding {layer.padding} differs from side to side")
    return top, left


def _rates(snn: pysnn.SpikingNetwork, x: Floats) -> Floats:
    """Return images as the rates that constant currents are made of: multiples of 1 / `ONE`."""
    values = x.astype(np.float64)
    if snn.input_affine is not None:
        factor, shift = (np.reshape(each, (-1, 1, 1)) for each in snn.input_affine)
        values = values * factor + shift
    rates = np.rint(values / (snn.input_scale or 1.0) * ONE) / ONE
    return rates.astype(np.float32)
