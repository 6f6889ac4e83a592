"""The parser of the whole command line."""

from __future__ import annotations

import argparse

from .. import __version__
from .registry import COMMANDS


def build_parser() -> argparse.ArgumentParser:
    """Return a parser whose namespaces have the ``run`` and the ``parser`` of their command."""
    parser = argparse.ArgumentParser(
        prog="pysnn",
        description="Converts networks of ReLU units into spiking networks and simulates them.",
        epilog="example:\n  pysnn reproduce --quick    the main experiment, in its short version",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pysnn {__version__}")
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
