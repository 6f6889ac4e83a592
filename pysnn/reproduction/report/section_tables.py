"""Every number of every section as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..._base.files import write_text
from ..._base.tables import csv_text
from ..results import ReproduceResult

_NAMES = ("network", "normalization", "name", "margin", "population", "time_s")


def write_section_tables(result: ReproduceResult, folder: Path) -> None:
    """Write ``<section>.csv`` for each section: one row per number, with the way that leads to it.

    Args:
        result: What the run measured.
        folder: Where to write; tables of sections that did not run are removed.
    """
    for path in folder.glob("section-*.csv"):
        path.unlink()
    for name, data in result.sections.items():
        write_text(folder / f"section-{name}.csv", numbers_csv(data))


def numbers_csv(data: Any) -> str:
    """Return the numbers of a JSON value as rows of where they stand and what they are.

    Example:
        >>> print(numbers_csv({"cases": [{"name": "a", "spikes": [1.5, 2.0]}]}), end="")
        where,value
        cases/a/spikes/0,1.5
        cases/a/spikes/1,2.0
    """
    return csv_text(
        ("where", "value"), (("/".join(way), value) for way, value in _numbers(data, ()))
    )


def _numbers(data: Any, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int | float]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _numbers(value, (*way, str(key)))
    elif isinstance(data, list | tuple):
        for i, value in enumerate(data):
            yield from _numbers(value, (*way, _label(value) or str(i)))
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield way, data


def _label(value: Any) -> str:
    """Return the names that tell an entry of a list from the others, if it has some."""
    if not isinstance(value, dict):
        return ""
    return ",".join(str(value[name]) for name in _NAMES if value.get(name) is not None)
