"""A line of the table of bars, and reading what the other benchmarks print."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[1]
SLACK = 0.95
THREADS = 2
TIMES = "times as fast"


@dataclass(frozen=True)
class Options:
    """What the table is made of.

    Attributes:
        rounds: Timed rounds.
        peers: Whether peers are run.
        files: ResNet-20's weights and CIFAR-10's images, as arguments; empty without them.
        baseline: Interpreter of an environment with an older build.
    """

    rounds: int
    peers: bool = True
    files: tuple[str, ...] = ()
    baseline: Path | None = None


@dataclass(frozen=True)
class Bar:
    """A line of the table.

    Attributes:
        what: What is measured.
        bar: What it is held to; None for a figure that is shown beside others.
        measured: What came out; None where it could not be measured.
        unit: Unit of both.
        at_most: Whether less is better.
    """

    what: str
    bar: float | None
    measured: float | None
    unit: str
    at_most: bool = False

    def __str__(self) -> str:
        held_to = "" if self.bar is None else f"{self.bar:,g} {self.unit}"
        reached = "not measured"
        if self.measured is not None:
            reached = f"{self.measured:,.4g} {self.unit}"
        return f"| {self.what} | {held_to} | {reached} | {self._verdict()} |"

    def _verdict(self) -> str:
        if self.bar is None or self.measured is None:
            return ""
        if self.at_most:
            met = self.measured * SLACK <= self.bar
        else:
            met = self.measured >= SLACK * self.bar
        return "met" if met else "missed"


def script(name: str, *arguments: str, **environment: str) -> str:
    """Run a benchmark, pass on what it says on stderr, and return what it prints."""
    command = [sys.executable, str(BENCHMARKS / name), *arguments]
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


def peak(text: str) -> float:
    """Return the MB that memory.py has printed."""
    line = next(line for line in text.splitlines() if line.startswith("largest resident size"))
    return number(line.split(":")[1].strip())
