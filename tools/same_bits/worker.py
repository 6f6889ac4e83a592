"""Prints the digests of cases as the interpreter's pysnn gives them, one line of JSON per case.

The first line says which build and instruction set run.

Usage (in tools/):
    PYTHON -m same_bits.worker [--only PATTERN]
"""

from __future__ import annotations

import argparse
import json
import re

import pysnn

from .cases import Case, all_cases
from .comparison import RAISED
from .digests import Digests


def main() -> None:
    """Run the cases whose name the pattern is found in."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--only", type=re.compile, default=re.compile(""), help="regular expression"
    )
    options = parser.parse_args()
    print(json.dumps({"version": pysnn.__version__, "cpu": pysnn.cpu_target()}), flush=True)
    for name, case in all_cases().items():
        if options.only.search(name):
            print(json.dumps({"case": name, "digests": _digests(case)}), flush=True)


def _digests(case: Case) -> Digests:
    # One case that a build refuses should not keep the others from being compared.
    try:
        return case()
    except Exception as error:
        return {RAISED: f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
