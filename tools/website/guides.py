"""Guides as steps: a text, the code that follows it, and the output that the page shows of it."""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from website.links import pieces

_NEGATIVE_ZERO = re.compile(r"-(0\.0+)\b")
_CODE, _OUTPUT = "```python\n", "```\n"


@dataclass
class Step:
    """A part of a guide.

    Attributes:
        text: Markdown before the code, with blocks of code in other languages.
        code: Python, or "" at the end of the guide.
        shown: The output that the page shows below the code; None where it shows none.
    """

    text: str
    code: str = ""
    shown: str | None = None


def steps(page: str) -> list[Step]:
    """Return the steps of a guide.

    Args:
        page: Its Markdown. A block without a language that follows Python at once is its output.
    """
    found: list[Step] = []
    text = ""
    for is_code, run in pieces(page):
        if is_code and run.startswith(_CODE):
            found.append(Step(text, run.removeprefix(_CODE).removesuffix(_OUTPUT)))
            text = ""
        elif is_code and run.startswith(_OUTPUT) and found and not text.strip():
            found[-1].shown = run.removeprefix(_OUTPUT).removesuffix(_OUTPUT)
            text = ""
        else:
            text += run
    return [*found, Step(text)] if text.strip() else found


def run(guide: list[Step], folder: Path) -> Iterator[tuple[Step, str]]:
    """Run the code of a guide in one namespace, and yield each step with what it printed.

    Args:
        guide: Its steps.
        folder: Where files of the code end up.
    """
    namespace: dict[str, object] = {"__name__": "__main__"}
    for step in guide:
        if step.code:
            printed = io.StringIO()
            before = Path.cwd()
            os.chdir(folder)
            try:
                with contextlib.redirect_stdout(printed):
                    exec(compile(step.code, "guide", "exec"), namespace)
            finally:
                os.chdir(before)
            yield step, printed.getvalue()


def with_output(page: str, step: Step, printed: str) -> str:
    """Return a guide that shows another output below the code of a step."""
    code = f"{_CODE}{step.code}{_OUTPUT}"
    shown = "" if step.shown is None else f"\n{_OUTPUT}{step.shown}{_OUTPUT}"
    new = f"\n{_OUTPUT}{printed}{_OUTPUT}" if printed else ""
    return page.replace(code + shown, code + new, 1)


def is_as_shown(shown: str, printed: str) -> bool:
    """Return whether an output is the one that a page shows, where "..." stands for any text.

    The sign of what is rounded to 0 may differ: it is that of the last bit of a sum of floats.
    """
    shown, printed = (_NEGATIVE_ZERO.sub(r" \1", text) for text in (shown, printed))
    return doctest.OutputChecker().check_output(shown, printed, doctest.ELLIPSIS)
