"""A converted network as it was built by hand before there were graphs. Needs pysnn.

Plain convolutions and dense layers, inputs in [0, 1], an output that fires: what every build of
pysnn can simulate, so that builds can be compared on one network.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from graphs.from_network import populations_of
from graphs.graph import GraphProblem, Population, Projection
from numpy.typing import NDArray
from problem import Floats

import pysnn


def hand_built(
    snn: pysnn.SpikingNetwork, x: Floats, labels: NDArray[np.int64], num_steps: int
) -> GraphProblem:
    """Return a network of spiking neurons that ends in a readout without graphs' own parts.

    Identity shortcuts become convolutions of one pixel, and the output fires at the largest mean
    current that it gets for these images. What standardizes the input is folded into the first
    convolution, which is not exact at its padded border.

    Args:
        snn: The network; one convolution reads the input.
        x: Images in [0, 1], (num_images, channels, height, width).
        labels: Right answers, (num_images,).
        num_steps: Steps that each image is shown for.

    Raises:
        ValueError: The network is another.
    """
    result = pysnn.simulate(snn, x, num_steps=num_steps, encoding="constant")
    top = float(np.abs(result.outputs).max() / result.output_scale)
    first, *inner, output = populations_of(snn)
    output = replace(
        output,
        fires=True,
        subtracts=True,
        threshold=top,
        initial_potential=np.asarray(np.float32(top / 2)),
    )
    populations = (_without_affine(first, snn), *inner, output)
    return GraphProblem(
        name="by hand",
        populations=tuple(_plain(each, snn) for each in populations),
        inputs=x,
        grid=np.ones((), dtype=np.float32),
        labels=labels,
        predictions=result.predictions.astype(np.int64),
        num_steps=num_steps,
        expected=np.zeros((0, output.shape[0])),
        extra={},
    )


def _without_affine(first: Population, snn: pysnn.SpikingNetwork) -> Population:
    (projection,) = first.projections
    if projection.kind != "conv" or (first.bias.ndim == 3 and first.bias.shape[1:] != (1, 1)):
        raise ValueError(f"{first.name} is not fed by a convolution with a bias per channel")
    factor, shift = snn.input_affine or (np.ones(1), np.zeros(1))
    scale = snn.input_scale or 1.0
    weight = projection.weight * (factor / scale)[:, None, None]
    bias = (projection.weight * (shift / scale)[:, None, None]).sum(axis=(1, 2, 3))
    return replace(
        first,
        bias=(first.bias + bias[:, None, None]).astype(np.float32),
        projections=(replace(projection, weight=weight.astype(np.float32)),),
    )


def _plain(population: Population, snn: pysnn.SpikingNetwork) -> Population:
    channels = {each.name: each.shape[0] for each in snn.populations}
    return replace(
        population,
        projections=tuple(
            _convolution(each, population.shape[0], channels[each.source])
            if each.kind == "identity"
            else each
            for each in population.projections
        ),
    )


def _convolution(identity: Projection, outputs: int, inputs: int) -> Projection:
    weight = np.zeros((outputs, inputs, 1, 1), dtype=np.float32)
    passed = np.arange(inputs)
    weight[identity.first_channel + passed, passed, 0, 0] = identity.weight
    return replace(identity, kind="conv", weight=weight, first_channel=0)
