"""The command line: `pysnn reproduce` and `pysnn info`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import __version__

# What a user can cause; anything else is a flaw of ours and shows its traceback.
_EXPECTED_ERRORS = (OSError, ValueError, ArithmeticError, ImportError, MemoryError, RuntimeError)


@dataclass(frozen=True)
class _Command:
    """One subcommand.

    Attributes:
        name: Word on the command line.
        summary: What it does, in one line.
        example: Lines shown at the end of its help.
        add_arguments: Adds its options to its parser.
        run: Does the work and returns nothing; failures are exceptions.
    """

    name: str
    summary: str
    example: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status.

    Args:
        arguments: Words after ``pysnn``; None takes those of the process.

    Returns:
        0 when done, 1 when the command failed, 130 when it was interrupted.

    Raises:
        SystemExit: With status 2 for wrong usage, 0 after ``--help`` and ``--version``.
    """
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
        # Flushed here, while a closed pipe can still be told from a failure.
        sys.stdout.flush()
    except KeyboardInterrupt:
        _say("pysnn: interrupted")
        return 130
    except BrokenPipeError:
        # The reader has seen enough; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except _EXPECTED_ERRORS as error:
        _say(f"pysnn: error: {_one_line(error)}")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pysnn",
        description="Converts networks of ReLU units into spiking networks and simulates them.",
        epilog="example:\n  pysnn reproduce --quick    the main experiment, in its short version",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pysnn {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        subparser = commands.add_parser(
            command.name,
            help=command.summary,
            description=command.summary[0].upper() + command.summary[1:] + ".",
            epilog=f"example:\n{command.example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser


def _add_reproduce_arguments(parser: argparse.ArgumentParser) -> None:
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
    parser.add_argument(
        "--seed",
        type=_seed,
        default=0,
        metavar="N",
        help="seed of initial weights, training and input spikes (default: 0)",
    )
    _add_threads(parser)
    parser.add_argument(
        "--json", action="store_true", help="print all numbers as JSON instead of the table"
    )


def _reproduce(options: argparse.Namespace) -> None:
    from .experiments import reproduce

    result = reproduce.run(
        options.output,
        quick=options.quick,
        seed=options.seed,
        num_threads=options.threads,
        say=_say,
    )
    print(json.dumps(result.to_dict(), indent=2, allow_nan=False) if options.json else result)


def _add_info_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def _info(options: argparse.Namespace) -> None:
    from .experiments.environment import describe_environment, format_environment

    environment = describe_environment()
    text = json.dumps(environment, indent=2) if options.json else format_environment(environment)
    print(text)


_COMMANDS = (
    _Command(
        name="reproduce",
        summary="train the paper's networks on MNIST, convert and simulate them, write a report",
        example=(
            "  pysnn reproduce                            the full experiment, into report/\n"
            "  pysnn reproduce --quick --output trial     its short version, into trial/\n"
            "  pysnn reproduce --json > numbers.json      numbers for another program"
        ),
        add_arguments=_add_reproduce_arguments,
        run=_reproduce,
    ),
    _Command(
        name="info",
        summary="show versions, processor target, threads and optional packages",
        example="  pysnn info --json",
        add_arguments=_add_info_arguments,
        run=_info,
    ),
)


def _add_threads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threads",
        type=_positive_int,
        default=None,
        metavar="N",
        help="threads of the simulation (default: what OpenMP would use); results do not depend "
        "on it",
    )


def _positive_int(text: str) -> int:
    number = _int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"is {text}, but must be at least 1")
    return number


def _seed(text: str) -> int:
    number = _int(text)
    if not 0 <= number < 1 << 64:
        raise argparse.ArgumentTypeError(f"is {text}, but must be in [0, 2^64)")
    return number


def _int(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"is {text!r}, but must be a whole number") from None


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
