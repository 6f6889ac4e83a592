"""Compare pysnn with other packages on the cases of `cases.py`, and print one Markdown table.

Ours and the peers run in turns (ours, peer, peer, ..., ours, peer, ...), so that a machine whose
speed drifts does so for all of them; a ratio is taken inside each round, and the median of the
ratios is printed. Every peer runs in an environment of its own (`python benchmarks/peers/setup.py`)
at the best of its settings, and must first be shown to simulate our network.

Usage:
    python benchmarks/compare.py [--cases fcn-1000hz-100 ...] [--peers spyx ...] [--rounds 7]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import own
from cases import CASES, Case, pick
from peers.from_case import make_problem
from peers.problem import Problem, save_problem
from peers.process import PeerFailedError, PeerProcess
from peers.registry import PEERS, Entry

import pysnn
from pysnn.datasets import Mnist

PRECISIONS = ("float32", "int16")
STEPS_OF_IMAGES = 100  # steps that --images is meant for; longer cases take fewer images


@dataclass
class Row:
    """What was measured of one simulator on a case.

    Attributes:
        name: Name in the table.
        images_per_second: One number per round.
        accuracy: Share of its images that it has right; None where there is no right answer.
        operations_per_image: Synaptic operations of an image; None for peers.
        details: Setting and versions.
    """

    name: str
    accuracy: float | None
    operations_per_image: float | None
    details: str
    images_per_second: list[float] = field(default_factory=list)

    @property
    def speed(self) -> float:
        """Images a second, the median of the rounds."""
        return statistics.median(self.images_per_second)

    @property
    def spread(self) -> float:
        """Largest minus smallest speed, as a part of the median."""
        return (max(self.images_per_second) - min(self.images_per_second)) / self.speed


class Settings:
    """Best settings of peers, looked for once per network and number of steps."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, int], dict[str, Any]] = {}

    def start(self, entry: Entry, case: Case, problem: Path, threads: int) -> PeerProcess:
        """Start a peer at its best setting."""
        # The input rate changes neither what a dense product costs nor how many events fit.
        key = (entry.name, case.source.key, case.num_steps)
        peer = PeerProcess(entry, problem, threads, self._known.get(key))
        self._known[key] = peer.info["setting"]
        return peer


def say(text: str) -> None:
    """Print a line that does not belong to the table."""
    print(text, file=sys.stderr, flush=True)


def installed(names: list[str] | None) -> list[Entry]:
    """Return the peers to run; those without an environment are left out with a line."""
    wanted = [entry for entry in PEERS if entry.chains and (names is None or entry.name in names)]
    for entry in wanted:
        if not entry.python.exists():
            say(f"{entry.title} skipped; run: python benchmarks/peers/setup.py {entry.name}")
    return [entry for entry in wanted if entry.python.exists()]


