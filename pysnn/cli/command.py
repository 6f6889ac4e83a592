"""What a command of the command line is made of."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class UsageError(Exception):
    """Options are wrong, each alone, together, or for the file that they name: exit status 2.

    What a file holds wrongly is no matter of usage, and fails with status 1.
    """


@contextmanager
def values_as_usage() -> Iterator[None]:
    """Make wrong usage of what a value of the command line is refused for in the block."""
    try:
        yield
    except ValueError as error:
        raise UsageError(str(error)) from error


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
