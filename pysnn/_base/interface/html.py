"""Tables as HTML, for notebooks and pages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..tables import Table


def html_table(table: Table) -> str:
    """Return a table; every cell is escaped."""
    header, rows = table
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def html_view(title: str, *tables: Table, notes: Sequence[str] = ()) -> str:
    """Return what a notebook shows of an object.

    Args:
        title: Words above the tables.
        tables: Headers and rows.
        notes: Lines below them.
    """
    parts = [f"<p>{escape(title)}</p>", *map(html_table, tables)]
    parts += [f"<p>{escape(line)}</p>" for line in notes]
    return "<div>\n" + "\n".join(parts) + "\n</div>"
