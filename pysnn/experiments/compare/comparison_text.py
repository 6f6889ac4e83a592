"""A comparison of conversions as text."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..._base.formats import points
from ..._base.interface.html import html_view
from ..._base.tables import Table, text_table
from .counts import ComparedCounts


def comparison_text(comparison: ComparedCounts) -> str:
    """Return the tables of a comparison as text."""
    parts = [headline(comparison)]
    parts += [text_table(*table) for table in comparison_tables(comparison)]
    if comparison.refusals:
        lines = [f"  {name}: {reason}" for name, reason in comparison.refusals]
        parts.append("\n".join(["not converted", *lines]))
    return "\n\n".join(parts)


def comparison_view(comparison: ComparedCounts) -> str:
    """Return what a notebook shows: the tables, without a figure."""
    notes = [f"not converted: {name}: {reason}" for name, reason in comparison.refusals]
    return html_view(headline(comparison), *comparison_tables(comparison), notes=notes)


def headline(comparison: ComparedCounts) -> str:
    """Return what was simulated, and the ReLU network's accuracy."""
    low, high = comparison.ann_interval
    return (
        f"{comparison.num_samples:,} samples; ReLU network: {comparison.ann_accuracy:.2%} correct "
        f"({100 * low:.2f} to {100 * high:.2f})"
    )


def comparison_tables(comparison: ComparedCounts) -> list[Table]:
    """Return the tables of a comparison, a row for each way of conversion."""
    low, high = comparison.loss_interval
    return [
        _table(comparison, "accuracy (%)", comparison.accuracy, lambda v: f"{100 * v:.2f}"),
        _table(comparison, "points lost", comparison.loss, points),
        _table(comparison, "... +- at 95 %", (high - low) / 2, lambda v: f"{100 * v:.2f}"),
        _table(
            comparison, "equal predictions (%)", comparison.equal_share, lambda v: f"{100 * v:.2f}"
        ),
        _table(comparison, "spikes per sample", comparison.mean_spikes, _count),
        _table(comparison, "operations per sample", comparison.mean_synaptic_operations, _count),
    ]


def _table(
    comparison: ComparedCounts, head: str, values: NDArray[np.float64], text: Callable[[float], str]
) -> Table:
    header = (head, *(f"{steps}" for steps in comparison.steps))
    return header, [
        (name, *(text(float(value)) for value in row))
        for name, row in zip(comparison.names, values, strict=True)
    ]


def _count(value: float) -> str:
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"
