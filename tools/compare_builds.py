"""Compare two builds of pysnn: the same networks give the same bits, or it says which do not.

Each build runs in its own interpreter, by the public interface only: networks that are built by
hand, some hundred of them random, simulated in every way; files; conversions that see no data. The
old one may be a file of digests that --write made. The exit code is 1 where something differs.

--conversion compares what the builds compute from trained ReLU networks instead, which may differ
in last bits, and says by how much.

Usage:
    python tools/compare_builds.py OLD_PYTHON|DIGESTS.json NEW_PYTHON [--only PATTERN]
                                   [--cpus baseline avx2 avx512 neon]
    python tools/compare_builds.py --write DIGESTS.json [--only PATTERN] PYTHON
    python tools/compare_builds.py --conversion OLD_PYTHON NEW_PYTHON [--model FILE ...]
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from same_bits.comparison import (
    LACKING,
    RAISED,
    Cases,
    WorkerError,
    differences,
    outputs,
    parse,
    start,
)
from same_bits.conversion_table import rows
from same_bits.golden import Golden

DIGESTS = ".json"  # ends the name of a file that stands for a build
NETWORKS = Path(__file__).resolve().parents[1] / "benchmarks" / "networks"


def interpreter(word: str) -> str:
    """Return the path of an interpreter; links stay, since an environment is known by its own."""
    found = shutil.which(word)
    if found is None:
        raise argparse.ArgumentTypeError(f"{word!r} is no program, expected a Python")
    return os.path.abspath(found)


def build(word: str) -> str:
    """Return the path of an interpreter or of a file of digests."""
    return word if word.endswith(DIGESTS) and Path(word).is_file() else interpreter(word)


def golden_cases(path: Path, only: str) -> tuple[str, Cases]:
    """Return the build of a file of digests, and the cases whose name the pattern is found in."""
    golden = Golden.read(path)
    return golden.build, {
        name: digests for name, digests in golden.cases.items() if re.search(only, name)
    }


def compare(old: str, new: str, only: str, cpu: str | None) -> int:
    """Print what differs on one instruction set, and return the number of such cases."""
    pythons = [new] if old.endswith(DIGESTS) else [new, old]
    (new_build, found), *others = [
        parse(printed)
        for printed in outputs([start(each, "worker", "--only", only, cpu=cpu) for each in pythons])
    ]
    old_build, wanted = others[0] if others else golden_cases(Path(old), only)
    lines = list(differences(wanted, found))
    for line in lines:
        print(line)
    print(
        f"{old_build} and {new_build}: {len(wanted)} cases, "
        f"{sum(map(len, wanted.values()))} digests, {len(lines)} cases differ",
        flush=True,
    )
    return len(lines)


def compare_on(old: str, new: str, only: str, cpus: Sequence[str | None]) -> int:
    """Compare on each instruction set, None for the best; say which the machine lacks."""
    total = 0
    for cpu in cpus:
        try:
            total += compare(old, new, only, cpu)
        except WorkerError as failure:
            if LACKING not in str(failure):
                raise
            print(f"{cpu}: left out, the CPU does not have it")
    return total


def write(path: Path, python: str, only: str) -> None:
    """Write the digests of a build."""
    command = f"python tools/compare_builds.py --write {path} --only {shlex.quote(only)} PYTHON"
    build, cases = parse(*outputs([start(python, "worker", "--only", only)]))
    for name, digests in cases.items():
        if RAISED in digests:
            raise WorkerError(f"{name}: {digests[RAISED]}")
    Golden(command, build, only, cases).write(path)
    print(f"{build}: {len(cases)} cases, {sum(map(len, cases.values()))} digests")


def compare_conversion(old: str, new: str, models: list[Path]) -> None:
    """Print a table of differences for each model file."""
    for model in models:
        with tempfile.TemporaryDirectory() as folder:
            results = [Path(folder) / "old.npz", Path(folder) / "new.npz"]
            workers = [
                start(python, "conversion", str(model.resolve()), str(result))
                for python, result in zip((old, new), results, strict=True)
            ]
            outputs(workers)
            print(f"\n{model}\n")
            for row in rows(*results):
                print(row)


def arguments() -> argparse.Namespace:
    """Read the command line, and refuse what does not fit together."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "builds", nargs="+", type=build, metavar="BUILD", help="Python that has pysnn, or digests"
    )
    parser.add_argument("--only", help="regular expression that names of cases match")
    parser.add_argument("--cpus", nargs="+", default=[None], help="instruction sets, in turn")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write digests of one build")
    parser.add_argument("--conversion", action="store_true", help="compare conversions instead")
    parser.add_argument("--model", type=Path, nargs="+", help="ReLU networks for it")
    options = parser.parse_args()
    expected = 1 if options.write else 2
    if len(options.builds) != expected:
        parser.error(f"{len(options.builds)} builds are given, expected {expected}")
    for word in options.builds if options.write or options.conversion else options.builds[1:]:
        if word.endswith(DIGESTS):
            parser.error(f"{word} holds digests, expected a Python in its place")
    if options.model is None:
        options.model = sorted(NETWORKS.glob("*.safetensors"))
        if options.conversion and not options.model:
            parser.error(f"no --model is given, and {NETWORKS} holds none")
    return options


def main() -> int:
    """Compare or write; return the exit code."""
    options = arguments()
    old = options.builds[0]
    try:
        if options.write:
            write(options.write, old, options.only or "")
            return 0
        new = options.builds[1]
        if options.conversion:
            compare_conversion(old, new, options.model)
            return 0
        if options.only is None:
            options.only = Golden.read(Path(old)).only if old.endswith(DIGESTS) else ""
        return int(compare_on(old, new, options.only, options.cpus) > 0)
    except WorkerError as failure:
        sys.exit(f"a worker failed:\n{failure}")


if __name__ == "__main__":
    sys.exit(main())
