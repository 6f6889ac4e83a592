"""How the cost of a simulation grows: one thing is varied at a time, the rest stays.

Steps, input rate and samples on the trained FCN; width, depth, channels and image sizes on networks
with random weights whose thresholds let a few percent of the neurons fire per step, with sizes on
both sides of the kernels' own (16, 64 and 128 neurons), so that a cliff would show. Rounds take the
settings of a table in turns; medians.

Usage:
    python benchmarks/scaling.py [--rounds 5] [--threads 1]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from cases import FCN
from numpy.typing import NDArray

import pysnn
from pysnn.nodes import AvgPool2d, Conv2d, Linear

DT = 1e-3  # s
Images = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Setting:
    """A row of a table: what varies, the network, and the call that is timed."""

    value: str
    snn: pysnn.SpikingNetwork
    run: Callable[[], pysnn.SimulationResult]

    @property
    def num_neurons(self) -> int:
        """Number of neurons of the network."""
        return sum(population.num_neurons for population in self.snn.populations)


def table(title: str, settings: Sequence[Setting], rounds: int) -> None:
    """Time settings in turns and print a row for each."""
    results = [setting.run() for setting in settings]
    seconds: list[list[float]] = [[] for _ in settings]
    for _ in range(rounds):
        for setting, times in zip(settings, seconds, strict=True):
            start = time.perf_counter()
            setting.run()
            times.append(time.perf_counter() - start)
    print(
        f"\n| {title} | microseconds per sample | G synaptic operations/s | spikes per neuron and "
        "step |\n|---|---|---|---|"
    )
    for setting, result, times in zip(settings, results, seconds, strict=True):
        median = statistics.median(times)
        operations = int(result.synaptic_operations.sum())
        assert operations > 0, f"{title} {setting.value}: nothing happens"
        neurons = setting.num_neurons
        rate = int(result.num_spikes.sum()) / (result.num_samples * result.num_steps * neurons)
        print(
            f"| {setting.value} | {median / result.num_samples * 1e6:,.1f} "
            f"| {operations / median / 1e9:.1f} | {rate:.1%} |",
            flush=True,
        )


def trained(rounds: int, threads: int) -> None:
    """Steps, rate and samples on the paper's FCN."""
    mnist = pysnn.datasets.load_mnist()
    snn = FCN.spiking_network(mnist)

    def run(steps: int = 100, rate: float = 1000.0, samples: int = 500) -> Setting:
        x = mnist.x_test[:samples]
        return Setting(
            "",
            snn,
            lambda: pysnn.simulate(snn, x, duration=steps * DT, max_rate=rate, num_threads=threads),
        )

    def named(value: str, setting: Setting) -> Setting:
        return replace(setting, value=value)

    steps = [named(str(n), run(steps=n, samples=200)) for n in (1, 10, 50, 100, 200, 500)]
    table("FCN, 1000 Hz: steps", steps, rounds)
    rates = [named(f"{r:.0f} Hz", run(rate=r)) for r in (10.0, 50.0, 200.0, 500.0, 1000.0)]
    table("FCN, 100 steps: input rate", rates, rounds)
    samples = [named(str(n), run(samples=n)) for n in (1, 4, 16, 64, 256, 1000)]
    table("FCN, 1000 Hz, 100 steps: samples", samples, rounds)


def random_network(
    input_shape: tuple[int, ...], layers: Sequence[Conv2d | AvgPool2d | Linear], precision: str
) -> pysnn.SpikingNetwork:
    """Put layers behind one another; every population's threshold is 1."""
    snn = pysnn.SpikingNetwork(
        input_shape, precision="int16" if precision == "int16" else "float32"
    )
    source, shape = "input", input_shape
    for i, layer in enumerate(layers):
        shape = layer.output_shape(shape)
        snn.add_population(f"p{i}", shape)
        snn.connect(source, f"p{i}", layer)
        source = f"p{i}"
    return snn


def weights(random: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    """Draw weights that make some of the neurons fire now and then, whatever the fan-in."""
    fan_in = int(np.prod(shape[1:]))
    weight = random.standard_normal(shape, dtype=np.float32) + np.float32(0.2)
    scaled: NDArray[np.float32] = weight * np.float32(0.6 / np.sqrt(fan_in))
    return scaled


def made(
    value: str,
    input_shape: tuple[int, ...],
    layers: Sequence[Conv2d | AvgPool2d | Linear],
    threads: int,
    samples: int,
    precision: str = "float32",
) -> Setting:
    """Return the simulation of a random network under random images at 100 Hz."""
    snn = random_network(input_shape, layers, precision)
    x = np.random.default_rng(1).random((samples, *input_shape), dtype=np.float32)
    return Setting(
        value,
        snn,
        lambda: pysnn.simulate(snn, x, duration=0.1, max_rate=100.0, num_threads=threads),
    )


def fully_connected(rounds: int, threads: int) -> None:
    """Width and depth."""
    random = np.random.default_rng(0)

    def chain(width: int, depth: int, precision: str = "float32") -> Setting:
        sizes = [784] + depth * [width] + [10]
        layers = [Linear(weights(random, out, n)) for n, out in pairwise(sizes)]
        return made(f"{width} x {depth}", (784,), layers, threads, 64, precision)

    widths = (60, 64, 65, 127, 128, 129, 500, 1200, 1201, 4096)
    table("hidden neurons x layers, float32", [chain(w, 2) for w in widths], rounds)
    table("hidden neurons x layers, int16", [chain(w, 2, "int16") for w in widths], rounds)
    table("hidden neurons x layers, float32", [chain(500, d) for d in (1, 2, 4, 8)], rounds)


def convolutional(rounds: int, threads: int) -> None:
    """Channels and image sizes."""
    random = np.random.default_rng(0)

    def net(channels: int, size: int = 16) -> Setting:
        layers = [
            Conv2d(weights(random, channels, 3, 3, 3), padding=1),
            Conv2d(weights(random, channels, channels, 3, 3), padding=1),
        ]
        return made(f"{channels} at {size} x {size}", (3, size, size), layers, threads, 8)

    table("channels at size", [net(c) for c in (12, 16, 17, 32, 33, 63, 64, 65, 128, 130)], rounds)
    table("channels at size", [net(32, s) for s in (7, 8, 9, 15, 16, 17, 31, 32, 33)], rounds)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds (default 5)")
    parser.add_argument("--threads", type=int, default=1, help="threads (default 1)")
    options = parser.parse_args()
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {options.threads} threads, medians "
        f"of {options.rounds} rounds"
    )
    trained(options.rounds, options.threads)
    fully_connected(options.rounds, options.threads)
    convolutional(options.rounds, options.threads)


if __name__ == "__main__":
    main()
