"""Whether a built site fetches anything from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

# Links that a reader follows are <a>; all else is loaded with the page.
_LOADED = re.compile(r"<(?!a\s)\w+\s[^>]*?(?:src|href)=[\"']?((?:https?:)?//[^\s\"'>]+)")


def fetched(site: Path) -> list[str]:
    """Return what the pages of a site would load from other places, each with its page.

    Args:
        site: Folder of the site.
    """
    return [
        f"{page.relative_to(site).as_posix()}: {found}"
        for page in sorted(site.rglob("*.html"))
        for found in _LOADED.findall(page.read_text(encoding="utf-8"))
    ]
