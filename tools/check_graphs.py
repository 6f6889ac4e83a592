"""Compares the core with the reference simulator on random graphs, many more than the tests do.

    python tools/check_graphs.py [--first SEED] [--count GRAPHS] [--jobs PROCESSES]

Prints each seed that differs, and exits with 1 where there is one. ``PYSNN_CPU`` chooses the
instruction set.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

SUPPORT = Path(__file__).parents[1] / "tests" / "support"
BLOCK = 20


def failures(first: int, count: int) -> list[tuple[int, str]]:
    """Return the seeds that differ, each with what was said."""
    sys.path.insert(0, str(SUPPORT))
    from graph_checks import check_graph

    found = []
    for seed in range(first, first + count):
        try:
            check_graph(seed)
        except Exception:
            found.append((seed, traceback.format_exc(limit=-3)))
    return found


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    last = arguments.first + arguments.count
    starts = range(arguments.first, last, BLOCK)
    num_failed = 0
    with ProcessPoolExecutor(arguments.jobs) as pool:
        sizes = [min(BLOCK, last - start) for start in starts]
        for found in pool.map(failures, starts, sizes):
            for seed, text in found:
                print(f"seed {seed}\n{text}", flush=True)
            num_failed += len(found)
    print(f"{arguments.count} graphs, {num_failed} of them differ")
    return 1 if num_failed else 0


if __name__ == "__main__":
    sys.exit(main())
