"""Print images and synaptic operations a second of pysnn.simulate, per network, rate and threads.

The output spikes of all settings of a case are asserted to be equal before they are timed.
PYSNN_CPU=baseline|avx2|avx512|neon forces an instruction set.

Usage:
    python benchmarks/throughput.py [--images 2000] [--rounds 7]
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import replace

import numpy as np
from cases import CONVNET, FCN, Case

import pysnn
from pysnn.datasets import Mnist


def measure(case: Case, mnist: Mnist, num_images: int, rounds: int) -> None:
    """Print one row per number of threads."""
    snn = case.spiking_network(mnist)
    x = mnist.x_test[:num_images]
    duration = case.num_steps * 1e-3
    threads = sorted({1, pysnn.default_num_threads()})

    def run(num_threads: int) -> pysnn.SimulationResult:
        return pysnn.simulate(
            snn, x, duration=duration, max_rate=case.max_rate, num_threads=num_threads
        )

    results = {number: run(number) for number in threads}
    for result in results.values():
        np.testing.assert_array_equal(result.output_spikes, results[1].output_spikes)
    seconds: dict[int, list[float]] = {number: [] for number in threads}
    for _ in range(rounds):
        for number in threads:
            start = time.perf_counter()
            run(number)
            seconds[number].append(time.perf_counter() - start)
    accuracy = results[1].accuracy(mnist.y_test[:num_images])[-1]
    operations = int(results[1].synaptic_operations.sum())
    for number in threads:
        median = statistics.median(seconds[number])
        print(
            f"| {case.name} | {case.max_rate:.0f} Hz | {number} | {num_images / median:,.0f} "
            f"| {operations / median / 1e9:.1f} | {accuracy:.2%} |",
            flush=True,
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=2000, help="test images (default 2000)")
    parser.add_argument("--rounds", type=int, default=7, help="timed rounds (default 7)")
    options = parser.parse_args()
    mnist = pysnn.datasets.load_mnist()
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {options.images} images, 100 steps, "
        f"medians of {options.rounds} rounds\n\n"
        "| network | input | threads | images/s | G synaptic operations/s | right |\n"
        "|---|---|---|---|---|---|"
    )
    for case in (FCN, CONVNET):
        for rate in (1000.0, 200.0):
            measure(replace(case, max_rate=rate), mnist, options.images, options.rounds)


if __name__ == "__main__":
    main()
