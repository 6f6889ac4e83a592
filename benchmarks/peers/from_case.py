"""Turns a case of `cases.py` into the problem that peers get as a file. Needs pysnn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from cases import DT, Case
from peers.problem import Layer, Problem

import pysnn
from pysnn.datasets import Mnist
from pysnn.spiking import Population

NUM_SEEDS = 8  # whose mean accuracy peers are held against
NUM_REPLAYED = 20  # samples whose spike trains peers may have to repeat


def make_problem(case: Case, mnist: Mnist, num_images: int) -> Problem:
    """Return a case as a problem for peers, with pysnn's own answers.

    Args:
        case: The case.
        mnist: The data set.
        num_images: The first images are taken.

    Raises:
        ValueError: The network is none that a problem can describe.
    """
    snn = case.spiking_network(mnist)
    images = case.images(mnist)
    x = images.x[:num_images]
    results = [
        pysnn.simulate(snn, x, duration=case.duration, dt=DT, max_rate=case.max_rate, seed=seed)
        for seed in range(NUM_SEEDS)
    ]
    # Without right answers, one run of our own stands in for them.
    labels = results.pop().predictions if images.y is None else images.y[:num_images]
    trains = pysnn.poisson_spikes(
        x[:NUM_REPLAYED], duration=case.duration, dt=DT, max_rate=case.max_rate, seed=NUM_SEEDS
    )
    return Problem(
        name=case.key,
        layers=layers(snn),
        probability=(x * np.float32(case.max_rate * DT)).astype(np.float32),
        labels=labels.astype(np.int64),
        num_steps=case.num_steps,
        accuracy=float(np.mean([(result.predictions == labels).mean() for result in results])),
        trains=trains,
        output_spikes=pysnn.simulate(snn, spikes=trains, dt=DT).output_spikes,
    )


def layers(snn: pysnn.SpikingNetwork) -> tuple[Layer, ...]:
    """Return the populations of a chain that starts from potential 0 and resets to zero.

    Raises:
        ValueError: A population has something that `Layer` has no word for.
    """
    sources = ["input", *(population.name for population in snn.populations)]
    return tuple(
        _layer(population, source)
        for population, source in zip(snn.populations, sources[:-1], strict=True)
    )


def _layer(population: Population, source: str) -> Layer:
    plain = (
        [projection.source for projection in population.projections] == [source]
        and population.projections[0].bias is None
        and population.reset == "zero"
        and population.refractory_period == 0
        and not population.initial_potential.any()
        and (population.threshold == population.threshold[0]).all()
    )
    if not plain:
        raise ValueError(f"{population.name} is more than a peer's problem can describe")
    layer, weight = population.projections[0].layer, population.projections[0].weight
    threshold = float(population.threshold[0])
    given: dict[str, Any] = {
        "weight": weight,
        "threshold": threshold,
        "output_shape": population.shape,
    }
    if isinstance(layer, pysnn.Conv2d):
        height, width = weight.shape[2:]
        return Layer(
            **given,
            kind="conv",
            kernel_size=(height, width),
            stride=layer.stride,
            padding=layer.padding,
        )
    if isinstance(layer, pysnn.AvgPool2d):
        return Layer(**given, kind="pool", kernel_size=layer.kernel_size, stride=layer.stride)
    return Layer(**given | {"output_shape": (math.prod(population.shape),)}, kind="linear")
