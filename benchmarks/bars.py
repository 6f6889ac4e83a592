"""Fill in the table of what pysnn promises to reach: every bar, what was measured, met or not.

Runs the other benchmarks one after the other (they assert that results are right before they time
anything) and takes the figures from what they print. Absolute bars were set on the reference
machine of docs/performance.md (2 cores with AVX-512) and mean little elsewhere; ratios travel.
Within 5 % counts as met. Peers whose environments are missing are left out.

Usage:
    python benchmarks/bars.py [--rounds 7] [--skip peers memory ...]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import own
from cases import pick

import pysnn

HERE = Path(__file__).resolve().parent
SLACK = 0.95
THREADS = 2
SPEED_OF = "--speed-of"  # in a child: print the speed of a case and nothing else


@dataclass(frozen=True)
class Bar:
    """A line of the table.

    Attributes:
        what: What is measured.
        bar: What it is held to.
        measured: What came out; None where it could not be measured.
        unit: Unit of both.
        at_most: Whether less is better.
    """

    what: str
    bar: float
    measured: float | None
    unit: str
    at_most: bool = False

    def __str__(self) -> str:
        if self.measured is None:
            return f"| {self.what} | {self.bar:,g} {self.unit} | not measured | |"
        met = (
            self.measured * SLACK <= self.bar if self.at_most else self.measured >= SLACK * self.bar
        )
        return (
            f"| {self.what} | {self.bar:,g} {self.unit} | {self.measured:,.4g} {self.unit} "
            f"| {'met' if met else 'missed'} |"
        )


def script(name: str, *arguments: str, **environment: str) -> str:
    """Run a benchmark, pass on what it says on stderr, and return what it prints."""
    command = [sys.executable, str(HERE / name), *arguments]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **environment}
    )
    print(f"$ {name} {' '.join(arguments)}\n{done.stdout}", file=sys.stderr, flush=True)
    return done.stdout


def rows(text: str, first: str) -> list[dict[str, str]]:
    """Return the rows of the printed tables whose first column is called ``first``."""
    found: list[dict[str, str]] = []
    titles: list[str] | None = None
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            titles = None
        elif cells[0] == first:
            titles = cells
        elif titles is not None and not set(line) <= set("|-"):
            found.append(dict(zip(titles, cells, strict=False)))
    return found


def number(text: str) -> float:
    """Return the number that a cell begins with."""
    return float(text.replace(",", "").split()[0].rstrip("%x"))


def compared(rounds: int, with_peers: bool) -> Iterator[Bar]:
    """Speeds of the four cases, and ratios to the peers that are named in bars."""
    cases = ["fcn-1000hz-100", "fcn-200hz-100", "convnet-1000hz-100", "convnet-200hz-100"]
    peers = ["spyx", "onnxruntime_int8", "torch"] if with_peers else []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.json"
        script(
            "compare.py",
            *("--cases", *cases, "--peers", *peers, "--rounds", str(rounds)),
            *("--threads", str(THREADS), "--json", str(path)),
        )
        figures: dict[str, Any] = json.loads(path.read_text())

    def speed(case: str, precision: str) -> float:
        return float(figures[case][f"pysnn {precision}"]["images_per_second"])

    def times(case: str, precision: str, peer: str) -> float | None:
        found = [row for name, row in figures[case].items() if name.lower().startswith(peer)]
        return float(found[0][f"ratio pysnn {precision}"]) if found else None

    for case, bars in zip(cases, [(21000, 36000), (34000, 49000), (9800,), (14200,)], strict=True):
        for precision, bar in zip(("float32", "int16"), bars, strict=False):
            yield Bar(f"{case}, {precision}", bar, speed(case, precision), "images/s")
    for case, precision, peer, bar in (
        ("fcn-1000hz-100", "float32", "spyx", 30),
        ("fcn-200hz-100", "float32", "spyx", 50),
        ("convnet-1000hz-100", "float32", "spyx", 30),
        # Its weights have 8 bits, so that int16 is what compares with it.
        ("fcn-1000hz-100", "float32", "onnx runtime int8", 13),
        ("fcn-1000hz-100", "int16", "onnx runtime int8", 13),
        ("convnet-1000hz-100", "float32", "pytorch", 22),
    ):
        measured = times(case, precision, peer)
        yield Bar(f"{case}, {precision}, against {peer}", bar, measured, "times as fast")


def speed_of(case_name: str, threads: int) -> float:
    """Return images a second of a case in a process of its own."""
    text = script("bars.py", SPEED_OF, case_name, "--threads", str(threads))
    return float(text)


def instruction_sets(rounds: int) -> Iterator[Bar]:
    """Speeds of the narrower instruction sets against AVX-512, in turns."""
    widest = pysnn.cpu_target()
    speeds: dict[str, list[float]] = {
        name: [] for name in dict.fromkeys((widest, "avx2", "baseline"))
    }
    for _ in range(max(3, rounds // 2)):
        for name, values in speeds.items():
            text = script(
                "bars.py", SPEED_OF, "fcn-1000hz-100", "--threads", str(THREADS), PYSNN_CPU=name
            )
            values.append(float(text))
    for name, bar in (("avx2", 0.5), ("baseline", 0.2)):
        ratio = None
        if widest == "avx512":
            pairs = zip(speeds[name], speeds[widest], strict=True)
            ratio = statistics.median(narrow / wide for narrow, wide in pairs)
        yield Bar(f"fcn-1000hz-100, {name} against avx512", bar, ratio, "times as fast")
    if widest == "avx2":
        pairs = zip(speeds["baseline"], speeds["avx2"], strict=True)
        ratio = statistics.median(narrow / wide for narrow, wide in pairs)
        yield Bar("fcn-1000hz-100, baseline against avx2", 0.4, ratio, "times as fast")


def threads(rounds: int) -> Iterator[Bar]:
    """Two threads against one."""
    case = pick(["fcn-1000hz-100"])[0]
    mnist = pysnn.datasets.load_mnist()
    runs = [own.prepare(case, mnist, num_threads=count, num_images=2000) for count in (1, THREADS)]
    ratios = [runs[0].seconds() / runs[1].seconds() for _ in range(rounds)]
    yield Bar(
        "fcn-1000hz-100, 2 threads against 1", 1.9, statistics.median(ratios), "times as fast"
    )


def streaming(rounds: int) -> Iterator[Bar]:
    """One sample, one step per call."""
    found = rows(script("streaming.py", "--rounds", str(rounds)), "call of one step")
    median = next(
        number(row["median"]) for row in found if row["call of one step"].startswith("step(")
    )
    yield Bar("one step per call, FCN, 1000 Hz", 50, median, "microseconds", at_most=True)


def vgg(rounds: int) -> Iterator[Bar]:
    """The VGG-like network against what the machine adds from its second cache."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ceilings.json"
        script("ceilings.py", "--rounds", str(rounds), "--json", str(path))
        ceilings = json.loads(path.read_text())["ceilings"]
    ceiling = next(row["all_threads"] for row in ceilings if row["key"] == "float32_add_l2") / 1e9
    text = script("vgg.py", "--rounds", str(max(3, rounds // 2)), "--ceiling", f"{ceiling:.1f}")
    reached = number(rows(text, "threads")[-1]["G additions/s"])
    yield Bar("VGG-like network, share of additions from L2", 50, 100 * reached / ceiling, "%")


def memory(_: int) -> Iterator[Bar]:
    """Peak memory of a long simulation."""
    text = script("memory.py")
    line = next(line for line in text.splitlines() if line.startswith("largest resident size"))
    measured = number(line.split(":")[1].strip())
    yield Bar("peak memory, FCN, 10,000 images, T = 500", 64, measured, "MB", at_most=True)


def early_stop(rounds: int) -> Iterator[Bar]:
    """Margin 4, every 16 steps."""
    text = script("early_stop.py", "--rounds", str(rounds))
    found = [row for row in rows(text, "margin") if row["margin"] == "4" and "times as fast" in row]
    for row, num_steps, bar in zip(found, (100, 500), (1.4, 4.0), strict=True):
        what = f"early stop, T = {num_steps}, predictions changed: {row['predictions changed']}"
        yield Bar(what, bar, number(row["times as fast"]), "times as fast")


PARTS: dict[str, Callable[[int], Iterator[Bar]]] = {
    "instruction_sets": instruction_sets,
    "threads": threads,
    "streaming": streaming,
    "vgg": vgg,
    "memory": memory,
    "early_stop": early_stop,
}


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7, help="timed rounds (default 7)")
    parser.add_argument("--skip", nargs="*", choices=["peers", *PARTS], default=[])
    parser.add_argument(SPEED_OF, metavar="CASE", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=THREADS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.speed_of is not None:
        mnist = pysnn.datasets.load_mnist()
        case = pick([options.speed_of])[0]
        run = own.prepare(case, mnist, num_threads=options.threads, num_images=2000)
        print(run.num_images / statistics.median(run.seconds() for _ in range(3)))
        return
    print("| what | bar | measured | |\n|---|---|---|---|", flush=True)
    for bar in compared(options.rounds, "peers" not in options.skip):
        print(bar, flush=True)
    for name, part in PARTS.items():
        if name not in options.skip:
            for bar in part(options.rounds):
                print(bar, flush=True)


if __name__ == "__main__":
    main()
