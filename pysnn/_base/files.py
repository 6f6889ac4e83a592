"""Writing result files so that a reader never sees half of one."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that takes its place when the block succeeds.

    Args:
        path: File to create or replace. Its folder must exist.

    Raises:
        OSError: The folder cannot be written to.
    """
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(6)}{path.suffix}")
    # Created here, with the rights of an ordinary file, so that a folder that cannot be written
    # to is found before any work, and no stranger's file is ever taken.
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 with Unix line ends, replacing ``path`` in one step."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: Any) -> None:
    """Write ``value`` as indented JSON, replacing ``path`` in one step.

    Raises:
        ValueError: A number is NaN or infinite, which JSON does not have.
    """
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def make_folder(path: Path) -> None:
    """Create a folder, or check that files can be made in the one that is there.

    Raises:
        OSError: ``path`` is a file, or nothing can be written there.
    """
    if path.exists() and not path.is_dir():
        raise NotADirectoryError(f"output is {path}, which is a file, but must be a folder")
    path.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=path):
        pass
