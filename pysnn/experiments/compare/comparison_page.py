"""A comparison of conversions as an interactive page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...pages.curves import CurvesPage, columns_of
from .comparison_text import comparison_tables, headline
from .counts import ComparedCounts


def comparison_page(comparison: ComparedCounts, rows: Sequence[Mapping[str, Any]]) -> CurvesPage:
    """Return what the page of a comparison shows.

    Args:
        comparison: The comparison.
        rows: All that is known of each way after each number of steps.
    """
    tables = {}
    for header, cells in comparison_tables(comparison):
        tables[f"{header[0].removeprefix('... ')} after so many steps"] = (
            ("recipe", *header[1:]),
            cells,
        )
    return CurvesPage(
        title="Conversions compared",
        summary=[headline(comparison)],
        curves={
            name: columns_of([row for row in rows if row["recipe"] == name])
            for name in comparison.names
        },
        levels={"accuracy": 100 * comparison.ann_accuracy, "loss": 0.0},
        tables=tables,
        notes=[f"Not converted: {name}: {reason}" for name, reason in comparison.refusals],
    )
