"""Synaptic operations a second of a VGG-like network, whose weights fit no cache near the core.

The network is that of vgg_network.py.

Before anything is timed, the spikes of every population for one image are asserted to be those of a
NumPy computation from its source's spikes (one product of matrices per population, by BLAS), bit
for bit, and all thread counts to give the same output spikes. Rounds take precisions and thread
counts in turns.

--ceiling is what the machine adds from its second cache on all threads (ceilings.py measures it).
--layers times networks of the first precision that end after each population too, in the same
rounds; the median difference of neighbours is what a population costs. A pool runs with the
convolution before it, and the time beside it is that of both.

Usage:
    python benchmarks/vgg.py [--images 16] [--steps 32] [--rounds 7] [--ceiling 113] [--layers]
                             [--precisions float32 int16]
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from turns import clocked, in_turns, times_as_fast
from vgg_network import (
    CALIBRATION_IMAGES,
    DT,
    INPUT_SHAPE,
    MAX_RATE,
    Floats,
    Precision,
    Spikes,
    Stage,
    make_stages,
    spiking_network,
)

import pysnn
from pysnn.nodes import AvgPool2d, Conv2d, Linear

ALLOWED = (0.05, 0.10)  # of the neurons fire per step


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
        found = result.spikes(stage.name).reshape(num_steps, *stage.shape)
        expected = plain_spikes(stage, population.projections[0].weight, source)
        np.testing.assert_array_equal(found, expected, err_msg=stage.name)
        source = found


@dataclass(frozen=True, eq=False)
class Run:
    """A network of the stages, or of the first of them, on a number of threads.

    Attributes:
        snn: The network.
        precision: Of its weights.
        threads: Threads.
        result: What one run gave; every run gives the same.
    """

    snn: pysnn.SpikingNetwork
    precision: Precision
    threads: int
    result: pysnn.SimulationResult

    @property
    def operations(self) -> int:
        """Synaptic operations of a run."""
        return int(self.result.synaptic_operations.sum())


def simulate(
    snn: pysnn.SpikingNetwork, x: Floats, num_steps: int, threads: int
) -> pysnn.SimulationResult:
    """Simulate all images."""
    return pysnn.simulate(snn, x, duration=num_steps * DT, max_rate=MAX_RATE, num_threads=threads)


def prepare(stages: Sequence[Stage], precision: Precision, x: Floats, num_steps: int) -> list[Run]:
    """Return the network on one thread and on all, shown to be right."""
    snn = spiking_network(INPUT_SHAPE, stages, precision)
    check(snn, stages, x, num_steps)
    runs = [
        Run(snn, precision, threads, simulate(snn, x, num_steps, threads))
        for threads in sorted({1, pysnn.default_num_threads()})
    ]
    for run in runs:
        np.testing.assert_array_equal(run.result.output_spikes, runs[0].result.output_spikes)
    rate = firing_rate(runs[0].result, stages)
    assert ALLOWED[0] <= rate <= ALLOWED[1], f"{rate:.1%} of the neurons fire per step"
    return runs


def firing_rate(result: pysnn.SimulationResult, stages: Sequence[Stage]) -> float:
    """Return the share of the neurons that fire in a step."""
    return int(result.num_spikes.sum()) / (result.num_samples * result.num_steps * neurons(stages))


def neurons(stages: Sequence[Stage]) -> int:
    """Return the number of neurons."""
    return sum(int(np.prod(stage.shape)) for stage in stages)


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
        rate = int(result.num_spikes[:, i].sum()) / (steps * int(np.prod(stage.shape)))
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


def print_runs(
    runs: Sequence[Run], seconds: Sequence[Sequence[float]], ceiling: float | None
) -> None:
    """Print a row for each run, those of the first precision first."""
    print(
        "| precision | threads | images/s | G additions/s | share of the ceiling "
        "| times the first precision |\n|---|---|---|---|---|---|"
    )
    first = {
        run.threads: times
        for run, times in zip(runs, seconds, strict=True)
        if run.precision == runs[0].precision
    }
    most = max(first)
    for run, times in zip(runs, seconds, strict=True):
        taken = statistics.median(times)
        reached = run.operations / taken / 1e9
        share = f"{reached / ceiling:.0%}" if ceiling and run.threads == most else ""
        print(
            f"| {run.precision} | {run.threads} | {run.result.num_samples / taken:.2f} "
            f"| {reached:.1f} | {share} | {times_as_fast(times, first[run.threads]):.2f} |"
        )


def parse() -> argparse.Namespace:
    """Return the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("--images", type=int, default=16, help="images (default 16)")
    add("--steps", type=int, default=32, help="steps of 1 ms (default 32)")
    add("--rounds", type=int, default=7, help="timed rounds (default 7)")
    add("--ceiling", type=float, help="10^9 float32 additions/s from L2, all threads")
    add("--layers", action="store_true", help="time each population")
    add("--precisions", nargs="+", choices=("float32", "int16"), default=["float32"])
    return parser.parse_args()


def main() -> None:
    """Make the network, check it, time it, and print."""
    options = parse()
    x = np.random.default_rng(1).random((options.images, *INPUT_SHAPE), dtype=np.float32)
    duration = options.steps * DT
    trains = pysnn.poisson_spikes(x[:CALIBRATION_IMAGES], duration=duration, max_rate=MAX_RATE)
    first = options.precisions[0]
    stages = make_stages(trains, first)
    runs = [
        run
        for precision in dict.fromkeys(options.precisions)
        for run in prepare(stages, precision, x, options.steps)
    ]
    threads = max(run.threads for run in runs)
    ends = stage_ends(stages) if options.layers else []
    beginnings = [spiking_network(INPUT_SHAPE, stages[:end], first) for end in ends[:-1]]
    timed = [*((snn, threads) for snn in beginnings), *((run.snn, run.threads) for run in runs)]
    seconds = in_turns(
        [clocked(partial(simulate, snn, x, options.steps, number)) for snn, number in timed],
        options.rounds,
    )
    whole = seconds[len(beginnings) :]
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {options.images} images, "
        f"{options.steps} steps, {neurons(stages):,} neurons of which "
        f"{firing_rate(runs[0].result, stages):.1%} fire per step, "
        f"{runs[0].operations / 1e9:.1f} G additions, medians of {options.rounds} rounds in turns\n"
    )
    print_runs(runs, whole, options.ceiling)
    costs: dict[int, float] = {}
    if ends:
        last = next(times for run, times in zip(runs, whole, strict=True) if run.threads == threads)
        of_ends = np.array([*seconds[: len(beginnings)], last])
        medians = np.median(np.diff(of_ends, axis=0, prepend=0.0), axis=1)
        costs = dict(zip(ends, medians.tolist(), strict=True))
    print_stages(stages, runs[0].result, costs)


if __name__ == "__main__":
    main()
