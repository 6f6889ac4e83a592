"""The few pieces of HTML that a report is made of."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: #1f2328;
  background: #f6f7f9; margin: 0; }
main { max-width: 74rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.25; margin: 0 0 .6rem; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; }
p { max-width: 52rem; margin: .5rem 0; }
.note { color: #59636e; font-size: .92rem; }
.warning { background: #fff4d6; border-left: 4px solid #b7791f; padding: .6rem 1rem;
  max-width: none; }
.card { background: #fff; border: 1px solid #d9dee3; border-radius: 8px; padding: 1rem 1.2rem;
  margin: .8rem 0; overflow-x: auto; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .8rem;
  margin: 1.2rem 0; }
.tile { background: #fff; border: 1px solid #d9dee3; border-radius: 8px; padding: .8rem 1.1rem; }
.tile b { display: block; font-size: 1.6rem; font-weight: 600; }
.tile span { color: #59636e; font-size: .92rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .95rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; white-space: nowrap; }
th, td { padding: .32rem .7rem; text-align: right; white-space: nowrap; }
th { white-space: normal; font-weight: 600; border-bottom: 2px solid #d9dee3;
  vertical-align: bottom; }
td { border-bottom: 1px solid #eceff2; }
tr:last-child td { border-bottom: none; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
table.text th, table.text td { text-align: left; white-space: normal; vertical-align: top; }
td small { color: #59636e; display: block; }
img { display: block; width: 100%; height: auto; }
pre, code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  font-size: .9em; }
pre { background: #fff; border: 1px solid #d9dee3; border-radius: 8px; padding: .8rem 1rem;
  overflow-x: auto; }
footer { margin-top: 3rem; }
"""

_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=(?:%|ms|s|Hz|points?)(?:\W|$))")


def page(title: str, body: str) -> str:
    """Return a whole HTML document that needs no other file."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def heading(text: str) -> str:
    """Return a section's heading."""
    return f"<h2>{escape(text)}</h2>"


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph; ``kind`` is ``"note"``, ``"warning"`` or empty."""
    attribute = f' class="{kind}"' if kind else ""
    return f"<p{attribute}>{escape(text)}</p>"


def preformatted(text: str) -> str:
    """Return text that is shown as it is, such as a command."""
    return f"<pre>{escape(text)}</pre>"


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "",
    text: bool = False,
) -> str:
    """Return a table in a card.

    A line break in a cell starts a small second line.

    Args:
        header: Column heads.
        rows: Cells of each row.
        caption: Words above the table.
        text: Whether the cells are words, which are aligned left and wrapped.
    """
    top = f"<caption>{escape(caption)}</caption>" if caption else ""
    head = "".join(f"<th>{escape(_kept_together(cell))}</th>" for cell in header)
    body = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    kind = ' class="text"' if text else ""
    return (
        f'<div class="card"><table{kind}>{top}\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def tiles(items: Sequence[tuple[str, str]]) -> str:
    """Return boxes of a large number and the words under it."""
    inner = "\n".join(
        f'<div class="tile"><b>{escape(value)}</b><span>{escape(words)}</span></div>'
        for value, words in items
    )
    return f'<div class="tiles">\n{inner}\n</div>'


def svg_figure(svg: bytes, alt: str) -> str:
    """Return a figure embedded in the page, with words for those who cannot see it."""
    data = base64.b64encode(svg).decode("ascii")
    return (
        f'<div class="card"><img alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}"></div>'
    )


def _cell(text: str) -> str:
    first, _, second = _kept_together(text).partition("\n")
    small = f"<small>{escape(second)}</small>" if second else ""
    return f"<td>{escape(first)}{small}</td>"


def _kept_together(text: str) -> str:
    # A line break between a number and its unit reads badly in a narrow column.
    return _NUMBER_AND_UNIT.sub("\N{NO-BREAK SPACE}", text)
