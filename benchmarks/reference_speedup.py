"""Compare pysnn.simulate on one thread with the plain NumPy loop, on the paper's FCN.

Both sides have the same weights and the same spike trains, and their output spikes are asserted
to be equal before anything is timed. The loop does one matmul per layer and step, on one BLAS
thread and at the best of several batch sizes; it gets its spike trains ready-made, while pysnn is
timed both with them and with drawing them itself.

Usage:
    python benchmarks/reference_speedup.py [--images 1000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from cases import FCN
from numpy.typing import NDArray

import pysnn

BATCH_SIZES = (10, 25, 50, 100, 200, 500, 1000)
ONE_BLAS_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def numpy_loop(
    weights: list[NDArray[np.float32]], spikes: NDArray[np.bool_], batch_size: int
) -> NDArray[np.bool_]:
    """Simulate fully connected populations (threshold 1, reset to zero) step by step.

    Args:
        weights: One (in, out) matrix per population.
        spikes: Input, (num_steps, num_samples, num_inputs).
        batch_size: Samples that are simulated at once.

    Returns:
        Output spikes, (num_steps, num_samples, num_classes).
    """
    num_steps, num_samples = spikes.shape[:2]
    output = np.empty((num_steps, num_samples, weights[-1].shape[1]), dtype=np.bool_)
    for start in range(0, num_samples, batch_size):
        part = slice(start, start + batch_size)
        size = len(range(num_samples)[part])
        membrane = [np.zeros((size, w.shape[1]), dtype=np.float32) for w in weights]
        for step in range(num_steps):
            fired = spikes[step, part]
            for weight, v in zip(weights, membrane, strict=True):
                v += fired.astype(np.float32) @ weight
                fired = v >= 1.0
                v[fired] = 0.0
            output[step, part] = fired
    return output


def seconds(call: Callable[[], object]) -> float:
    """Return the wall-clock time of a call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def compare(num_images: int, num_rounds: int) -> None:
    """Assert that both sides agree, time them in turns, and print the medians."""
    mnist = pysnn.datasets.load_mnist(flat=True)
    snn = FCN.spiking_network(mnist)
    x = mnist.x_test[:num_images]
    duration = FCN.num_steps * 1e-3
    spikes = pysnn.poisson_spikes(x, duration=duration, max_rate=FCN.max_rate)
    weights = [
        np.ascontiguousarray(population.projections[0].weight.T) for population in snn.populations
    ]

    def drawn() -> pysnn.SimulationResult:
        return pysnn.simulate(snn, x, duration=duration, max_rate=FCN.max_rate, num_threads=1)

    def given() -> pysnn.SimulationResult:
        return pysnn.simulate(snn, spikes=spikes, num_threads=1)

    result = drawn()
    expected = numpy_loop(weights, spikes, 100)
    np.testing.assert_array_equal(result.output_spikes, expected)
    np.testing.assert_array_equal(given().output_spikes, expected)

    trials = {
        size: seconds(partial(numpy_loop, weights, spikes, size))
        for size in BATCH_SIZES
        if size <= num_images
    }
    best = min(trials, key=lambda size: trials[size])
    calls: dict[str, Callable[[], object]] = {
        f"NumPy loop, batches of {best}": lambda: numpy_loop(weights, spikes, best),
        "pysnn, spike trains given": given,
        "pysnn, spike trains drawn": drawn,
    }
    times: dict[str, list[float]] = {name: [] for name in calls}
    # In turns, so that a machine that slows down slows all of them.
    for _ in range(num_rounds):
        for name, call in calls.items():
            times[name].append(seconds(call))

    operations = int(result.synaptic_operations.sum())
    accuracy = result.accuracy(mnist.y_test[:num_images])[-1]
    print(f"{FCN.name}: {num_images} images x {FCN.num_steps} steps, CPU {pysnn.cpu_target()}")
    print(f"one thread, medians of {num_rounds} rounds, equal output spikes, {accuracy:.2%} right,")
    print(f"{operations / num_images:.3g} synaptic operations per image")
    medians = {name: statistics.median(values) for name, values in times.items()}
    loop = next(iter(medians.values()))
    for name, median in medians.items():
        print(
            f"  {name:<32} {num_images / median:9.1f} images/s  "
            f"{operations / median:9.3g} synaptic operations/s  {loop / median:6.2f} : 1"
        )


def main() -> int:
    """Run the comparison in a process whose BLAS has one thread."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--images", type=int, default=1000, help="test images (default 1000)")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds (default 5)")
    arguments = parser.parse_args()
    if any(os.environ.get(name) != value for name, value in ONE_BLAS_THREAD.items()):
        # BLAS reads these when it is loaded, which has happened in this process.
        command = [sys.executable, __file__, *sys.argv[1:]]
        return subprocess.run(command, env={**os.environ, **ONE_BLAS_THREAD}).returncode
    compare(arguments.images, arguments.rounds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
