"""What commands print: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from typing import Any


def say(line: str) -> None:
    """Tell a person one line about the work."""
    print(line, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """Print ``value`` as indented JSON.

    Raises:
        ValueError: A number is NaN or infinite, which JSON does not have.
    """
    print(json.dumps(value, indent=2, allow_nan=False))


def one_line(error: BaseException) -> str:
    """Return an error's words as one line, its kind where it has none.

    The system's number of an error is left out: its words stand beside it.
    """
    words = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, OSError) and error.errno is not None:
        words = words.removeprefix(f"[Errno {error.errno}] ")
    return words
