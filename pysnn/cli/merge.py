"""`pysnn merge`: the result of a command whose parts were computed by ``--part`` runs."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Sequence
from pathlib import Path

from .._base.files import make_folder, write_json
from .command import Command

_FILE = "command.json"


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        help="folder of parts: that of --parts, or --output of 'pysnn sweep'",
    )


def _run(options: argparse.Namespace) -> None:
    words = read_command(Path(options.folder))
    command = options.parse(words)
    # Nothing is computed: what is missing is the work of others, or of another run of the array.
    command.only_kept = True
    command.words = words
    command.run(command)


def write_command(folder: str, words: Sequence[str]) -> None:
    """Keep the command that all shares in a folder are of, or check that it is the same.

    Raises:
        ValueError: The folder keeps parts of another command.
        OSError: It can't be written.
    """
    path = Path(folder)
    make_folder(path)
    command = _without_share(words)
    if not (path / _FILE).exists():
        write_json(path / _FILE, {"kind": "command", "words": command})
    elif (before := read_command(path)) != command:
        raise ValueError(
            f"{folder} keeps parts of another command, pysnn {shlex.join(before)}; take another "
            f"folder"
        )


def read_command(folder: Path) -> list[str]:
    """Return the words behind ``pysnn`` of the command that parts in a folder are of.

    Raises:
        ValueError: The folder has no sound file that says it.
        OSError: The file can't be read.
    """
    path = folder / _FILE
    if not path.exists():
        raise FileNotFoundError(
            f"{folder} has no {_FILE}, which runs with --part write: there is nothing to merge"
        )
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        words = values["words"]
        if values["kind"] == "command" and all(isinstance(word, str) for word in words):
            return list(words)
    except (ValueError, KeyError, TypeError):
        pass
    raise ValueError(f"{path} is no file that a run with --part has written")


def _without_share(words: Sequence[str]) -> list[str]:
    kept: list[str] = []
    is_value = False
    for word in words:
        if not is_value and word != "--part" and not word.startswith("--part="):
            kept.append(word)
        is_value = word == "--part"
    return kept


COMMAND = Command(
    name="merge",
    summary="combine the parts that runs of a command with --part have computed",
    example=(
        "  pysnn merge grid     what 'sweep ... --output grid' gives without its '--part 1/2' and "
        "'--part 2/2'"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
