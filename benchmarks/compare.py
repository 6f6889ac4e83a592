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
import json
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

import own
from cases import CASES, Case, pick
from peers.from_case import make_problem
from peers.lineup import Settings, details, installed, running, say
from peers.problem import Problem, save_problem
from peers.registry import PEERS, Entry
from turns import in_turns, spread, times_as_fast

import pysnn
from pysnn.datasets import Mnist

PRECISIONS = ("float32", "int16")
STEPS_OF_IMAGES = 100  # steps that --images is meant for; longer cases take fewer images


@dataclass(frozen=True)
class Row:
    """What was measured of one simulator on a case.

    Attributes:
        name: Name in the table.
        num_images: Images of a run.
        accuracy: Share of its images that it has right; None where there is no right answer.
        operations_per_image: Synaptic operations of an image; None for peers.
        details: Setting and versions.
        seconds: Of the run in each round.
    """

    name: str
    num_images: int
    accuracy: float | None
    operations_per_image: float | None
    details: str
    seconds: list[float]

    @property
    def speed(self) -> float:
        """Images a second, the median of the rounds."""
        return self.num_images / statistics.median(self.seconds)


def with_layers(entries: list[Entry], case: Case, problem: Problem) -> list[Entry]:
    """Return the peers whose scripts have the layers of a case."""
    found = []
    for entry in entries:
        if problem.has_images and not entry.images:
            say(f"{entry.title} skipped on {case.key}: its script has no layers for images")
        else:
            found.append(entry)
    return found


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
    problem = make_problem(case, mnist, num_images)
    # The input rate changes neither what a dense product costs nor how many events fit.
    key = f"{case.source.key}, {problem.num_images} images, {case.num_steps} steps"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        save_problem(problem, path)
        able = with_layers(entries, case, problem)
        with running(able, path, options.threads, key, settings) as peers:
            seconds = in_turns(
                [run.seconds for run in runs] + [peer.run for peer in peers], options.rounds
            )
    ours = [
        Row(
            f"pysnn {run.precision}",
            run.num_images,
            run.accuracy,
            run.synaptic_operations / run.num_images,
            f"pysnn {pysnn.__version__}, {pysnn.cpu_target()}; {run.num_images} images",
            times,
        )
        for run, times in zip(runs, seconds, strict=False)
    ]
    theirs = [
        Row(
            peer.entry.title,
            problem.num_images,
            peer.info["accuracy"],
            None,
            details(peer.info),
            times,
        )
        for peer, times in zip(peers, seconds[len(runs) :], strict=True)
    ]
    return ours, theirs


def ratio(own_row: Row, row: Row) -> float:
    """Return how many times as many images a second ours does."""
    return times_as_fast(own_row.seconds, row.seconds, own_row.num_images / row.num_images)


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
            f"{spread(row.seconds):.0%}",
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
    wanted = [p for p in PEERS if p.chains and (options.peers is None or p.name in options.peers)]
    cases, entries, settings = pick(options.cases), installed(wanted), Settings()
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
