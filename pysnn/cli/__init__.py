"""The command line, one module per command.

A command is a module with a `Command`, listed in `registry`. Its ``run`` function imports what it
needs: ``--help`` and wrong usage should answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .._base.submodules import late_submodules
from .command import UsageError
from .output import one_line, say
from .parser import build_parser

__getattr__, __dir__ = late_submodules(__name__)

# What a user can cause; anything else is a flaw of ours and shows its traceback.
_EXPECTED_ERRORS = (OSError, ValueError, ArithmeticError, ImportError, MemoryError, RuntimeError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status.

    Args:
        arguments: Words after ``pysnn``; None takes those of the process.

    Returns:
        0 when done, 1 when the command failed, 130 when it was interrupted.

    Raises:
        SystemExit: With status 2 for wrong usage, 0 after ``--help`` and ``--version``.
    """
    options = build_parser().parse_args(arguments)
    try:
        options.run(options)
        # Flushed here, while a closed pipe can still be told from a failure.
        sys.stdout.flush()
    except UsageError as error:
        options.parser.error(one_line(error))
    except KeyboardInterrupt:
        say("pysnn: interrupted")
        return 130
    except BrokenPipeError:
        # The reader has seen enough; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except _EXPECTED_ERRORS as error:
        say(f"pysnn: error: {one_line(error)}")
        return 1
    return 0
