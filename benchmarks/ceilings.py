"""Print what this machine can add, load and draw at best, and what share of it pysnn reaches.

Builds the C++ program of cpp/benchmarks/ (with CMake, a compiler and nlohmann-json, as a build of
the package needs them, into build/ceilings), which compares its loops with plain ones before it
times them. The shares are synaptic operations a second of `pysnn.simulate` over additions a second,
thread by thread; all settings of a network are asserted to give the same output spikes first.
A simulation that does not add every weight that a spike reaches, since it counts from a baseline or
looks sums up, can be beyond a ceiling of additions.

PYSNN_CPU=baseline|avx2|avx512|neon forces an instruction set on both sides.

Usage:
    python benchmarks/ceilings.py [--images 1000] [--rounds 7] [--json FILE]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from cases import CONVNET, FCN, Case

import pysnn
from pysnn.datasets import Mnist

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "ceilings"
TARGET = "pysnn_ceilings"


@dataclass(frozen=True)
class Ceiling:
    """What the C++ program prints for one kind of work; rates per second."""

    key: str
    name: str
    unit: str
    one_thread: float
    all_threads: float


@dataclass(frozen=True)
class Reached:
    """Synaptic operations a second of a network's simulation."""

    name: str
    one_thread: float
    all_threads: float


def build(target: str = TARGET) -> Path:
    """Build a program of cpp/benchmarks/ and return its path."""
    configure = [
        "cmake",
        f"-S{ROOT}",
        f"-B{BUILD}",
        "-DPYSNN_BUILD_BENCHMARKS=ON",
        "-DPYSNN_BUILD_TESTS=OFF",
        "-DPYSNN_BUILD_PYTHON=OFF",
        "-DCMAKE_BUILD_TYPE=Release",
    ]
    headers = importlib.util.find_spec("nlohmann_json")
    if headers is not None and headers.origin is not None:
        # From the Python package, where there is one; CMake looks in the system otherwise.
        include = Path(headers.origin).parent / "include"
        configure.append(f"-DPYSNN_JSON_INCLUDE_DIR={include}")
    for command in (
        configure,
        ["cmake", "--build", str(BUILD), "--target", target, "--parallel", "2"],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return BUILD / "cpp" / "benchmarks" / target


def measure_ceilings(
    program: Path, num_threads: int, rounds: int, only: str | None = None
) -> list[Ceiling]:
    """Run the C++ program, for all ceilings or for the one with the key ``only``."""
    command = [str(program), "--json", "--threads", str(num_threads), "--rounds", str(rounds)]
    if only is not None:
        command += ["--only", only]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    if found["cpu_target"] != pysnn.cpu_target():
        raise SystemExit(f"{program} runs on {found['cpu_target']}, pysnn on {pysnn.cpu_target()}")
    return [Ceiling(**ceiling) for ceiling in found["ceilings"]]


def measure_simulation(
    case: Case, mnist: Mnist, num_images: int, rounds: int, num_threads: int
) -> Reached:
    """Time the simulation of a network on one thread and on all, in turns."""
    snn = case.spiking_network(mnist)
    x = mnist.x_test[:num_images]

    def run(threads: int) -> pysnn.SimulationResult:
        return pysnn.simulate(
            snn,
            x,
            duration=case.num_steps * 1e-3,
            max_rate=case.max_rate,
            num_threads=threads,
        )

    result = run(1)
    np.testing.assert_array_equal(run(num_threads).output_spikes, result.output_spikes)
    seconds: dict[int, list[float]] = {1: [], num_threads: []}
    for _ in range(rounds):
        for threads, times in seconds.items():
            start = time.perf_counter()
            run(threads)
            times.append(time.perf_counter() - start)
    operations = int(result.synaptic_operations.sum())
    one, several = (operations / statistics.median(seconds[n]) for n in (1, num_threads))
    return Reached(f"{case.name}, {case.max_rate:.0f} Hz", one, several)


def print_tables(ceilings: list[Ceiling], reached: list[Reached], num_threads: int) -> None:
    """Print the simulations' rates, and the ceilings with their shares."""
    threads = f"1 thread | {num_threads} threads"
    print(f"\n| pysnn | {threads} | unit |\n|---|---|---|---|")
    for row in reached:
        rates = f"{row.one_thread / 1e9:.1f} | {row.all_threads / 1e9:.1f}"
        print(f"| {row.name} | {rates} | G synaptic operations/s |")
    names = " | ".join(f"{row.name}: share" for row in reached)
    print(f"\n| ceiling | {threads} | unit | {names} |\n|---|---|---|---|{'---|' * len(reached)}")
    for ceiling in ceilings:
        rates = f"{ceiling.one_thread / 1e9:.1f} | {ceiling.all_threads / 1e9:.1f}"
        shares = " | ".join(share(row, ceiling) for row in reached)
        print(f"| {ceiling.name} | {rates} | G {ceiling.unit} | {shares} |")


def share(reached: Reached, ceiling: Ceiling) -> str:
    """Return the shares of a ceiling on one thread and on all; empty where there is none."""
    # The simulations add float32, so that other ceilings are none of theirs.
    if not ceiling.key.startswith("float32_add"):
        return ""
    one = reached.one_thread / ceiling.one_thread
    return f"{one:.0%} / {reached.all_threads / ceiling.all_threads:.0%}"


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--images", type=int, default=1000, help="test images (default 1000)")
    parser.add_argument("--rounds", type=int, default=7, help="timed rounds (default 7)")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    num_threads = pysnn.default_num_threads()
    program = build()
    mnist = pysnn.datasets.load_mnist()
    reached = [
        measure_simulation(case, mnist, options.images, options.rounds, num_threads)
        for case in (FCN, CONVNET)
    ]
    ceilings = measure_ceilings(program, num_threads, options.rounds)
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {options.images} images, "
        f"{FCN.num_steps} steps, medians of {options.rounds} rounds, G = 10^9; shares on 1 thread "
        f"/ {num_threads} threads"
    )
    print_tables(ceilings, reached, num_threads)
    if options.json is not None:
        figures = {
            "num_threads": num_threads,
            "ceilings": [asdict(ceiling) for ceiling in ceilings],
            "pysnn": [asdict(row) for row in reached],
        }
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
