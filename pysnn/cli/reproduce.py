"""`pysnn reproduce`: the main experiment."""

from __future__ import annotations

import argparse

from .arguments import add_seed, add_threads
from .command import Command, values_as_usage
from .output import print_json, say


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    from ..reproduction.sections import CORE, SECTIONS

    parser.add_argument(
        "--quick",
        action="store_true",
        help="fewer epochs, images and cells, and shorter presentation (below 2 minutes)",
    )
    parser.add_argument(
        "--output",
        metavar="FOLDER",
        default="report",
        help="where report and model files are written (default: report)",
    )
    names = "; ".join(
        [f"{CORE}: what every run does", *(f"{each.name}: {each.summary}" for each in SECTIONS)]
    )
    parser.add_argument(
        "--sections",
        type=_names,
        metavar="NAME,NAME",
        help=f"sections to run after the core, instead of all: {names}",
    )
    parser.add_argument(
        "--matlab-convnet",
        metavar="FILE",
        help="cnn_99.14.mat of the paper's authors, for the section about their own network",
    )
    add_seed(parser, "initial weights, training and input spikes")
    add_threads(parser)
    parser.add_argument(
        "--json", action="store_true", help="print all numbers as JSON instead of the table"
    )


def _names(text: str) -> list[str]:
    from ..reproduction.sections import CORE, SECTIONS

    names = [name.strip() for name in text.split(",")]
    known = (CORE, *(section.name for section in SECTIONS))
    for name in names:
        if name not in known:
            raise argparse.ArgumentTypeError(
                f"{name!r} is no section; there are {', '.join(known)}"
            )
    return names


def _run(options: argparse.Namespace) -> None:
    from ..reproduction import reproduce
    from ..reproduction.choices import section_names

    with values_as_usage():
        section_names(options.sections, options.matlab_convnet)
    result = reproduce.run(
        options.output,
        quick=options.quick,
        seed=options.seed,
        num_threads=options.threads,
        sections=options.sections,
        matlab_convnet=options.matlab_convnet,
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
        "  pysnn reproduce                            all experiments, into report/\n"
        "  pysnn reproduce --sections grids,cost      two of them, beside the core\n"
        "  pysnn reproduce --quick --output trial     their short version, into trial/\n"
        "  pysnn reproduce --json > numbers.json      numbers for another program"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
