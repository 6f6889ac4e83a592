"""What commands print: results on stdout, everything else on stderr."""

from __future__ import annotations

import contextlib
import json
import sys
import warnings
from collections.abc import Iterator
from typing import Any


def say(line: str) -> None:
    """Tell a person one line about the work, where there is somewhere to tell it."""
    # stderr is None under pythonw, and may be closed or a reader that has left.
    with contextlib.suppress(AttributeError, ValueError, OSError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


@contextlib.contextmanager
def warnings_said() -> Iterator[None]:
    """Say warnings in the block as one line each, without the place in the source."""

    def show(message: Warning | str, *_: object, **__: object) -> None:
        say(f"pysnn: warning: {' '.join(str(message).split())}")

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield


def print_json(value: Any) -> None:
    """Print ``value`` as indented JSON.

    Raises:
        ValueError: A number is NaN or infinite, which JSON does not have.
    """
    print(json.dumps(value, indent=2, allow_nan=False))


def one_line(error: BaseException) -> str:
    """Return an error's words as one line, its kind where it has none.

    Errors of the system read like those of the core: the file, then what is wrong with it.
    """
    words = str(error)
    if isinstance(error, OSError) and error.strerror:
        named = isinstance(error.filename, str) and error.filename2 is None
        words = f"{error.filename}: {error.strerror}" if named else error.strerror
    return " ".join(words.split()) or type(error).__name__
