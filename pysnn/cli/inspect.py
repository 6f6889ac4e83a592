"""`pysnn inspect`: what a model file holds."""

from __future__ import annotations

import argparse

from .arguments import add_json
from .command import Command
from .files import load_model
from .output import print_json


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="model file of a ReLU or a spiking network")
    add_json(parser, "a table")


def _run(options: argparse.Namespace) -> None:
    from .describe import describe_file, format_file

    facts = describe_file(options.file, load_model(options.file))
    if options.json:
        print_json(facts)
    else:
        print(format_file(facts))


COMMAND = Command(
    name="inspect",
    summary="show the layers or populations of a model file",
    example=(
        "  pysnn inspect digits.safetensors           a table\n"
        "  pysnn inspect digits.safetensors --json    the same for another program"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
