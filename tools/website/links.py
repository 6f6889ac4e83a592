"""Links in Markdown: found outside of code, and given other targets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_FENCE = re.compile(r"^(`{3,}|~{3,})")
_TARGET = re.compile(r"(\]\(|<(?:img|a)\s[^>]*?(?:src|href)=\")([^)\s\"#]+)")


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Yield a document's lines in runs, each with whether they are a block of code.

    Fences belong to their block.
    """
    run: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if not fence and found:
            yield False, "".join(run)
            run, fence = [line], found[1]
        elif fence and line.rstrip() == fence:
            yield True, "".join([*run, line])
            run, fence = [], ""
        else:
            run.append(line)
    yield bool(fence), "".join(run)


def with_targets(text: str, change: Callable[[str], str]) -> str:
    """Return a document with other targets of its links.

    Args:
        text: Markdown. Links in blocks of code, to other sites and to places of the document itself
            stay as they are.
        change: Gives the target for a target, which is a path without its anchor.
    """

    def changed(found: re.Match[str]) -> str:
        before, target = found.groups()
        foreign = "://" in target or target.startswith("mailto:")
        return before + (target if foreign else change(target))

    return "".join(run if is_code else _TARGET.sub(changed, run) for is_code, run in pieces(text))
