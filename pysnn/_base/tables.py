"""Tables as plain text and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""A header and rows of as many cells."""


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]], num_left: int = 1) -> str:
    """Return rows in columns of equal width, the first ones left-aligned, the others at the right.

    Args:
        header: Names of the columns.
        rows: As many cells each.
        num_left: Number of left-aligned columns.
    """
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < num_left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def csv_text(header: Iterable[object] | None, rows: Iterable[Iterable[object]]) -> str:
    """Return a header, where there is one, and rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header is not None:
        writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def range_text(*arrays: NDArray[np.float32]) -> str:
    """Return the range of all values, or the value where there is but one."""
    low = min(float(array.min()) for array in arrays)
    high = max(float(array.max()) for array in arrays)
    return f"{low:.4g}" if low == high else f"{low:.4g} .. {high:.4g}"
