"""A report as Markdown, as GitHub renders it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from .document import Block, Command, Figure, Items, Paragraph, Part, Table


def render_parts(parts: Sequence[Part]) -> str:
    """Return the parts as Markdown; pictures are ``figures/<name>.png``."""
    return "\n\n".join(text for part in parts for text in (f"## {part.title}", *_all(part.blocks)))


def row(cells: Sequence[str]) -> str:
    """Return one line of a table."""
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _all(blocks: Sequence[Block]) -> list[str]:
    return [_render(block) for block in blocks]


@singledispatch
def _render(block: Block) -> str:
    raise TypeError(f"block is a {type(block).__name__}, which Markdown has no form for")


@_render.register
def _(block: Paragraph) -> str:
    return f"**{block.text}**" if block.kind == "warning" else block.text


@_render.register
def _(block: Table) -> str:
    aligned = "---" if block.text else "---:"
    lines = [row(block.header), row(["---", *[aligned] * (len(block.header) - 1)])]
    lines += [row(cells) for cells in block.rows]
    caption = f"**{block.caption}**\n\n" if block.caption else ""
    return caption + "\n".join(lines)


@_render.register
def _(block: Figure) -> str:
    pictures = "\n".join(f"![{panel.alt}](figures/{panel.name}.png)" for panel in block.panels)
    return f"{pictures}\n\n{block.caption}" if block.caption else pictures


@_render.register
def _(block: Items) -> str:
    return "\n".join(f"- {text}" for text in block.texts)


@_render.register
def _(block: Command) -> str:
    return f"```sh\n{block.text}\n```"


def _cell(text: str) -> str:
    first, _, second = text.replace("|", "\\|").partition("\n")
    return f"{first} ({second})" if second and first else first or second
