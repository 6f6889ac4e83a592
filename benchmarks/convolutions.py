"""Time single convolutions of the sizes that real networks have, one population at a time.

Networks of one and of four populations that read the same spikes differ by three populations; the
time between them, divided by three, is that of one: input, output and what a call costs drop out.
A shortcut is what an identity adds to a population that a convolution feeds: its neurons drop out
too.

Prints a line for each case: G synaptic operations a second (those that spikes and fan-outs give,
not multiplications of a dense convolution), nanoseconds for each input position and step, and how
many times as long that is as reading the spikes as bits and writing the sums takes, once each,
where both are images of the same channels and stay in a near cache (by NumPy, on one thread, in the
same rounds).

Usage:
    python benchmarks/convolutions.py [--threads 1] [--activity 0.1] [--samples 32] [--steps 32]
        [--rounds 7]
"""

from __future__ import annotations

import argparse
import statistics
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from turns import clocked, in_turns, times_as_fast

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


def _max_pool(channels: int, rng: np.random.Generator) -> pysnn.MaxPool2d:
    return pysnn.MaxPool2d(2)


MAX_POOL = "max pool 2x2"
KINDS: dict[str, Synapses] = {
    "3x3": _conv,
    "depthwise 3x3": _depthwise,
    "identity": _identity,
    MAX_POOL: _max_pool,
}
SHORTCUT = "shortcut"  # an identity beside a convolution
NUM_MORE = 3  # populations between the networks of a case


@dataclass(frozen=True)
class Case:
    """Synapses of a kind from an image of some channels onto one alike, or onto half the pixels
    in height and width.

    Attributes:
        kind: A name of KINDS, or SHORTCUT.
        channels: Of either.
        side: Height and width of the first.
        precision: Of the weights.
    """

    kind: str
    channels: int
    side: int
    precision: Literal["float32", "int16"] = "float32"

    def networks(self) -> tuple[pysnn.SpikingNetwork, pysnn.SpikingNetwork]:
        """Return two networks, the second of which has the synapses `NUM_MORE` times more."""
        if self.kind == SHORTCUT:
            return (
                self._network(NUM_MORE, "3x3"),
                self._network(NUM_MORE, "3x3", shortcuts=True),
            )
        return self._network(1, self.kind), self._network(1 + NUM_MORE, self.kind)

    def _network(
        self, num_populations: int, kind: str, shortcuts: bool = False
    ) -> pysnn.SpikingNetwork:
        """Return so many populations that read the input, and an output that hears nothing.

        Args:
            num_populations: How many.
            kind: Of their synapses.
            shortcuts: Whether an identity brings them a copy of the input too.
        """
        rng = np.random.default_rng(0)
        shape = (self.channels, self.side, self.side)
        snn = pysnn.SpikingNetwork(shape, precision=self.precision)
        neurons: dict[str, Any] = {"reset": "subtract", "initial_potential": 0.5}
        source = "input"
        if self.kind in (SHORTCUT, MAX_POOL):
            snn.add_population("copy", shape, **neurons)
            snn.connect("input", "copy", pysnn.Identity(np.ones(self.channels, np.float32)))
        target = shape
        if kind == MAX_POOL:
            target = (self.channels, self.side // 2, self.side // 2)
            neurons = {"neuron": "max_pool"}
            source = "copy"  # since max pools hear populations alone
        for i in range(num_populations):
            snn.add_population(f"image{i}", target, **neurons)
            snn.connect(source, f"image{i}", KINDS[kind](self.channels, rng))
            if shortcuts:
                snn.connect("copy", f"image{i}", _identity(self.channels, np.random.default_rng(1)))
        snn.add_population("output", 1)
        silence = np.zeros((1, int(np.prod(target))), np.float32)
        snn.connect(f"image{num_populations - 1}", "output", pysnn.Linear(silence))
        return snn


CASES = [
    *(Case("3x3", channels, side) for channels in (16, 32) for side in (16, 32)),
    *(Case("3x3", 64, side) for side in (8, 16, 32)),
    *(Case("3x3", channels, side, "int16") for channels, side in ((16, 32), (32, 16), (64, 16))),
    *(Case("3x3", channels, 16) for channels in (63, 65, 128, 130)),
    *(Case(kind, channels, 16) for kind in ("depthwise 3x3", "identity") for channels in (32, 64)),
    Case(MAX_POOL, 64, 16),
    *(Case(SHORTCUT, channels, side) for channels, side in ((16, 32), (32, 16), (64, 16))),
]


def measure(case: Case, options: argparse.Namespace) -> tuple[float, float, float]:
    """Return seconds of one population in a step of a sample, operations, and times the floor."""
    rng = np.random.default_rng(1)
    shape = (options.samples, options.steps, case.channels, case.side, case.side)
    spikes: NDArray[np.bool_] = rng.random(shape, np.float32) < options.activity

    def simulate(snn: pysnn.SpikingNetwork) -> pysnn.SimulationResult:
        return pysnn.simulate(snn, spikes=spikes, num_threads=options.threads)

    networks = case.networks()
    # Without the output's; and it warms up.
    few, many = (int(simulate(snn).synaptic_operations[:, :-1].sum()) for snn in networks)
    runs = [clocked(partial(simulate, snn)) for snn in networks]
    times = in_turns([*runs, partial(floor, case)], options.rounds)
    share = NUM_MORE * options.samples * options.steps
    seconds = [(long - short) / share for short, long in zip(*times[:2], strict=True)]
    return statistics.median(seconds), (many - few) / share, times_as_fast(times[2], seconds)


def floor(case: Case, calls: int = 2000) -> float:
    """Return the seconds that reading an image of spikes and writing one of sums takes."""
    num_neurons = case.channels * case.side**2
    spikes = np.zeros(num_neurons // 64, np.uint64)
    sums = np.empty(num_neurons, np.float32)
    one_word, one_sum = spikes[:1], sums[:1]

    def seconds(call: Callable[[], Any]) -> float:
        return timeit.timeit(call, number=calls) / calls

    # What a call of NumPy costs is no work.
    read = seconds(partial(np.bitwise_or.reduce, spikes))
    read -= seconds(partial(np.bitwise_or.reduce, one_word))
    write = seconds(partial(sums.fill, 0)) - seconds(partial(one_sum.fill, 0))
    return max(read, 0) + write


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
    print(
        "| synapses | channels | image | precision | G operations/s | ns/position and step "
        "| times reading and writing |\n|---|---|---|---|---|---|---|"
    )
    for case in CASES:
        seconds, operations, times = measure(case, options)
        print(
            f"| {case.kind} | {case.channels} | {case.side}x{case.side} | {case.precision} "
            f"| {operations / seconds / 1e9:.1f} | {seconds / case.side**2 * 1e9:.1f} "
            f"| {times:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