@contextlib.contextmanager
def running(
    entries: list[Entry], case: Case, problem: Problem, threads: int, settings: Settings
) -> Iterator[list[PeerProcess]]:
    """Start the peers one after the other; those that fail are left out with a line."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        path = Path(folder) / "problem.npz"
        save_problem(problem, path)
        peers = []
        for entry in entries:
            if problem.has_images and not entry.images:
                say(f"{entry.title} skipped on {case.key}: its script has no layers for images")
                continue
            try:
                peer = settings.start(entry, case, path, threads)
            except PeerFailedError as error:
                say(f"{entry.title} skipped on {case.key}: {error}")
                continue
            stack.callback(peer.close)
            say(f"{case.key}: {entry.title} is ready: {json.dumps(peer.info['setting'])}")
            peers.append(peer)
        yield peers


def details(info: dict[str, Any]) -> str:
    """Return setting and versions of a peer for the table."""
    setting = info["setting"]
    versions = ", ".join(f"{name} {version}" for name, version in info["versions"].items())
    streams = f", {setting['streams']} side by side" if setting["streams"] > 1 else ""
    return f"{versions}; {setting['variant']}, batches of {setting['batch_size']}{streams}"


def measure(
    case: Case, mnist: Mnist, entries: list[Entry], settings: Settings, options: argparse.Namespace
) -> tuple[list[Row], list[Row]]:
    """Run a case and return the rows of ours and of the peers."""
    num_images = max(1, options.images * STEPS_OF_IMAGES // case.num_steps)
    runs = [
        own.prepare(
            case,
            mnist,
            precision=precision,
            num_threads=options.threads,
            num_images=options.own_images,
        )
        for precision in options.precisions
    ]
    ours = [
        Row(
            f"pysnn {run.precision}",
            run.accuracy,
            run.synaptic_operations / run.num_images,
            f"pysnn {pysnn.__version__}, {pysnn.cpu_target()}; {run.num_images} images",
        )
        for run in runs
    ]
    problem = make_problem(case, mnist, num_images)
    with running(entries, case, problem, options.threads, settings) as peers:
        theirs = [
            Row(peer.entry.title, peer.info["accuracy"], None, details(peer.info)) for peer in peers
        ]
        for _ in range(options.rounds):
            for row, run in zip(ours, runs, strict=True):
                row.images_per_second.append(run.num_images / run.seconds())
            for row, peer in zip(theirs, peers, strict=True):
                row.images_per_second.append(problem.num_images / peer.run())
    return ours, theirs


def ratio(own_row: Row, row: Row) -> float:
    """Return how many times as fast ours is: the median of the ratios inside each round."""
    pairs = zip(own_row.images_per_second, row.images_per_second, strict=True)
    return statistics.median(ours / theirs for ours, theirs in pairs)


def print_header(options: argparse.Namespace) -> None:
    """Print what holds for the whole table, and its head."""
    titles = [
        "case",
        "simulator",
        "images/s",
        "spread",
        "G synaptic operations/s",
        *(f"pysnn {precision} is" for precision in options.precisions),
        "right",
        "versions; setting",
    ]
    print(
        f"{options.threads} threads, medians of {options.rounds} rounds in turns; spread: largest "
        f"minus smallest, over median\n\n| {' | '.join(titles)} |\n|{'---|' * len(titles)}"
    )


def print_rows(case: Case, ours: list[Row], theirs: list[Row]) -> None:
    """Print the rows of a case."""
    for row in [*ours, *sorted(theirs, key=lambda row: -row.speed)]:
        operations = row.operations_per_image
        cells = [
            case.key,
            row.name,
            f"{row.speed:,.0f}",
            f"{row.spread:.0%}",
            "" if operations is None else f"{operations * row.speed / 1e9:.1f}",
            *(f"{ratio(own_row, row):.2f}x" for own_row in ours),
            "" if row.accuracy is None else f"{row.accuracy:.2%}",
            row.details,
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Print the table of the cases and peers that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("--cases", nargs="+", metavar="CASE", default=[], help=", ".join(c.key for c in CASES))
    add("--peers", nargs="*", metavar="PEER", choices=[p.name for p in PEERS if p.chains])
    add("--precisions", nargs="+", choices=PRECISIONS, default=list(PRECISIONS))
    add("--rounds", type=int, default=7, help="timed runs of each (default 7)")
    add("--threads", type=int, default=2, help="threads of each (default 2)")
    add("--images", type=int, default=1000, help="images of peers at 100 steps (default 1000)")
    add("--own-images", type=int, help="images of pysnn (default all)")
    add("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    cases, entries, settings = pick(options.cases), installed(options.peers), Settings()
    mnist = pysnn.datasets.load_mnist()
    print_header(options)
    figures = {}
    for case in cases:
        ours, theirs = measure(case, mnist, entries, settings, options)
        print_rows(case, ours, theirs)
        figures[case.key] = {
            row.name: {
                "images_per_second": row.speed,
                **{f"ratio {own_row.name}": ratio(own_row, row) for own_row in ours},
            }
            for row in [*ours, *theirs]
        }
        if options.json is not None:
            options.json.write_text(json.dumps(figures, indent=2) + "\n")
    notes = [f"- {entry.title}: {entry.note}." for entry in entries if entry.note]
    print("\n" + "\n".join(notes))


if __name__ == "__main__":
    main()
