"""A whole page: one file, which the browser is told to load nothing for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent
# The browser itself refuses whatever would need a network, or another file.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:"
)


def page(title: str, body: str, *, scripts: Iterable[str] = (), styles: Iterable[str] = ()) -> str:
    """Return an HTML document that needs no other file.

    Args:
        title: Title of the window, as text.
        body: What the page shows, as HTML.
        scripts: JavaScript that runs when the body is there, in order.
        styles: CSS besides what all pages share.
    """
    style = "\n".join([asset("style.css"), *styles])
    code = "".join(f"<script>{_inlined(script)}</script>\n" for script in scripts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{body}\n{code}</body>\n</html>\n"
    )


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "") -> str:
    """Return a table in a box of its own, in which wide ones move sideways under the finger.

    Args:
        header: Column heads, as text.
        rows: Cells of each row, as text.
        caption: Words above it, as text.
    """
    top = f"<caption><span>{escape(caption)}</span></caption>" if caption else ""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "\n".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(cell)}</th>' if i == 0 else f"<td>{escape(cell)}</td>"
            for i, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="card" tabindex="0"><table>{top}\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def asset(name: str) -> str:
    """Return the text of a file beside this one."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def _inlined(script: str) -> str:
    # The only words that could end the element are inside of strings, where this is the same.
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
