"""What a command of the command line is made of."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass


class UsageError(Exception):
    """Options contradict each other or the file that they name: wrong usage, exit status 2."""


@dataclass(frozen=True)
class Command:
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
