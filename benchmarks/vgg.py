"""Synaptic operations a second of a VGG-like network, whose weights fit no cache near the core.

3x3 convolutions with padding 1 of 64 to 512 channels on images of 32x32, pools, two dense layers of
4096, 10 outputs. Weights are random; layer by layer the threshold is moved until 7 % of the neurons
fire per step under the spikes of the layer before, and membranes begin anywhere below it, so that
it is so from the first step on. Inputs are random intensities, a tenth of which spikes per step.

Before anything is timed, the spikes of every population for one image are asserted to be those of a
NumPy computation from its source's spikes (one product of matrices per population, by BLAS), bit
for bit, and all thread counts to give the same output spikes. Rounds take the thread counts in
turns.

--ceiling is what the machine adds from its second cache on all threads (ceilings.py measures it).
--layers times networks that end after each population too, in the same rounds; the median
difference of neighbours is what a population costs. A pool runs with the convolution before it,
and the time beside it is that of both.

Usage:
    python benchmarks/vgg.py [--images 16] [--steps 32] [--rounds 7] [--ceiling 113] [--layers]
                             [--precision int16]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
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
ALLOWED = (0.05, 0.10)
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
    return result.spike_trains[stage.name].reshape(*trains.shape[:2], *stage.shape)


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


def plain_currents(layer: Conv2d | AvgPool2d | Linear, weight: Floats, spikes: Spikes) -> Floats:
    """Compute the currents of all steps from the source's spikes, (num_steps, *shape)."""
    values = spikes.astype(np.float32)
    if isinstance(layer, Linear):
        return values.reshape(len(values), -1) @ weight.T
    if isinstance(layer, Conv2d):
        padded = np.pad(values, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = sliding_window_view(padded, (3, 3), axis=(2, 3))
        sums: Floats = np.tensordot(windows, weight, axes=((1, 4, 5), (1, 2, 3)))
        return sums.transpose(0, 3, 1, 2)
    steps, channels, height, width = values.shape
    blocks = values.reshape(steps, channels, height // 2, 2, width // 2, 2)
    currents: Floats = blocks.sum(axis=(3, 5)) * weight[:, np.newaxis, np.newaxis]
    return currents


def plain_spikes(stage: Stage, weight: Floats, source: Spikes) -> Spikes:
    """Simulate one stage for one image from its source's spikes, both (num_steps, ...)."""
    currents = plain_currents(stage.layer, weight, source)
    potential = stage.initial_potential.copy()
    fired = np.empty((len(source), *stage.shape), dtype=np.bool_)
    for step, current in enumerate(currents):
        potential += current
        fired[step] = potential >= np.float32(stage.threshold)
        potential[fired[step]] = 0
    return fired


def check(snn: pysnn.SpikingNetwork, stages: Sequence[Stage], x: Floats, num_steps: int) -> None:
    """Assert that every population's spikes for the first image are those of NumPy."""
    duration = num_steps * DT
    result = pysnn.simulate(snn, x[:1], duration=duration, max_rate=MAX_RATE, record="spikes")
    source = pysnn.poisson_spikes(x[:1], duration=duration, max_rate=MAX_RATE)[:, 0]
    for stage, population in zip(stages, snn.populations, strict=True):
        found = result.spike_trains[stage.name].reshape(num_steps, *stage.shape)
        expected = plain_spikes(stage, population.projections[0].weight, source)
        np.testing.assert_array_equal(found, expected, err_msg=stage.name)
        source = found


def measure(
    runs: Sequence[tuple[pysnn.SpikingNetwork, int]], x: Floats, num_steps: int, rounds: int
) -> NDArray[np.float64]:
    """Time pairs of network and number of threads in turns; seconds, (num_runs, rounds)."""
    seconds: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for (snn, num_threads), times in zip(runs, seconds, strict=True):
            start = time.perf_counter()
            pysnn.simulate(
                snn, x, duration=num_steps * DT, max_rate=MAX_RATE, num_threads=num_threads
            )
            times.append(time.perf_counter() - start)
    return np.array(seconds)


def stage_ends(stages: Sequence[Stage]) -> list[int]:
    """Return after how many stages a network can end without tearing a pool from its source."""
    return [
        end
        for end in range(1, len(stages) + 1)
        if end == len(stages) or not isinstance(stages[end].layer, AvgPool2d)
    ]


def print_stages(
    stages: Sequence[Stage], result: pysnn.SimulationResult, seconds: dict[int, float]
) -> None:
    """Print a row for each population; ``seconds`` has the time of what ends after so many."""
    print(
        "\n| population | shape | firing per step | additions | ms | G additions/s |\n"
        "|---|---|---|---|---|---|"
    )
    operations = result.synaptic_operations.sum(axis=0)
    steps = result.num_steps * result.num_samples
    waiting = 0
    for i, stage in enumerate(stages):
        rate = int(result.spikes[:, i].sum()) / (steps * int(np.prod(stage.shape)))
        waiting += int(operations[i])
        time_and_speed = " | "
        if i + 1 in seconds:
            taken = seconds[i + 1]
            time_and_speed = f"{taken * 1e3:.1f} | {waiting / taken / 1e9:.1f}"
            waiting = 0
        print(
            f"| {stage.name} | {'x'.join(map(str, stage.shape))} | {rate:.1%} "
            f"| {operations[i] / operations.sum():.1%} | {time_and_speed} |"
        )


def main() -> None:
    """Make the network, check it, time it, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--images", type=int, default=16, help="images (default 16)")
    parser.add_argument("--steps", type=int, default=32, help="steps of 1 ms (default 32)")
    parser.add_argument("--rounds", type=int, default=7, help="timed rounds (default 7)")
    parser.add_argument("--ceiling", type=float, help="10^9 additions/s from L2, all threads")
    parser.add_argument("--layers", action="store_true", help="time each population")
    parser.add_argument("--precision", choices=("float32", "int16"), default="float32")
    options = parser.parse_args()
    random = np.random.default_rng(1)
    x = random.random((options.images, *INPUT_SHAPE), dtype=np.float32)
    duration = options.steps * DT
    trains = pysnn.poisson_spikes(x[:CALIBRATION_IMAGES], duration=duration, max_rate=MAX_RATE)
    stages = make_stages(trains, options.precision)
    snn = spiking_network(INPUT_SHAPE, stages, options.precision)
    check(snn, stages, x, options.steps)

    threads = sorted({1, pysnn.default_num_threads()})
    results = [
        pysnn.simulate(snn, x, duration=duration, max_rate=MAX_RATE, num_threads=number)
        for number in threads
    ]
    for result in results:
        np.testing.assert_array_equal(result.output_spikes, results[0].output_spikes)
    neurons = sum(int(np.prod(stage.shape)) for stage in stages)
    rate = int(results[0].spikes.sum()) / (options.images * options.steps * neurons)
    assert ALLOWED[0] <= rate <= ALLOWED[1], f"{rate:.1%} of the neurons fire per step"

    ends = stage_ends(stages) if options.layers else []
    runs = [
        (spiking_network(INPUT_SHAPE, stages[:end], options.precision), threads[-1])
        for end in ends[:-1]
    ]
    runs += [(snn, number) for number in threads]
    seconds = measure(runs, x, options.steps, options.rounds)
    operations = int(results[0].synaptic_operations.sum())
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {options.precision}, "
        f"{options.images} images, {options.steps} steps, {neurons:,} neurons of which {rate:.1%} "
        f"fire per step, {operations / 1e9:.1f} G additions, medians of {options.rounds} rounds\n\n"
        "| threads | images/s | G additions/s | share of the ceiling |\n|---|---|---|---|"
    )
    for number, times in zip(threads, seconds[-len(threads) :], strict=True):
        taken = statistics.median(times)
        reached = operations / taken / 1e9
        share = ""
        if options.ceiling is not None and number == threads[-1]:
            share = f"{reached / options.ceiling:.0%}"
        print(f"| {number} | {options.images / taken:.2f} | {reached:.1f} | {share} |")
    # The whole network, on all threads, is the last of both.
    of_ends = np.concatenate([seconds[: len(ends) - 1], seconds[-1:]]) if ends else seconds[:0]
    costs = np.median(np.diff(of_ends, axis=0, prepend=0.0), axis=1)
    print_stages(stages, results[0], dict(zip(ends, costs.tolist(), strict=True)))


if __name__ == "__main__":
    main()
