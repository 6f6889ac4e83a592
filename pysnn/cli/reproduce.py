"""`pysnn reproduce`: the main experiment."""

from __future__ import annotations

import argparse

from .arguments import add_seed, add_threads
from .command import Command
from .output import print_json, say


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--quick",
        action="store_true",
        help="fewer epochs of training and shorter presentation of the images (below 90 s)",
    )
    parser.add_argument(
        "--output",
        metavar="FOLDER",
        default="report",
        help="where report and model files are written (default: report)",
    )
    add_seed(parser, "initial weights, training and input spikes")
    add_threads(parser)
    parser.add_argument(
        "--json", action="store_true", help="print all numbers as JSON instead of the table"
    )


def _run(options: argparse.Namespace) -> None:
    from ..experiments import reproduce

    result = reproduce.run(
        options.output,
        quick=options.quick,
        seed=options.seed,
        num_threads=options.threads,
        say=say,
    )
    if options.json:
        print_json(result.to_dict())
    else:
        print(result)


COMMAND = Command(
    name="reproduce",
    summary="train the paper's networks on MNIST, convert and simulate them, write a report",
    example=(
        "  pysnn reproduce                            the full experiment, into report/\n"
        "  pysnn reproduce --quick --output trial     its short version, into trial/\n"
        "  pysnn reproduce --json > numbers.json      numbers for another program"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
