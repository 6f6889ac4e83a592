"""The command line, one module per command.

A command is a module with a `Command`, listed in `registry`. Its ``run`` function imports what it
needs: ``--help`` and wrong usage should answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .._base.named import late_submodules
from ..parallel import PartsMissing
from .command import UsageError, in_words_of_the_line, names_option
from .output import one_line, say, warnings_said
from .parser import parse

__getattr__, __dir__ = late_submodules(__name__)

# What a user can cause; anything else is a flaw of ours and shows its traceback.
_EXPECTED_ERRORS = (OSError, ValueError, ArithmeticError, ImportError, MemoryError, RuntimeError)
# A word of the command line that names no file, or a folder where a file belongs, or the reverse.
_NO_SUCH_PATH = (FileNotFoundError, IsADirectoryError, NotADirectoryError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status.

    Args:
        arguments: Words after ``pysnn``; None takes those of the process.

    Returns:
        0 when done, 1 when the command failed, 130 when it was interrupted.

    Raises:
        SystemExit: With status 2 for wrong usage, which includes files and folders that are not
            there, 0 after ``--help`` and ``--version``.
    """
    options = parse(arguments)
    options.parse = parse
    options.words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with warnings_said():
            options.run(options)
        # Flushed here, while a closed pipe can still be told from a failure.
        sys.stdout.flush()
    except UsageError as error:
        options.parser.error(one_line(error))
    except KeyboardInterrupt:
        say("pysnn: interrupted")
        return 130
    except PartsMissing as missing:
        # A run of a share that is not the last one has done all that it was to do.
        is_share = getattr(options, "part", None) is not None
        number = f"part {options.part[0]} of {options.part[1]} is done: " if is_share else "error: "
        say(f"pysnn: {number}{one_line(missing)}")
        return 0 if is_share else 1
    except BrokenPipeError:
        # The reader, such as head, has seen enough: no failure. Python would complain again when it
        # flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except _NO_SUCH_PATH as error:
        options.parser.error(one_line(error))
    except _EXPECTED_ERRORS as error:
        words = in_words_of_the_line(one_line(error), options)
        if isinstance(error, ValueError) and names_option(str(error), options):
            options.parser.error(words)
        say(f"pysnn: error: {words}")
        return 1
    return 0
