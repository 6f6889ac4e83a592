"""Links between documents that lead nowhere."""

from __future__ import annotations

import re
from pathlib import Path

from website.links import pieces


def dead_links(root: Path, *, leaving_out: tuple[str, ...] = ()) -> list[str]:
    """Return the links of the documents in a tree to files that it does not have.

    Args:
        root: Folder of the tree.
        leaving_out: Beginnings of paths that this tree is not to have.
    """
    found = []
    for document in [*root.glob("*.md"), *root.glob("docs/**/*.md")]:
        text = "".join(run for is_code, run in pieces(document.read_text()) if not is_code)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if "://" in target or (document.parent / target).exists():
                continue
            path = (document.parent / target).resolve().relative_to(root.resolve())
            if not f"{path.as_posix()}/".startswith(leaving_out):
                found.append(f"{document.name}: {target}")
    return found
