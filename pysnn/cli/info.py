"""`pysnn info`: what this installation is and runs on."""

from __future__ import annotations

import argparse

from .arguments import add_json
from .command import Command
from .output import print_json


def _run(options: argparse.Namespace) -> None:
    from .._base.environment import describe_environment, format_environment

    environment = describe_environment()
    if options.json:
        print_json(environment)
    else:
        print(format_environment(environment))


COMMAND = Command(
    name="info",
    summary="show versions, processor target, threads and optional packages",
    example="  pysnn info --json",
    add_arguments=lambda parser: add_json(parser, "text"),
    run=_run,
)
