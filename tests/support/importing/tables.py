"""The tables of docs/importing."""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).resolve().parents[3] / "docs" / "importing"


def first_column(page: str, heading: str) -> list[str]:
    """Return what the rows of a table begin with, without the head.

    Args:
        page: Name of the page, such as ``"torch.md"``.
        heading: Heading of the section that the table is in.
    """
    text = (PAGES / page).read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [row.split("|")[1].strip() for row in rows[2:]]
