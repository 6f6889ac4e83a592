"""Fill in the table of what pysnn promises to reach: every bar, what was measured, met or not.

Runs the other benchmarks one after the other (they assert that results are right before they time
anything) and takes the figures from what they print. Absolute bars were set on the reference
machine of docs/performance.md (2 cores with AVX-512) and mean little elsewhere; ratios travel.
Within 5 % counts as met. Peers whose environments are missing are left out, and what needs files
or another build that are not named is shown as not measured.

Usage:
    python benchmarks/bars.py [--resnet20 WEIGHTS.th IMAGES.npz] [--baseline PYTHON] [--rounds 7]
        [--only resnet20 convolutions ...] [--skip peers memory ...]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from bar_parts import paper_networks, real_networks
from bar_parts.bar import THREADS, Bar, Options
from bar_parts.paper_networks import SPEED_OF

PARTS: dict[str, Callable[[Options], Iterator[Bar]]] = {
    "resnet20": real_networks.resnet20,
    "resnet20_peers": real_networks.resnet20_peers,
    "resnet20_memory": real_networks.resnet20_memory,
    "convolutions": real_networks.convolutions,
    "vgg": real_networks.vgg,
    "compared": paper_networks.compared,
    "against_build": paper_networks.against_build,
    "instruction_sets": paper_networks.instruction_sets,
    "threads": paper_networks.threads,
    "streaming": paper_networks.streaming,
    "memory": paper_networks.memory,
    "early_stop": paper_networks.early_stop,
}


def parse() -> argparse.Namespace:
    """Return the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("--resnet20", nargs=2, default=(), metavar=("WEIGHTS", "IMAGES"), help="files to read")
    add("--baseline", type=Path, metavar="PYTHON", help="interpreter of an older build")
    add("--rounds", type=int, default=7, help="timed rounds (default 7)")
    add("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    add("--skip", nargs="*", choices=["peers", *PARTS], default=[])
    add(SPEED_OF, metavar="CASE", help=argparse.SUPPRESS)
    add("--threads", type=int, default=THREADS, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Run everything and print the table."""
    arguments = parse()
    if arguments.speed_of is not None:
        paper_networks.print_speed(arguments.speed_of, arguments.threads)
        return
    options = Options(
        rounds=arguments.rounds,
        peers="peers" not in arguments.skip,
        files=tuple(arguments.resnet20),
        baseline=arguments.baseline,
    )
    print("| what | bar | measured | |\n|---|---|---|---|", flush=True)
    for name, part in PARTS.items():
        if name in arguments.only and name not in arguments.skip:
            for bar in part(options):
                print(bar, flush=True)


if __name__ == "__main__":
    main()
