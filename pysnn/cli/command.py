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


# Arguments of functions, and the options that name the files which these come from.
_ARGUMENTS_OF_FILES = {"x": "data", "y": "labels", "spikes": "spikes"}

# A keyword with a value, in quotes or not, or with what is no value behind it.
_KEYWORD = re.compile(
    r"""\b([a-z_]+)=(?:'([^']*)'|"([^"]*)"|([\w+/-]+(?:\.\w+)*)|(?=[\s,;.:)]|$))"""
)


def in_words_of_the_line(message: str, options: argparse.Namespace) -> str:
    """Return what a function of pysnn says of its arguments as a command says it.

    Arguments that come from a file are called by the file's name, too, and keywords by the name of
    the option. What the user wrote, such as the name of a file, stays.
    """
    written = [word.partition("=")[2] if word[:2] == "--" else word for word in options.words]

    def as_option(found: re.Match[str]) -> str:
        name, *values = found.groups()
        if not hasattr(options, name) or any(found[0] in word for word in written):
            return found[0]
        value = next((each for each in values if each is not None), "")
        return f"--{name.replace('_', '-')} {value}".rstrip()

    words = _KEYWORD.sub(as_option, message)
    if not any(word and message.startswith(word) for word in written):
        for argument, option in _ARGUMENTS_OF_FILES.items():
            source = getattr(options, option, None)
            if isinstance(source, str) and re.match(rf"{argument}[ \[]", message):
                return f"{source}: {words}"
    return words


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
