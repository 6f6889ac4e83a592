"""Time single convolutions of the sizes that real networks have, one population at a time.

Networks of one and of four populations that read the same spikes differ by three populations; the
time between them, divided by three, is that of one: input, output and what a call costs drop out.
Prints a line for each case: G synaptic operations a second (those that spikes and fan-outs give,
not multiplications of a dense convolution), and nanoseconds for each position and step.

Usage:
    python benchmarks/convolutions.py [--threads 1] [--activity 0.1] [--samples 32] [--steps 32]
        [--rounds 7]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

import pysnn

Synapses = Callable[[int, np.random.Generator], Any]


def _conv(channels: int, rng: np.random.Generator) -> pysnn.Conv2d:
    weight = rng.normal(0, 0.1, (channels, channels, 3, 3)).astype(np.float32)
    return pysnn.Conv2d(weight, padding=1)


def _depthwise(channels: int, rng: np.random.Generator) -> pysnn.Conv2d:
    weight = rng.normal(0, 0.3, (channels, 1, 3, 3)).astype(np.float32)
    return pysnn.Conv2d(weight, padding=1, groups=channels)


def _identity(channels: int, rng: np.random.Generator) -> pysnn.Identity:
    return pysnn.Identity(rng.uniform(0.1, 0.5, channels).astype(np.float32))


KINDS: dict[str, Synapses] = {"3x3": _conv, "depthwise 3x3": _depthwise, "identity": _identity}


@dataclass(frozen=True)
class Case:
    """Synapses of a kind from an image of some channels onto one alike.

    Attributes:
        kind: A name of KINDS.
        channels: Of both images.
        side: Their height and width.
        precision: Of the weights.
    """

    kind: str
    channels: int
    side: int
    precision: Literal["float32", "int16"] = "float32"

    def network(self, num_populations: int) -> pysnn.SpikingNetwork:
        """Return so many populations that read the input, and an output that hears nothing."""
        rng = np.random.default_rng(0)
        shape = (self.channels, self.side, self.side)
        snn = pysnn.SpikingNetwork(shape, precision=self.precision)
        for i in range(num_populations):
            snn.add_population(f"image{i}", shape, reset="subtract", initial_potential=0.5)
            snn.connect("input", f"image{i}", KINDS[self.kind](self.channels, rng))
        snn.add_population("output", 1)
        silence = np.zeros((1, self.channels * self.side**2), np.float32)
        snn.connect(f"image{num_populations - 1}", "output", pysnn.Linear(silence))
        return snn


CASES = [
    *(Case("3x3", channels, side) for channels, side in ((16, 32), (32, 16), (64, 8), (64, 16))),
    *(Case("3x3", channels, side, "int16") for channels, side in ((16, 32), (32, 16), (64, 16))),
    *(Case("3x3", channels, 16) for channels in (63, 65, 128, 130)),
    *(Case(kind, channels, 16) for kind in ("depthwise 3x3", "identity") for channels in (32, 64)),
]


def measure(case: Case, options: argparse.Namespace) -> tuple[float, float]:
    """Return seconds and synaptic operations of one population."""
    rng = np.random.default_rng(1)
    shape = (options.samples, options.steps, case.channels, case.side, case.side)
    spikes: NDArray[np.bool_] = rng.random(shape, np.float32) < options.activity
    few, many = case.network(1), case.network(4)
    seconds: list[float] = []
    for _ in range(options.rounds + 1):
        times = []
        for snn in (few, many):
            start = time.perf_counter()
            result = pysnn.simulate(snn, spikes=spikes, num_threads=options.threads)
            times.append(time.perf_counter() - start)
        seconds.append((times[1] - times[0]) / 3)
    operations = float(result.synaptic_operations[:, :4].sum()) / 4
    return statistics.median(seconds[1:]), operations  # the first round warms up


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--activity", type=float, default=0.1)
    parser.add_argument("--samples", type=int, default=32)
    parser.add_argument("--steps", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print(f"{pysnn.cpu_target()}, {options.threads} threads, {options.activity:.0%} of inputs")
    print("| synapses | channels | image | precision | G operations/s | ns/position and step |")
    print("|---|---|---|---|---|---|")
    for case in CASES:
        seconds, operations = measure(case, options)
        places = options.samples * options.steps * case.side**2
        print(
            f"| {case.kind} | {case.channels} | {case.side}x{case.side} | {case.precision} "
            f"| {operations / seconds / 1e9:.1f} | {seconds / places * 1e9:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
