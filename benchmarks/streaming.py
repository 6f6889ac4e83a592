"""Time a network that is fed step by step: one sample, one step of 1 ms per call.

The paper's FCN with Poisson input of 1000 Hz, by `Simulation.step(spikes)`, which gets the input's
spikes, and by `Simulation.run(x, duration)`, which draws them. Both are asserted to give the output
spikes of one call of `simulate` over all steps before anything is timed. Each also runs without its
Python part, straight on the core's object; the difference is what checking and converting arguments
and wrapping the result cost. Rounds take the four in turns, on one thread, with the same spikes.
After them a C++ program (cpp/benchmarks/, built into build/ceilings) does the same on the same
network and image and prints its own times, and the allocations after the first call, of which there
should be none. Without CMake, or by --no-cpp, that part is left out.

Usage:
    python benchmarks/streaming.py [--steps 500] [--rounds 7] [--no-cpp]
"""

from __future__ import annotations

import argparse
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cases import FCN
from ceilings import build
from numpy.typing import NDArray

import pysnn

DT = 1e-3  # s
BAR = 50.0  # microseconds that a call may take
TARGET = "pysnn_streaming"


@dataclass(frozen=True)
class Feed:
    """A way to run the next step.

    Attributes:
        name: What the table calls it.
        call: Runs the step of the given number.
    """

    name: str
    call: Callable[[int], object]


def feeds(
    simulation: pysnn.Simulation, x: NDArray[np.float32], spikes: NDArray[np.bool_]
) -> list[Feed]:
    """Return the ways to run a step, each with its input made ready."""
    core = simulation._core
    flat_x = x.reshape(1, -1)
    trains = spikes.reshape(len(spikes), 1, 1, -1).view(np.uint8)
    return [
        Feed("step(spikes)", lambda step: simulation.step(spikes[step])),
        Feed("step(spikes), core alone", lambda step: core.run_spikes(trains[step])),
        Feed("run(x, duration)", lambda step: simulation.run(x, duration=DT)),
        Feed("run(x, duration), core alone", lambda step: core.run(flat_x, 1)),
    ]


def check(
    simulation: pysnn.Simulation,
    snn: pysnn.SpikingNetwork,
    x: NDArray[np.float32],
    spikes: NDArray[np.bool_],
) -> None:
    """Assert that steps one by one give the spikes and the state of one call."""
    num_steps = len(spikes)
    whole = pysnn.simulate(snn, x, duration=num_steps * DT, max_rate=FCN.max_rate)
    assert whole.output_spikes.any(), "the output is silent, which shows nothing"
    calls: list[Callable[[int], pysnn.SimulationResult]] = [
        lambda step: simulation.step(spikes[step]),
        lambda _: simulation.run(x, duration=DT),
    ]
    for call in calls:
        simulation.reset()
        found = [call(step).output_spikes[0] for step in range(num_steps)]
        np.testing.assert_array_equal(found, whole.output_spikes)
        np.testing.assert_array_equal(simulation.spike_counts, whole.spike_counts)
    for feed in feeds(simulation, x, spikes):
        simulation.reset()
        for step in range(num_steps):
            feed.call(step)
        np.testing.assert_array_equal(simulation.spike_counts, whole.spike_counts)


def measure(
    simulation: pysnn.Simulation, ways: list[Feed], num_steps: int, rounds: int
) -> dict[str, NDArray[np.float64]]:
    """Return the microseconds of every call, all rounds together."""
    taken: dict[str, list[int]] = {feed.name: [] for feed in ways}
    for _ in range(rounds):
        for feed in ways:
            simulation.reset()
            for step in range(num_steps):
                start = time.perf_counter_ns()
                feed.call(step)
                taken[feed.name].append(time.perf_counter_ns() - start)
    return {name: np.array(times) / 1e3 for name, times in taken.items()}


@dataclass(frozen=True)
class CppCall:
    """What the C++ program prints for one kind of call; times in microseconds."""

    name: str
    median: float
    percentile_99: float
    allocations: int


def measure_cpp(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32], num_steps: int, rounds: int
) -> list[CppCall]:
    """Build the C++ program, and run it on the network and one image, (1, 1, height, width)."""
    program = build(TARGET)
    with tempfile.TemporaryDirectory() as folder:
        model, images = Path(folder) / "model.safetensors", Path(folder) / "images"
        snn.save(model)
        pixels = np.rint(x[:, 0] * 255).astype(np.uint8)
        images.write_bytes(struct.pack(">4B3I", 0, 0, 8, 3, *pixels.shape) + pixels.tobytes())
        command = [program, "--json", "--steps", str(num_steps), "--rounds", str(rounds)]
        done = subprocess.run([*command, model, images], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.returncode)
    found = json.loads(done.stdout)
    if found["cpu_target"] != pysnn.cpu_target():
        sys.exit(f"{program} runs on {found['cpu_target']}, pysnn on {pysnn.cpu_target()}")
    return [CppCall(**call) for call in found["calls"]]


def main() -> None:
    """Check, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--steps", type=int, default=500, help="steps of a round (default 500)")
    parser.add_argument("--rounds", type=int, default=7, help="timed rounds (default 7)")
    parser.add_argument("--no-cpp", action="store_true", help="leave the C++ program out")
    options = parser.parse_args()
    mnist = pysnn.datasets.load_mnist()
    snn = FCN.spiking_network(mnist)
    x = mnist.x_test[:1]
    spikes = pysnn.poisson_spikes(x, duration=options.steps * DT, max_rate=FCN.max_rate)
    simulation = pysnn.Simulation(snn, 1, max_rate=FCN.max_rate, num_threads=1)
    check(simulation, snn, x, spikes)
    taken = measure(simulation, feeds(simulation, x, spikes), options.steps, options.rounds)
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {FCN.name}, {FCN.max_rate:.0f} Hz, "
        f"1 sample, 1 thread, {options.rounds} rounds of {options.steps} calls; microseconds\n\n"
        "| call of one step | median | 99th percentile |\n|---|---|---|"
    )
    for name, times in taken.items():
        print(f"| {name} | {np.median(times):.1f} | {np.percentile(times, 99):.1f} |")
    for name in ("step(spikes)", "run(x, duration)"):
        whole, core = np.median(taken[name]), np.median(taken[f"{name}, core alone"])
        met = "met" if whole < BAR else "missed"
        print(f"\n{name}: {whole - core:.1f} in Python; bar {BAR:.0f}: {met}", end="")
    print()
    if options.no_cpp or shutil.which("cmake") is None:
        print("C++ left out" if options.no_cpp else "C++ left out: no CMake", file=sys.stderr)
        return
    print(
        "\n| call of one step in C++ | median | 99th percentile | allocations after the first |"
        "\n|---|---|---|---|"
    )
    for call in measure_cpp(snn, x, options.steps, options.rounds):
        times = f"{call.median:.1f} | {call.percentile_99:.1f}"
        print(f"| {call.name} | {times} | {call.allocations} |")


if __name__ == "__main__":
    main()
