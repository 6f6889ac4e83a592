"""Whether a built site fetches anything from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

_ELSEWHERE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_IN_STYLES = re.compile(
    r"(?:url\(\s*[\"']?|@import\s*[\"'])\s*((?:https?:)?//[^\s\"')]+)", re.IGNORECASE
)


def fetched(site: Path) -> list[str]:
    """Return what the pages and styles of a site would load from other places, each with its file.

    Args:
        site: Folder of the site.
    """
    found = []
    for path in sorted([*site.rglob("*.html"), *site.rglob("*.css")]):
        text = path.read_text(encoding="utf-8")
        addresses = _of_page(text) if path.suffix == ".html" else _IN_STYLES.findall(text)
        found += [f"{path.relative_to(site).as_posix()}: {address}" for address in addresses]
    return found


def _of_page(text: str) -> list[str]:
    page = _Page()
    page.feed(text)
    page.close()
    return page.found


class _Page(HTMLParser):
    """Keeps what a page loads from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes of an element, but for links, which a reader follows."""
        self._is_style = tag == "style"
        for name, value in attrs:
            attribute = name.rpartition(":")[2]  # without the namespace, as in xlink:href
            if value is None or (tag == "a" and attribute == "href"):
                continue
            if attribute in ("src", "href", "poster", "data"):
                self._keep(value)
            elif attribute in ("srcset", "imagesrcset"):
                for candidate in re.split(r",\s+|,(?=/|https?:)", value.strip()):
                    self._keep(candidate.split()[0] if candidate.strip() else "")
            elif attribute == "style":
                self.found += _IN_STYLES.findall(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element without content."""
        self.handle_starttag(tag, attrs)
        self._is_style = False

    def handle_endtag(self, tag: str) -> None:
        """Look for styles no longer."""
        self._is_style = False

    def handle_data(self, data: str) -> None:
        """Look at styles."""
        if self._is_style:
            self.found += _IN_STYLES.findall(data)

    def _keep(self, address: str) -> None:
        if _ELSEWHERE.match(address):
            self.found.append(address.strip())
