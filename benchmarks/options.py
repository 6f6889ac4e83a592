"""What the options of a simulation cost: the trained FCN with each of them, against none.

Rounds take all settings in turns; a ratio is taken inside each round, and the median is printed.
Before anything is timed, recording is asserted to leave the output spikes alone, evenly spaced
input to be that of `regular_spikes`, constant current to classify as well, and a diagnosis to see
what the simulation does. The last rows are `diagnose`, which is several simulations: for K
populations one for each seed, and K + 1 without chance.

Usage:
    python benchmarks/options.py [--images 1000] [--rounds 7] [--threads 2]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from cases import FCN, TrainedOnMnist
from numpy.typing import NDArray

import pysnn
from pysnn.nodes import Linear
from pysnn.spiking import Encoding

Result = pysnn.SimulationResult | pysnn.ConversionReport
Run = Callable[[], Result]


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


def relu_network() -> pysnn.Network:
    """Return the network that the spiking one was made of."""
    source = FCN.source
    assert isinstance(source, TrainedOnMnist)
    return source.network()


def settings(snn: pysnn.SpikingNetwork, x: NDArray[np.float32], threads: int) -> dict[str, Run]:
    """Return what to time; the first is the plain simulation."""
    common: dict[str, Any] = {
        "duration": FCN.duration,
        "max_rate": FCN.max_rate,
        "num_threads": threads,
    }

    def run(network: pysnn.SpikingNetwork, *record: str, encoding: Encoding = "poisson") -> Run:
        return lambda: pysnn.simulate(network, x, record=record, encoding=encoding, **common)

    def diagnose(num_seeds: int) -> Run:
        network = relu_network()
        return lambda: pysnn.diagnose(
            network, snn, x, num_seeds=num_seeds, progress=False, **common
        )

    plain = copy_of(snn)
    return {
        "none": run(plain),
        'record="counts"': run(plain, "counts"),
        'record="spikes"': run(plain, "spikes"),
        'record="potentials"': run(plain, "potentials"),
        'record="balance"': run(plain, "balance"),
        'encoding="regular"': run(plain, encoding="regular"),
        'encoding="constant"': run(plain, encoding="constant"),
        'reset="subtract"': run(copy_of(snn, reset="subtract")),
        "refractory_period=2e-3": run(copy_of(snn, refractory_period=2e-3)),
        "a threshold per neuron": run(copy_of(snn, spread=0.05)),
        "two projections of half the weights each": run(copy_of(snn, split=True)),
        "diagnose, 1 seed": diagnose(1),
        "diagnose, 3 seeds": diagnose(3),
    }


def check(results: dict[str, Result], x: NDArray[np.float32], y: NDArray[np.uint8]) -> None:
    """Assert what can be known of the results without timing them."""
    plain = results["none"]
    assert isinstance(plain, pysnn.SimulationResult)
    accuracy = float(plain.accuracy(y)[-1])
    for name, result in results.items():
        if isinstance(result, pysnn.ConversionReport):
            agreement = (plain.predictions == relu_network().classify(x)).mean()
            assert result.accuracies.by_seed[0] == agreement, name
        elif name.startswith("record"):
            np.testing.assert_array_equal(result.output_spikes, plain.output_spikes, name)
        elif name == 'encoding="regular"':
            spikes = pysnn.regular_spikes(x, duration=FCN.duration, max_rate=FCN.max_rate)
            np.testing.assert_array_equal(result.num_input_spikes, spikes.sum(axis=(0, 2)), name)
        elif name == 'encoding="constant"':
            assert not result.num_input_spikes.any(), name
            assert abs(float(result.accuracy(y)[-1]) - accuracy) < 0.02, name


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
    check(results, mnist.x_test[: options.images], mnist.y_test[: options.images])
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(options.rounds):
        for name, run in runs.items():
            runs["none"]()  # whatever the last one left spinning or in the caches has gone then
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {FCN.name}, {FCN.max_rate:.0f} Hz, "
        f"{options.images} images, {options.threads} threads, medians of {options.rounds} rounds\n"
        "\n| option | times as long | images/s | G synaptic operations/s |\n|---|---|---|---|"
    )
    for name, times in seconds.items():
        ratios = [a / b for a, b in zip(times, seconds["none"], strict=True)]
        median = statistics.median(times)
        print(
            f"| {name} | {statistics.median(ratios):.2f} | {options.images / median:,.0f} "
            f"| {operations_text(results[name], median)} |"
        )


def operations_text(result: Result, seconds: float) -> str:
    """Return G synaptic operations per second; a diagnosis does not say how many it did."""
    if isinstance(result, pysnn.ConversionReport):
        return "-"
    return f"{result.synaptic_operations.sum() / seconds / 1e9:.1f}"


if __name__ == "__main__":
    main()
