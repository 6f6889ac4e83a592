"""The few pieces of HTML that a report is made of."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from functools import singledispatch
from html import escape
from pathlib import Path

from ...pages import page as pages
from .chapters import Chapter
from .document import Block, Command, Figure, Items, Link, Panel, Paragraph, Part, Table
from .methods import colour_of_title

Pictures = Callable[[str], bytes | None]
"""Gives the SVG of a picture by its name; None where it could not be drawn."""

_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=(?:%|ms|s|Hz|points?)(?:\W|$))")


def page(title: str, body: str) -> str:
    """Return a whole HTML document that needs no other file."""
    return pages.page(title, body, scripts=[_asset("page.js")], styles=[_asset("page.css")])


def render_chapter(chapter: Chapter, parts: Sequence[Part], picture: Pictures) -> str:
    """Return parts under the heading of their chapter, folded.

    Args:
        chapter: The chapter.
        parts: Its parts, in the order of the page.
        picture: Gives the SVG of a picture by its name.
    """
    titles = escape(" \N{MIDDLE DOT} ".join(part.title for part in parts))
    pieces = [
        f'<details class="chapter" id="{_chapter_anchor(chapter)}">',
        f"<summary><h2>{escape(chapter.value)}</h2><span>{titles}</span></summary>",
    ]
    for part in parts:
        pieces.append(f'<h3 id="{_anchor(part.title)}">{escape(part.title)}</h3>')
        pieces += [render_block(block, picture) for block in part.blocks]
    return "\n".join([*pieces, "</details>"])


def render_block(block: Block, picture: Pictures) -> str:
    """Return one block."""
    return _figure(block, picture) if isinstance(block, Figure) else _render(block)


def contents(chapters: Mapping[Chapter, Sequence[Part]]) -> str:
    """Return links to the chapters and their parts, which stay in sight."""
    pieces = ['<a href="#top">Result</a>']
    for chapter, parts in chapters.items():
        pieces.append(_link(_chapter_anchor(chapter), chapter.value))
        inner = "".join(_link(_anchor(part.title), part.title) for part in parts)
        pieces.append(f'<div class="parts">{inner}</div>')
    return '<nav aria-label="Chapters">' + "\n".join(pieces) + "</nav>"


def facts(items: Sequence[tuple[str, str | Link]]) -> str:
    """Return names with their values."""
    rows = (f"<dt>{escape(name)}</dt><dd>{_value(value)}</dd>" for name, value in items)
    return f'<dl class="facts">{"".join(rows)}</dl>'


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph; ``kind`` is ``"note"``, ``"warning"`` or empty."""
    attribute = f' class="{kind}"' if kind else ""
    return f"<p{attribute}>{_with_code(text)}</p>"


@singledispatch
def _render(block: Block) -> str:
    raise TypeError(f"block is a {type(block).__name__}, which HTML has no form for")


@_render.register
def _(block: Paragraph) -> str:
    return paragraph(block.text, block.kind)


@_render.register
def _(block: Table) -> str:
    top = f"<caption><span>{escape(block.caption)}</span></caption>" if block.caption else ""
    head = "".join(f'<th scope="col">{escape(_kept_together(cell))}</th>' for cell in block.header)
    body = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in block.rows)
    kind = ' class="text"' if block.text else ""
    return (
        f'<div class="card" tabindex="0"><table{kind}>{top}\n<thead><tr>{head}</tr></thead>\n'
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
    columns = {1: 1, 3: 3}.get(len(block.panels), 2)
    return f'<figure><div class="panels of{columns}">{panels}</div>{caption}</figure>'


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
    method = colour_of_title(text.partition("\n")[0])
    swatch = f'<i class="swatch" style="background:{method}"></i>' if method else ""
    return f"<td>{swatch}{escape(first)}{small}</td>"


def _link(anchor: str, title: str) -> str:
    return f'<a href="#{anchor}">{escape(title)}</a>'


def _chapter_anchor(chapter: Chapter) -> str:
    # A part may have the words of its chapter.
    return f"chapter-{_anchor(chapter.value)}"


def _value(value: str | Link) -> str:
    if isinstance(value, Link):
        return f'<a href="{escape(value.address)}">{escape(value.text)}</a>'
    return _with_code(value)


def _asset(name: str) -> str:
    return (Path(__file__).resolve().parent / name).read_text(encoding="utf-8")


def _anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _with_code(text: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(_kept_together(text)))


def _kept_together(text: str) -> str:
    # A line break between a number and its unit reads badly in a narrow column.
    return _NUMBER_AND_UNIT.sub("\N{NO-BREAK SPACE}", text)
