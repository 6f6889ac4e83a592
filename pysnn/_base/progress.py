"""Progress bars that appear only where a person looks."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """What long work reports to."""

    def advance(self, count: int = 1) -> None:
        """Count ``count`` more units as done."""

    def set_note(self, text: str) -> None:
        """Show a short text beside the bar."""


class _Silent:
    def advance(self, count: int = 1) -> None:
        """Show nothing."""

    def set_note(self, text: str) -> None:
        """Show nothing."""


@contextmanager
def progress_bar(
    total: int, description: str, *, progress: bool | None, unit: str = "it"
) -> Iterator[Progress]:
    """Show a progress bar on stderr while the block runs.

    Args:
        total: Number of units of the whole work.
        description: Short text before the bar.
        progress: True demands a bar, False shows none, None shows one when tqdm is installed
            and stderr is a terminal.
        unit: Name of one unit.

    Raises:
        TypeError: ``progress`` is neither a bool nor None.
        ImportError: ``progress`` is True and tqdm is not installed.
    """
    check_progress(progress)
    if progress is False or (progress is None and not _stderr_is_terminal()):
        yield _Silent()
        return
    try:
        tqdm = importlib.import_module("tqdm").tqdm
    except ImportError:
        yield _Silent()
        return

    class Bar:
        def advance(self, count: int = 1) -> None:
            bar.update(count)

        def set_note(self, text: str) -> None:
            bar.set_postfix_str(text, refresh=False)

    with tqdm(total=total, desc=description, unit=unit, dynamic_ncols=True) as bar:
        yield Bar()


def check_progress(progress: bool | None) -> None:
    """Raise now what `progress_bar` would raise, so that no work is lost.

    Raises:
        TypeError: ``progress`` is neither a bool nor None.
        ImportError: ``progress`` is True and tqdm is not installed.
    """
    if progress is not None and not isinstance(progress, bool):
        raise TypeError(f"progress is a {type(progress).__name__}, but must be a bool or None")
    if progress is True:
        try:
            importlib.import_module("tqdm")
        except ImportError:
            raise ImportError(
                "progress=True needs tqdm, which the extra 'report' installs: "
                "pip install '.[report]'"
            ) from None


def _stderr_is_terminal() -> bool:
    # stderr is None under pythonw and in some services.
    return sys.stderr is not None and sys.stderr.isatty()
