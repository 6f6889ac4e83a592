"""Progress bars that appear only where a person looks."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from .extras import install_hint


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
    total: int | None, description: str, *, progress: bool | None, unit: str = "it"
) -> Iterator[Progress]:
    """Show a progress bar on stderr while the block runs.

    Args:
        total: Number of units of the whole work; None where only its end tells.
        description: Short text before the bar.
        progress: True demands a bar, False shows none, None shows one when tqdm is installed
            and stderr is a terminal or a notebook's. In a notebook it is a widget where ipywidgets
            is installed.
        unit: Name of one unit.

    Raises:
        TypeError: ``progress`` is neither a bool nor None.
        ImportError: ``progress`` is True and tqdm is not installed.
    """
    check_progress(progress)
    in_notebook = _is_notebook()
    is_seen = _stderr_is_open() and (progress is True or in_notebook or _stderr_is_terminal())
    if progress is False or not is_seen:
        yield _Silent()
        return
    # Without ipywidgets, tqdm.auto would warn of it.
    as_widget = in_notebook and importlib.util.find_spec("ipywidgets") is not None
    try:
        tqdm = importlib.import_module("tqdm.auto" if as_widget else "tqdm").tqdm
    except ImportError:
        yield _Silent()
        return
    bar = _Bar(tqdm, total=total, desc=description, unit=unit, dynamic_ncols=True)
    try:
        yield bar
    finally:
        bar.close()


class _Bar:
    """A bar of tqdm that falls silent where stderr can't be written to, or no longer.

    Work whose bar fails is not lost.
    """

    def __init__(self, tqdm: Callable[..., Any], **options: object) -> None:
        self._bar: Any = None
        with self._silent_after_failure():
            self._bar = tqdm(**options)

    def advance(self, count: int = 1) -> None:
        if self._bar is not None:
            with self._silent_after_failure():
                self._bar.update(count)

    def set_note(self, text: str) -> None:
        if self._bar is not None:
            with self._silent_after_failure():
                self._bar.set_postfix_str(text, refresh=False)

    def close(self) -> None:
        if self._bar is not None:
            with self._silent_after_failure():
                self._bar.close()

    @contextmanager
    def _silent_after_failure(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError):
            # A broken pipe, a full disk, or a file that was closed under the bar.
            if self._bar is not None:
                self._bar.disable = True
            self._bar = None


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
                f"progress=True needs tqdm, which is not installed: {install_hint('report')}"
            ) from None


def _is_notebook() -> bool:
    """Return whether a Jupyter kernel runs this, in which somebody looks at each cell's output."""
    # Not imported for it: where IPython runs this, it is there.
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell is not None and "IPKernelApp" in getattr(shell, "config", ())


def _stderr_is_open() -> bool:
    # stderr is None under pythonw and in some services, and what stands in its place need not have
    # more than `write` and `flush`. One whose buffer was detached raises when it is asked.
    try:
        return sys.stderr is not None and not getattr(sys.stderr, "closed", False)
    except ValueError:
        return False


def _stderr_is_terminal() -> bool:
    isatty = getattr(sys.stderr, "isatty", None)
    return _stderr_is_open() and isatty is not None and bool(isatty())
