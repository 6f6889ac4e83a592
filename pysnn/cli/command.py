"""What a command of the command line is made of."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Options = argparse.ArgumentParser | argparse._ArgumentGroup
"""What options can be added to."""


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


def names_option(message: str, options: argparse.Namespace) -> bool:
    """Return whether an error is about the value of an option, rather than about what a file holds.

    Errors begin with the name of the argument that they are about. An option of that name whose
    value is a text names a file, whose contents are no matter of usage.
    """
    name = re.match(r"[a-z_]*", message)
    value = getattr(options, name[0], None) if name else None
    return value is not None and not isinstance(value, str | bool)


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
