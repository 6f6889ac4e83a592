"""What the options of a simulation cost: the trained FCN with each of them, against none.

Rounds take all settings in turns; a ratio is taken inside each round, and the median is printed.
Recorded spikes, counts and a refractory period of 0 are asserted to leave the output spikes alone.

Usage:
    python benchmarks/options.py [--images 1000] [--rounds 7] [--threads 2]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from cases import FCN
from numpy.typing import NDArray

import pysnn
from pysnn.layers import Linear

Run = Callable[[], pysnn.SimulationResult]


def copy_of(
    snn: pysnn.SpikingNetwork,
    *,
    reset: str = "zero",
    refractory_period: float = 0.0,
    spread: float = 0.0,
    split: bool = False,
) -> pysnn.SpikingNetwork:
    """Build the network again with other neurons.

    Args:
        snn: A chain of Linear projections.
        reset: Reset of all populations.
        refractory_period: In s, of all populations.
        spread: Thresholds are drawn from [1 - spread, 1 + spread], one per neuron.
        split: Each projection becomes two of half the weights.
    """
    random = np.random.default_rng(0)
    copy = pysnn.SpikingNetwork(snn.input_shape, precision=snn.precision)
    source = "input"
    for population in snn.populations:
        thresholds: NDArray[np.float32] = np.ones(population.shape, dtype=np.float32)
        thresholds += random.uniform(-spread, spread, population.shape).astype(np.float32)
        copy.add_population(
            population.name,
            population.shape,
            threshold=thresholds if spread > 0 else 1.0,
            reset="subtract" if reset == "subtract" else "zero",
            refractory_period=refractory_period,
        )
        weight = population.projections[0].weight
        parts = [weight / 2, weight / 2] if split else [weight]
        for part in parts:
            copy.connect(source, population.name, Linear(part))
        source = population.name
    return copy


def settings(snn: pysnn.SpikingNetwork, x: NDArray[np.float32], threads: int) -> dict[str, Run]:
    """Return the simulations to time; the first is the plain one."""

    def run(network: pysnn.SpikingNetwork, record: tuple[str, ...] = ()) -> Run:
        return lambda: pysnn.simulate(
            network,
            x,
            duration=FCN.num_steps * 1e-3,
            max_rate=FCN.max_rate,
            num_threads=threads,
            record=record,
        )

    plain = copy_of(snn)
    return {
        "none": run(plain),
        'record="counts"': run(plain, ("counts",)),
        'record="spikes"': run(plain, ("spikes",)),
        'record="potentials"': run(plain, ("potentials",)),
        'reset="subtract"': run(copy_of(snn, reset="subtract")),
        "refractory_period=2e-3": run(copy_of(snn, refractory_period=2e-3)),
        "a threshold per neuron": run(copy_of(snn, spread=0.05)),
        "two projections of half the weights each": run(copy_of(snn, split=True)),
    }


def main() -> None:
    """Check, time and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--images", type=int, default=1000, help="test images (default 1000)")
    parser.add_argument("--rounds", type=int, default=7, help="timed rounds (default 7)")
    parser.add_argument("--threads", type=int, default=2, help="threads (default 2)")
    options = parser.parse_args()
    mnist = pysnn.datasets.load_mnist(flat=True)
    snn = FCN.spiking_network(mnist)
    runs = settings(snn, mnist.x_test[: options.images], options.threads)
    results = {name: run() for name, run in runs.items()}
    for name, result in results.items():
        if name.startswith("record"):
            np.testing.assert_array_equal(result.output_spikes, results["none"].output_spikes)
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(options.rounds):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {FCN.name}, {FCN.max_rate:.0f} Hz, "
        f"{options.images} images, {options.threads} threads, medians of {options.rounds} rounds\n"
        "\n| option | times as long | G synaptic operations/s |\n|---|---|---|"
    )
    for name, times in seconds.items():
        ratios = [a / b for a, b in zip(times, seconds["none"], strict=True)]
        operations = int(results[name].synaptic_operations.sum())
        print(
            f"| {name} | {statistics.median(ratios):.2f} "
            f"| {operations / statistics.median(times) / 1e9:.1f} |"
        )


if __name__ == "__main__":
    main()
