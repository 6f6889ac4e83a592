"""Options that say who computes the parts of a command's work, and where they are kept."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..parallel import Workers
from .arguments import positive_int
from .command import Options, UsageError
from .engines import Engine, engine
from .merge import write_command
from .output import say

_SHARE = re.compile(r"(\d+)/(\d+)")


def add_workers(parser: Options, what: str, *, keeps_parts: bool = False) -> None:
    """Add the options.

    Args:
        parser: The command's.
        what: What is shared, as the end of a sentence.
        keeps_parts: Whether the command has a folder for parts of its own.
    """
    group = parser.add_argument_group("parts of the work")
    group.add_argument(
        "--processes",
        type=positive_int,
        default=1,
        metavar="N",
        help=f"processes that share {what}, each with its part of the threads (default: 1); "
        "results do not depend on it, nor on the options that follow",
    )
    group.add_argument(
        "--executor",
        type=engine,
        metavar="ENGINE",
        help="where parts are computed: processes:N; dask:ADDRESS or dask:FILE.json, Dask's "
        "scheduler; mpi, the ranks of mpirun ... python -m mpi4py.futures -m pysnn ...",
    )
    group.add_argument(
        "--part-size",
        type=positive_int,
        metavar="N",
        help="samples of a part (default: 500, or fewer where many workers would share few parts)",
    )
    if not keeps_parts:
        group.add_argument(
            "--parts",
            metavar="FOLDER",
            help="where finished parts are kept; the same command continues from there",
        )
    group.add_argument(
        "--part",
        type=_share,
        metavar="I/N",
        help="compute only the I-th of N shares of the parts, I from 1, into the folder of parts: "
        "a task in a job array of a batch system; 'pysnn merge FOLDER' gives the result",
    )


@contextmanager
def workers(
    options: argparse.Namespace, folder: str | None
) -> Iterator[tuple[Workers, int | None]]:
    """Yield the workers that the options name, and the threads of each part.

    Args:
        options: Those of `add_workers`, ``--num-threads``, and ``words``, the command itself.
        folder: Where parts are kept; None for nowhere.

    Raises:
        UsageError: Options contradict each other.
        ImportError: A library is not installed.
        OSError: An engine can't be reached, or the folder not be written.
    """
    chosen = _engine(options)
    if options.part is not None:
        if folder is None:
            raise UsageError("--part goes with --parts, the folder that all shares are kept in")
        if chosen is not None:
            raise UsageError("--part is for runs without an engine, such as --executor names")
        write_command(folder, options.words)
    choices: dict[str, Any] = {
        "part_size": options.part_size,
        "folder": folder,
        "share": options.part,
        "only_kept": getattr(options, "only_kept", False),
    }
    if chosen is None:
        yield Workers(**choices), options.num_threads
        return
    with chosen.started(options.num_threads) as (executor, num_threads):
        found = Workers(executor, **choices)
        yield found, num_threads
        say(f"pysnn: {found.report}")


def _engine(options: argparse.Namespace) -> Engine | None:
    if options.processes == 1:
        chosen: Engine | None = options.executor
        return chosen
    if options.executor is not None:
        raise UsageError("--processes and --executor are given, but only one of them may be")
    return engine(f"processes:{options.processes}")


def _share(text: str) -> tuple[int, int]:
    match = _SHARE.fullmatch(text)
    number, num_shares = (0, 0) if match is None else (int(match[1]), int(match[2]))
    if not 1 <= number <= num_shares:
        raise argparse.ArgumentTypeError(f"is {text!r}, but must be I/N with I of 1 ... N")
    return number, num_shares
