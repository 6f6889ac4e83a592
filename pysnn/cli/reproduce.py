"""`pysnn reproduce`: the main experiment."""

from __future__ import annotations

import argparse

from .arguments import add_seed, add_threads
from .command import Command, values_as_usage
from .output import print_json, say


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    from ..reproduction.sections import ALL, CORE, SECTIONS

    parser.add_argument(
        "--train",
        action="store_true",
        help="train the networks instead of using those that come with pysnn; the numbers then "
        "depend on NumPy's BLAS, its kernel and threads, which are recorded",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="fewer images, cells and epochs, and a shorter simulated time",
    )
    parser.add_argument(
        "--output",
        metavar="FOLDER",
        default="report",
        help="where report and model files are written (default: report)",
    )
    names = "; ".join(
        [
            f"{ALL}: all of them",
            f"{CORE}: only what every run does",
            *(f"{each.name}: {each.summary}" for each in SECTIONS),
        ]
    )
    parser.add_argument(
        "--sections",
        type=_names,
        metavar="NAME,NAME",
        help=f"sections to run after the core (default: {CORE}): {names}",
    )
    parser.add_argument(
        "--matlab-convnet",
        metavar="FILE",
        help="cnn_99.14.mat of the paper's authors, for the section about their own network",
    )
    add_seed(parser, "input spikes; with --train, also of initial weights and training")
    add_threads(parser)
    parser.add_argument(
        "--json", action="store_true", help="print all numbers as JSON instead of the table"
    )


def _names(text: str) -> list[str]:
    from ..reproduction.sections import ALL, CORE, SECTIONS

    names = [name.strip() for name in text.split(",")]
    known = (ALL, CORE, *(section.name for section in SECTIONS))
    for name in names:
        if name not in known:
            raise argparse.ArgumentTypeError(
                f"{name!r} is no section; there are {', '.join(known)}"
            )
    if ALL in names and len(names) > 1:
        raise argparse.ArgumentTypeError(f"{ALL!r} must stand alone")
    return names


def _run(options: argparse.Namespace) -> None:
    from ..reproduction import reproduce
    from ..reproduction.choices import section_names

    with values_as_usage():
        section_names(options.sections, options.matlab_convnet)
    result = reproduce.run(
        options.output,
        train=options.train,
        quick=options.quick,
        seed=options.seed,
        num_threads=options.num_threads,
        sections=options.sections,
        matlab_convnet=options.matlab_convnet,
        say=say,
    )
    if options.json:
        print_json(result.to_dict())
    else:
        print(result)
    if result.published is not None and result.published.different:
        raise RuntimeError(str(result.published))


COMMAND = Command(
    name="reproduce",
    summary="convert and simulate the paper's networks on MNIST, write a report",
    example=(
        "  pysnn reproduce                            accuracy over time, into report/\n"
        "  pysnn reproduce --sections all             all experiments\n"
        "  pysnn reproduce --sections grids,cost      two of them, beside accuracy over time\n"
        "  pysnn reproduce --train --output trained   the same from networks trained here\n"
        "  pysnn reproduce --quick --output trial     a short version, into trial/\n"
        "  pysnn reproduce --json > numbers.json      numbers for another program"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
