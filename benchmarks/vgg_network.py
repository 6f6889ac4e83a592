"""A VGG-like network with random weights, whose neurons fire as often as a trained one's.

3x3 convolutions with padding 1 of 64 to 512 channels on images of 32x32, pools, two dense layers of
4096, 10 outputs. Layer by layer the threshold is moved until 7 % of the neurons fire per step under
the spikes of the layer before, and membranes begin anywhere below it, so that it is so from the
first step on. Inputs are random intensities, a tenth of which spikes per step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

import pysnn
from pysnn.nodes import AvgPool2d, Conv2d, Linear

Floats = NDArray[np.float32]
Spikes = NDArray[np.bool_]
Precision = Literal["float32", "int16"]

INPUT_SHAPE = (3, 32, 32)
# Channels of the convolutions; 0 is a pool.
CONVOLUTIONS = (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0)
DENSE = (4096, 4096, 10)
MAX_RATE = 200.0  # Hz; the mean intensity is a half
DT = 1e-3  # s
TARGET = 0.07  # of the neurons fire per step
CALIBRATION_IMAGES = 2


@dataclass(frozen=True)
class Stage:
    """A population with the layer that feeds it.

    Attributes:
        name: Of the population.
        layer: What feeds it from the stage before.
        shape: Of the population.
        threshold: The same for all neurons.
        initial_potential: (*shape), below the threshold.
    """

    name: str
    layer: Conv2d | AvgPool2d | Linear
    shape: tuple[int, ...]
    threshold: float
    initial_potential: Floats


def spiking_network(
    input_shape: tuple[int, ...], stages: Sequence[Stage], precision: Precision
) -> pysnn.SpikingNetwork:
    """Put stages behind one another."""
    snn = pysnn.SpikingNetwork(input_shape, precision=precision)
    source = "input"
    for stage in stages:
        snn.add_population(
            stage.name,
            stage.shape,
            threshold=stage.threshold,
            initial_potential=stage.initial_potential,
        )
        snn.connect(source, stage.name, stage.layer)
        source = stage.name
    return snn


def random_weight(random: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Draw weights whose sum over a step's events has about half its spread as its mean.

    Without a mean most membranes would wander off to where they never fire; with a large one all
    neurons would fire in a clock's rhythm.
    """
    events = TARGET * float(np.prod(shape[1:]))
    weight = random.standard_normal(shape, dtype=np.float32)
    weight += np.float32(0.5 / np.sqrt(events))
    return weight


def run_stage(stage: Stage, trains: Spikes, precision: Precision) -> Spikes:
    """Return the spikes of one stage, (num_steps, num_samples, *shape)."""
    snn = spiking_network(trains.shape[2:], [stage], precision)
    result = pysnn.simulate(snn, spikes=trains, record="spikes")
    return result.spikes(stage.name).reshape(*trains.shape[:2], *stage.shape)


def pool_stage(name: str, trains: Spikes, random: np.random.Generator) -> Stage:
    """Make a pool; a window's neurons fire together once in so many spikes as it has places."""
    layer = AvgPool2d(2)
    shape = layer.output_shape(trains.shape[2:])
    quarters = random.integers(0, 4, shape).astype(np.float32)
    return Stage(name, layer, shape, 1.0, quarters / np.float32(4))


def weighted_stage(
    name: str,
    layer: Conv2d | Linear,
    trains: Spikes,
    precision: Precision,
    random: np.random.Generator,
) -> Stage:
    """Find the threshold at which the wanted share of the neurons fires per step."""
    shape = layer.output_shape(trains.shape[2:])
    phase = random.random(shape, dtype=np.float32)

    def at(threshold: float) -> Stage:
        return Stage(name, layer, shape, threshold, phase * np.float32(threshold))

    low, high = 0.0, float(np.sqrt(TARGET * layer.weight[0].size) / TARGET)
    while run_stage(at(high), trains, precision).mean() > TARGET:
        low, high = high, 2 * high
    for _ in range(12):
        middle = (low + high) / 2
        rate = run_stage(at(middle), trains, precision).mean()
        if abs(rate - TARGET) < 0.002:
            return at(middle)
        low, high = (middle, high) if rate > TARGET else (low, middle)
    return at(high)


def make_stages(trains: Spikes, precision: Precision) -> list[Stage]:
    """Make all stages, each for the spikes of the one before; ``trains`` are the input's."""
    random = np.random.default_rng(0)
    stages: list[Stage] = []
    for i, width in enumerate((*CONVOLUTIONS, *DENSE)):
        stage: Stage
        if width == 0:
            stage = pool_stage(f"pool{i + 1}", trains, random)
        elif i < len(CONVOLUTIONS):
            weight = random_weight(random, (width, trains.shape[2], 3, 3))
            conv = Conv2d(weight, padding=1)
            stage = weighted_stage(f"conv{i + 1}", conv, trains, precision, random)
        else:
            weight = random_weight(random, (width, int(np.prod(trains.shape[2:]))))
            stage = weighted_stage(f"dense{i + 1}", Linear(weight), trains, precision, random)
        trains = run_stage(stage, trains, precision)
        stages.append(stage)
    return stages
