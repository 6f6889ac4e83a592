"""Print how fast each kernel of the C++ core is by itself, on one thread.

Builds the C++ program of cpp/benchmarks/ (with CMake, a compiler and nlohmann-json, as a build of
the package needs them, into build/ceilings). Every case compares the kernel's result with a plain
loop before it is timed. A cell has the nanoseconds of a step (of a call, where a kernel knows no
steps) and, after it, additions, events or words in 10^9 a second.

PYSNN_CPU=baseline|avx2|avx512|neon forces an instruction set.

Usage:
    python benchmarks/kernels.py [--only gather] [--rounds 7] [--seconds 0.01] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from ceilings import build

TARGET = "pysnn_kernel_benchmarks"


@dataclass(frozen=True)
class Timing:
    """What the C++ program prints for one kernel on one kind of work."""

    kernel: str
    setting: str
    variant: str
    unit: str
    seconds_per_step: float
    work_per_second: float

    @property
    def cell(self) -> str:
        """The figures as a table shows them."""
        time = f"{self.seconds_per_step * 1e9:.1f} ns"
        rate = self.work_per_second / 1e9
        return f"{time}, {rate:.{1 if rate >= 10 else 2}f} G/s" if rate > 0 else time


def measure(program: Path, only: str, rounds: int, seconds: float) -> tuple[str, list[Timing]]:
    """Run the C++ program; returns the instruction set and the timings."""
    command = [str(program), "--json", "--rounds", str(rounds), "--seconds", str(seconds)]
    done = subprocess.run(
        [*command, "--only", only] if only else command, stdout=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        sys.exit(done.returncode)
    found = json.loads(done.stdout)
    return found["cpu_target"], [Timing(**case) for case in found["cases"]]


def print_table(timings: list[Timing]) -> None:
    """Print the timings of one kernel, a row for each setting and a column for each variant."""
    settings = dict.fromkeys(timing.setting for timing in timings)
    variants = list(dict.fromkeys(timing.variant for timing in timings))
    cells = {(timing.setting, timing.variant): timing.cell for timing in timings}
    print(f"\n| {timings[0].kernel} ({timings[0].unit}) | {' | '.join(variants)} |")
    print("|---" * (1 + len(variants)) + "|")
    for setting in settings:
        row = " | ".join(cells[setting, variant] for variant in variants)
        print(f"| {setting} | {row} |")


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", default="", help="kernels whose names begin with this")
    parser.add_argument("--rounds", type=int, default=7, help="timed rounds (default 7)")
    parser.add_argument("--seconds", type=float, default=0.01, help="per round and case (0.01)")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    cpu, timings = measure(build(TARGET), options.only, options.rounds, options.seconds)
    print(f"CPU {cpu}, 1 thread, medians of {options.rounds} rounds")
    for kernel in dict.fromkeys(timing.kernel for timing in timings):
        print_table([timing for timing in timings if timing.kernel == kernel])
    if options.json is not None:
        figures = {"cpu_target": cpu, "timings": [asdict(timing) for timing in timings]}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
