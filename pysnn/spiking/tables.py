"""The table that a spiking network is shown as."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .._base.tables import range_text, text_table
from ..nodes import Shape
from .population import Population


def spiking_network_table(
    input_shape: Shape, populations: Sequence[Population], precision: str
) -> str:
    """Return a table of a spiking network's populations."""
    rows: list[tuple[str, ...]] = [
        ("input", str(input_shape), f"{math.prod(input_shape):,}", "", "", "", "", "", "")
    ]
    rows += [_population_row(population) for population in populations]
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
    title = f"SpikingNetwork: {len(populations)} populations, precision {precision}"
    return f"{title}\n{text_table(header, rows)}"


def _population_row(population: Population) -> tuple[str, ...]:
    period = population.refractory_period
    return (
        population.name,
        str(population.shape),
        f"{population.num_neurons:,}",
        ", ".join(each.layer.projection_text(each.source) for each in population.projections),
        range_text(population.threshold),
        population.reset,
        f"{period:g} s" if period else "none",
        range_text(*(projection.weight for projection in population.projections)),
        "" if population.scale_factor is None else f"{population.scale_factor:.4g}",
    )
