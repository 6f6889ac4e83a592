"""An interactive page of curves: accuracy against what it costs, for each way of conversion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from .._base.tables import Table
from .interactive import choice, figure, interactive_page
from .page import table

Columns = Mapping[str, Sequence[float]]
"""Numbers of some points, by the keys of quantities and costs."""


@dataclass(frozen=True)
class Quantity:
    """What an axis can show.

    Attributes:
        key: Name of the column.
        name: Name for people, with its unit.
        digits: Digits behind the point.
        low: Column of the lower end of its interval; empty where it has none.
        high: Column of the upper end.
    """

    key: str
    name: str
    digits: int = 0
    low: str = ""
    high: str = ""


QUANTITIES = (
    Quantity("accuracy", "accuracy (%)", 2, "accuracy_low", "accuracy_high"),
    Quantity("loss", "points lost", 2, "loss_low", "loss_high"),
    Quantity("equal_share", "equal predictions (%)", 2),
)
COSTS = (
    Quantity("steps", "steps"),
    Quantity("mean_synaptic_operations", "synaptic operations per sample"),
    Quantity("mean_spikes", "spikes per sample", 1),
)
SHARES = frozenset(
    {
        *("accuracy", "accuracy_low", "accuracy_high", "equal_share"),
        *("loss", "loss_low", "loss_high"),
    }
)
"""Columns that are shares, and shown in percent or points."""


@dataclass(frozen=True)
class CurvesPage:
    """What a page of curves shows.

    Attributes:
        title: Its title.
        summary: Sentences below it.
        curves: Points of each curve, by its name.
        levels: The ReLU network's value of a quantity, by its key.
        tables: Tables below the figure, by their captions.
        notes: Lines at the end, such as what could not be converted.
        chosen: The point with a star; none if empty.
        fronts: Points of the best ones, by the key of the cost.
        cost: Key of the cost that is shown first.
    """

    title: str
    summary: Sequence[str]
    curves: Mapping[str, Columns]
    levels: Mapping[str, float]
    tables: Mapping[str, Table]
    notes: Sequence[str] = ()
    chosen: Columns = field(default_factory=dict)
    fronts: Mapping[str, Columns] = field(default_factory=dict)
    cost: str = "steps"

    def render(self) -> str:
        """Return the page.

        Raises:
            ImportError: plotly is not installed.
        """
        costs = [each.name for each in COSTS]
        first = [each.key for each in COSTS].index(self.cost)
        boxes = "".join(
            f'<label><input type="checkbox" id="curve{i}" checked>'
            f'<i class="line"></i> {escape(name)}</label>'
            for i, name in enumerate(self.curves)
        )
        body = [
            *(f'<p class="summary">{escape(line)}</p>' for line in self.summary),
            '<div class="controls">',
            choice("y", "Show", [each.name for each in QUANTITIES]),
            choice("x", "against", costs, first),
            "</div>",
            figure(
                "curves",
                f"{', '.join(self.curves)}: a curve each; the tables below have the numbers",
                "The dashed line is the ReLU network. Point at a mark for all of its numbers. Of "
                "up to four curves, bars are 95 % intervals over test sets of this size.",
            ),
            f'<fieldset id="shown"><legend>Curves</legend>{boxes}'
            '<button type="button" id="none">All or none</button></fieldset>',
            *(table(*each, caption=caption) for caption, each in self.tables.items()),
        ]
        if self.notes:
            items = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
            body.append(f"<ul>{items}</ul>")
        return interactive_page(self.title, "\n".join(body), self._data(), ["curves.js"])

    def _data(self) -> dict[str, Any]:
        return {
            "quantities": [vars(each) for each in QUANTITIES],
            "costs": [vars(each) for each in COSTS],
            "curves": [{"name": name, **_shown(columns)} for name, columns in self.curves.items()],
            "levels": dict(self.levels),
            "chosen": _shown(self.chosen) if self.chosen else None,
            "fronts": {key: _shown(each) for key, each in self.fronts.items()} or None,
        }


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[float]]:
    """Return the columns that a page shows, of rows by name."""
    keys = [each.key for each in (*QUANTITIES, *COSTS)]
    keys += [end for each in QUANTITIES for end in (each.low, each.high) if end]
    return {key: [row[key] for row in rows] for key in keys}


def _shown(columns: Columns) -> dict[str, list[float]]:
    return {
        key: [round(100 * value, 4) if key in SHARES else round(value, 2) for value in values]
        for key, values in columns.items()
    }
