"""The parser of the whole command line."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from .._base.system import VERSION
from .._paths import get_cmake_dir, get_include
from .folders import PrintFolder
from .output import say
from .registry import COMMANDS


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are one line, and which takes no shortened option names."""

    def __init__(self, **options: object) -> None:
        # A shortened name would be ambiguous as soon as another option begins like it.
        super().__init__(**{"allow_abbrev": False, **options})  # type: ignore[arg-type]

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            error.message += did_you_mean(str(value), map(str, action.choices or ()))
            raise

    def options(self) -> list[str]:
        """Return the names of all options that the help shows, ``--num-threads`` and its like."""
        shown = [action for action in self._actions if action.help != argparse.SUPPRESS]
        return [name for action in shown for name in action.option_strings]

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with status 2."""
        text = " ".join(message.split())
        say(f"{self.prog}: error: {text} (see {self.prog} --help)")
        sys.exit(2)


def did_you_mean(word: str, known: Iterable[str], *, least: float = 0.6) -> str:
    """Return a question after the known word that a wrong one is most like; "" without any.

    Args:
        word: The wrong one.
        known: Those that it may have been meant to be.
        least: How like it must be, in [0, 1], as `difflib` counts.
    """
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=least)
    return f"; did you mean {near[0]}?" if near else ""


def parse(words: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of a command, its ``run`` and its ``parser``.

    Raises:
        SystemExit: With status 2 for wrong usage, 0 after ``--help`` and its like.
    """
    whole = build_parser()
    _check_begin(whole, sys.argv[1:] if words is None else words)
    options, unknown = whole.parse_known_args(words)
    if unknown:
        parser: OneLineParser = options.parser
        first = next((word for word in unknown if word.startswith("-")), unknown[0])
        name = first.partition("=")[0]
        question = did_you_mean(name, parser.options()) if name.startswith("--") else ""
        parser.error(f"unrecognized arguments: {' '.join(unknown)}{question}")
    return options


def _check_begin(parser: OneLineParser, words: Sequence[str]) -> None:
    # The word behind an unknown option would be taken for the command.
    name = words[0].partition("=")[0] if words else ""
    if name.startswith("-") and name not in ("--", *parser.options()):
        # Those of commands are like these by chance.
        question = did_you_mean(name, parser.options(), least=0.8)
        parser.error(
            f"unrecognized argument {name}; options of a command follow its name{question}"
        )


def build_parser() -> OneLineParser:
    """Return a parser whose namespaces have the ``run`` and the ``parser`` of their command."""
    parser = OneLineParser(
        prog="pysnn",
        description="Converts networks of ReLU units into spiking networks and simulates them.",
        epilog="example:\n  pysnn reproduce --quick    a short version of the main experiment\n"
        "\n'pysnn COMMAND --help' shows all options of a command, with examples."
        "\n\nexit status: 0 success, 1 failure, 2 wrong usage, 130 interrupted by Ctrl-C",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pysnn {VERSION}")
    parser.add_argument(
        "--cmake-dir",
        action=PrintFolder,
        find=get_cmake_dir,
        help="print the folder of the CMake package for C++ programs and exit",
    )
    parser.add_argument(
        "--include-dir",
        action=PrintFolder,
        find=get_include,
        help="print the folder of the C++ headers and exit",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        subparser = commands.add_parser(
            command.name,
            help=command.summary,
            description=command.summary[0].upper() + command.summary[1:] + ".",
            epilog=f"example:\n{command.example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run, parser=subparser)
    return parser
