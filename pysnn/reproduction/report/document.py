"""What a report is made of, before it becomes HTML or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """Words; ``kind`` is ``"note"``, ``"warning"`` or empty."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of cells; a line break in a cell starts a second, smaller line.

    Attributes:
        header: Column heads.
        rows: Cells of each row.
        caption: Words above the table.
        text: Whether the cells are words, which are aligned left and wrapped.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    text: bool = False


@dataclass(frozen=True)
class Panel:
    """One picture: the name of its file without ending, and words for those who cannot see it."""

    name: str
    alt: str


@dataclass(frozen=True)
class Figure:
    """Pictures that belong together, side by side where there is room."""

    panels: Sequence[Panel]
    caption: str = ""


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    texts: Sequence[str]


@dataclass(frozen=True)
class Command:
    """What to type in a shell."""

    text: str


@dataclass(frozen=True)
class Link:
    """Words that lead to another page, which is fetched only by a click."""

    text: str
    address: str


Block = Paragraph | Table | Figure | Items | Command


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it."""

    title: str
    blocks: Sequence[Block]


def experiment(
    title: str, *, asked: str, found: Sequence[Block], command: str, differs: Sequence[str]
) -> Part:
    """Return the part of one experiment, laid out like all others.

    Args:
        title: The heading.
        asked: The question.
        found: Figures, tables and what they say.
        command: The shell command that makes this part alone.
        differs: Sentences on what differs from the paper, and why.
    """
    blocks: list[Block] = [Paragraph(asked), *found]
    if differs:
        blocks += [Paragraph("Differences from the paper:"), Items(differs)]
    return Part(title, [*blocks, Paragraph("To run this part alone:"), Command(command)])
