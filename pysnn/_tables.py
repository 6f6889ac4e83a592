"""Plain text tables of networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .layers import Linear

if TYPE_CHECKING:
    from .spiking_network import Population, Projection, SpikingNetwork

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""A header and rows of as many cells."""


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows in columns of equal width, the first left-aligned, the others right-aligned."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def spiking_network_table(snn: SpikingNetwork) -> str:
    """Return a table of a spiking network's populations."""
    rows: list[tuple[str, ...]] = [
        ("input", str(snn.input_shape), f"{snn.num_inputs:,}", "", "", "", "", "", "")
    ]
    rows += [_population_row(population) for population in snn.populations]
    header = (
        "population",
        "shape",
        "neurons",
        "sources",
        "threshold",
        "reset",
        "refractory",
        "weights",
        "scale",
    )
    title = f"SpikingNetwork: {len(snn.populations)} populations, precision {snn.precision}"
    return f"{title}\n{text_table(header, rows)}"


def _population_row(population: Population) -> tuple[str, ...]:
    period = population.refractory_period
    return (
        population.name,
        str(population.shape),
        f"{population.num_neurons:,}",
        ", ".join(_source_text(projection) for projection in population.projections),
        range_text(population.threshold),
        population.reset,
        f"{period:g} s" if period else "none",
        range_text(*(projection.weight for projection in population.projections)),
        "" if population.scale_factor is None else f"{population.scale_factor:.4g}",
    )


def _source_text(projection: Projection) -> str:
    kind = "" if isinstance(projection.layer, Linear) else f" ({type(projection.layer).__name__})"
    return f"{projection.source}{kind}"


def range_text(*arrays: NDArray[np.float32]) -> str:
    """Return the range of all values, or the value where there is but one."""
    low = min(float(array.min()) for array in arrays)
    high = max(float(array.max()) for array in arrays)
    return f"{low:.4g}" if low == high else f"{low:.4g} .. {high:.4g}"
