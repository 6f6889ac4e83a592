"""The few pieces of HTML that a report is made of."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from functools import singledispatch
from html import escape

from .document import Block, Command, Figure, Items, Panel, Paragraph, Part, Table

Pictures = Callable[[str], bytes | None]
"""Gives the SVG of a picture by its name; None where it could not be drawn."""

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
figure { margin: .8rem 0; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
  gap: .8rem; align-items: start; }
.panels .card { margin: 0; max-width: 38rem; }
figcaption { color: #59636e; font-size: .92rem; max-width: 52rem; margin-top: .4rem; }
ul { max-width: 52rem; margin: .3rem 0; padding-left: 1.3rem; }
li { margin: .25rem 0; }
nav { columns: 2 18rem; margin: 1.2rem 0; }
nav a { display: block; padding: .15rem 0; color: #0550ae; }
pre, code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  font-size: .9em; }
pre { background: #fff; border: 1px solid #d9dee3; border-radius: 8px; padding: .8rem 1rem;
  overflow-x: auto; }
@media (max-width: 40rem) {
  main { padding: 1rem .8rem 2rem; }
  h1 { font-size: 1.5rem; }
  .card { padding: .6rem .7rem; }
  th, td { padding: .28rem .45rem; }
}
@media print {
  body { background: #fff; font-size: 10pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  .card, .tile, pre, li { break-inside: avoid; }
  .card:has(tr:nth-child(16)) { break-inside: auto; }
  h2, caption { break-after: avoid; }
  .card { overflow: visible; padding: .4rem .5rem; }
  .panels { grid-template-columns: 1fr 1fr; }
  table { font-size: 8pt; }
  th, td { padding: .2rem .35rem; }
  pre { white-space: pre-wrap; }
}
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


def render_parts(parts: Sequence[Part], picture: Pictures) -> str:
    """Return parts under headings that `contents` links to.

    Args:
        parts: In the order of the page.
        picture: Gives the SVG of a picture by its name.
    """
    pieces = []
    for part in parts:
        pieces.append(f'<h2 id="{_anchor(part.title)}">{escape(part.title)}</h2>')
        pieces += [
            _figure(block, picture) if isinstance(block, Figure) else _render(block)
            for block in part.blocks
        ]
    return "\n".join(pieces)


def contents(parts: Sequence[Part]) -> str:
    """Return links to the parts."""
    links = (f'<a href="#{_anchor(part.title)}">{escape(part.title)}</a>' for part in parts)
    return "<nav>" + "\n".join(links) + "</nav>"


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph; ``kind`` is ``"note"``, ``"warning"`` or empty."""
    attribute = f' class="{kind}"' if kind else ""
    return f"<p{attribute}>{_with_code(text)}</p>"


def tiles(items: Sequence[tuple[str, str]]) -> str:
    """Return boxes of a large number and the words under it."""
    inner = "\n".join(
        f'<div class="tile"><b>{escape(value)}</b><span>{escape(words)}</span></div>'
        for value, words in items
    )
    return f'<div class="tiles">\n{inner}\n</div>'


@singledispatch
def _render(block: Block) -> str:
    raise TypeError(f"block is a {type(block).__name__}, which HTML has no form for")


@_render.register
def _(block: Paragraph) -> str:
    return paragraph(block.text, block.kind)


@_render.register
def _(block: Table) -> str:
    top = f"<caption>{escape(block.caption)}</caption>" if block.caption else ""
    head = "".join(f"<th>{escape(_kept_together(cell))}</th>" for cell in block.header)
    body = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in block.rows)
    kind = ' class="text"' if block.text else ""
    return (
        f'<div class="card"><table{kind}>{top}\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


@_render.register
def _(block: Items) -> str:
    return "<ul>" + "\n".join(f"<li>{_with_code(text)}</li>" for text in block.texts) + "</ul>"


@_render.register
def _(block: Command) -> str:
    return f"<pre>{escape(block.text)}</pre>"


def _figure(block: Figure, picture: Pictures) -> str:
    panels = "\n".join(_panel(panel, picture(panel.name)) for panel in block.panels)
    caption = f"<figcaption>{_with_code(block.caption)}</figcaption>" if block.caption else ""
    return f'<figure><div class="panels">{panels}</div>{caption}</figure>'


def _panel(panel: Panel, svg: bytes | None) -> str:
    if svg is None:
        return paragraph(f"{panel.alt} (not drawn)", "note")
    data = base64.b64encode(svg).decode("ascii")
    return (
        f'<div class="card"><img alt="{escape(panel.alt)}" '
        f'src="data:image/svg+xml;base64,{data}"></div>'
    )


def _cell(text: str) -> str:
    first, _, second = _kept_together(text).partition("\n")
    small = f"<small>{escape(second)}</small>" if second else ""
    return f"<td>{escape(first)}{small}</td>"


def _anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _with_code(text: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(_kept_together(text)))


def _kept_together(text: str) -> str:
    # A line break between a number and its unit reads badly in a narrow column.
    return _NUMBER_AND_UNIT.sub("\N{NO-BREAK SPACE}", text)
